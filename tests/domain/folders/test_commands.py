"""Folders that somebody makes and forgets."""

from __future__ import annotations

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived
from domain.files.paths import PathInvalid
from domain.folders.commands import create_folder, delete_folder
from domain.folders.errors import FolderAlreadyExists, FolderNotFound
from domain.folders.events import FolderCreated, FolderDeleted
from tests.domain.library import ASSET, given_file, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

SHOT = ("shows", "shot_010")


def test_a_folder_is_made_forgotten_and_made_again(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        create_folder(shot, (*SHOT, "plates/left/"), order=order())
        delete_folder(shot, (*SHOT, "/plates/left"), order=order())
        create_folder(shot, (*SHOT, "plates/left"), order=order())
    folder = {**ASSET, "path": "plates/left"}
    assert then.events == [FolderCreated(**folder), FolderDeleted(**folder), FolderCreated(**folder)]


def test_what_is_there_is_not_made_and_what_was_not_made_is_not_forgotten(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    create_folder(shot, (*SHOT, "plates"), order=order())
    for path in ("plates", "a.exr"):
        with refused(shot, FolderAlreadyExists, "path"):
            create_folder(shot, (*SHOT, path), order=order())
    with refused(shot, FolderNotFound, "path"):
        delete_folder(shot, (*SHOT, "other"), order=order())
    with refused(shot, PathInvalid, "path"):
        create_folder(shot, (*SHOT, "a/../b"), order=order())


def test_an_archived_asset_keeps_its_folders(shot: MemoryLedger) -> None:
    create_folder(shot, (*SHOT, "plates"), order=order())
    archive_asset(shot, *SHOT, order=order())
    with refused(shot, AssetAlreadyArchived, "assetId"):
        create_folder(shot, (*SHOT, "more"), order=order())
    with refused(shot, AssetAlreadyArchived, "assetId"):
        delete_folder(shot, (*SHOT, "plates"), order=order())
