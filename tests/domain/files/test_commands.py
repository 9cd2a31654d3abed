"""Registering files and setting their metadata and attributes."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived, AssetNotFound
from domain.databases.errors import DatabaseNotFound
from domain.errors import Invalid, LimitExceeded, RevisionMismatch
from domain.files.commands import ObservedFile, register_files, remove_file_metadata, set_file_metadata
from domain.files.errors import FileExtensionRefused, FileNotFound
from domain.files.events import (
    FileAttributesRemoved,
    FileAttributesSet,
    FileMetadataRemoved,
    FileMetadataSet,
    FileVersionObserved,
)
from domain.files.paths import PathInvalid
from domain.metadata import MetadataInvalid
from domain.stream import Outcome
from tests.domain.library import (
    ASSET,
    entry,
    given_asset,
    given_database,
    given_file,
    order,
    recording,
    refused,
    stored,
)
from tests.doubles.memory_ledger import MemoryLedger

KEY = ("shows", "shot_010", "a.exr")
FILE: Any = {**ASSET, "path": "a.exr"}


def _register(ledger: MemoryLedger, *paths: str, version: str = "v1", asset_id: str = "shot_010") -> Outcome:
    files = [ObservedFile(path, stored(path, version)) for path in paths]
    return register_files(ledger, "shows", asset_id, files=files, order=order())


def test_files_are_registered_in_one_transaction(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        outcome = _register(shot, "/a.exr", "b/c.exr")
    assert then.events == [
        FileVersionObserved(**ASSET, path="a.exr", stored=stored("/a.exr")),
        FileVersionObserved(**ASSET, path="b/c.exr", stored=stored("b/c.exr")),
    ]
    assert outcome.result == {"registered": "2"}
    assert outcome.position == then.entries[-1].position


def test_a_known_version_is_passed_over(shot: MemoryLedger) -> None:
    _register(shot, "a.exr")
    with recording(shot) as then:
        outcome = _register(shot, "a.exr", "b.exr")
    assert then.events == [FileVersionObserved(**ASSET, path="b.exr", stored=stored("b.exr"))]
    assert outcome.result == {"registered": "1"}
    with recording(shot) as then:
        assert _register(shot, "a.exr", "b.exr").result == {"registered": "0"}
    assert then.events == []


def test_another_version_is_another_event_of_the_same_stream(shot: MemoryLedger) -> None:
    _register(shot, "a.exr")
    with recording(shot) as then:
        _register(shot, "a.exr", version="v2")
    assert [recorded.revision for recorded in then.entries] == [2]


def test_ten_thousand_files_are_one_call_and_one_more_is_refused(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        assert _register(shot, *(f"{n}.exr" for n in range(10_000))).result == {"registered": "10000"}
    assert len(then.events) == 10_000
    with refused(shot, LimitExceeded, "files"):
        _register(shot, *(f"{n}.exr" for n in range(10_001)))


def test_no_file_a_bad_path_or_a_repeated_one_is_refused(shot: MemoryLedger) -> None:
    with refused(shot, Invalid, "files"):
        _register(shot)
    with refused(shot, PathInvalid, "files", "1", "path"):
        _register(shot, "a.exr", "../b.exr")
    with refused(shot, Invalid, "files", "1", "path"):
        _register(shot, "a.exr", "/a.exr")


def test_a_database_takes_its_own_extensions_in_any_case(ledger: MemoryLedger) -> None:
    given_database(ledger, restrict_file_uploads_to_extensions=(".exr", ".JPG"))
    given_asset(ledger)
    with recording(ledger) as then:
        _register(ledger, "a.EXR", "b.jpg")
    assert len(then.events) == 2
    with refused(ledger, FileExtensionRefused, "files", "1", "path"):
        _register(ledger, "c.exr", "d.png")
    with refused(ledger, FileExtensionRefused, "files", "0", "path"):
        _register(ledger, "exr")


def test_the_extension_all_lifts_the_restriction(ledger: MemoryLedger) -> None:
    given_database(ledger, restrict_file_uploads_to_extensions=(".exr", ".all"))
    given_asset(ledger)
    with recording(ledger) as then:
        _register(ledger, "d.png", "README")
    assert len(then.events) == 2


def test_files_of_an_unknown_or_archived_asset_are_refused(shot: MemoryLedger) -> None:
    with refused(shot, AssetNotFound, "assetId"):
        _register(shot, "a.exr", asset_id="shot_099")
    with refused(shot, DatabaseNotFound, "databaseId"):
        register_files(shot, "plates", "shot_010", files=[ObservedFile("a", stored("a"))], order=order())
    archive_asset(shot, "shows", "shot_010", order=order())
    with refused(shot, AssetAlreadyArchived, "assetId"):
        _register(shot, "a.exr")


def test_metadata_and_attributes_are_kept_apart(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    with recording(shot) as then:
        set_file_metadata(shot, KEY, entries=[entry("note", "x")], order=order())
        set_file_metadata(shot, KEY, entries=[entry("note", "x")], attributes=True, order=order())
        set_file_metadata(shot, KEY, entries=[entry("note", "x")], order=order())
    assert then.events == [
        FileMetadataSet(**FILE, entries=(entry("note", "x"),)),
        FileAttributesSet(**FILE, entries=(entry("note", "x"),)),
    ]


@pytest.mark.parametrize(
    ("attributes", "removed", "given"),
    [(False, FileMetadataRemoved, FileMetadataSet), (True, FileAttributesRemoved, FileAttributesSet)],
)
def test_entries_are_replaced_and_removed(shot: MemoryLedger, attributes: bool, removed: Any, given: Any) -> None:
    given_file(shot, "a.exr")
    set_file_metadata(shot, KEY, entries=[entry("a", "1"), entry("b", "2")], attributes=attributes, order=order())
    with recording(shot) as then:
        set_file_metadata(shot, KEY, entries=[entry("b", "3")], replace_all=True, attributes=attributes, order=order())
        remove_file_metadata(shot, KEY, keys=["a", "b"], attributes=attributes, order=order())
        remove_file_metadata(shot, KEY, keys=["b"], attributes=attributes, order=order())
    assert then.events == [
        removed(**FILE, keys=("a",)),
        given(**FILE, entries=(entry("b", "3"),)),
        removed(**FILE, keys=("b",)),
    ]


def test_entries_of_what_is_not_there_or_may_not_change_are_refused(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    with refused(shot, FileNotFound, "path"):
        set_file_metadata(shot, (*KEY[:2], "b.exr"), entries=[entry("a", "1")], order=order())
    with refused(shot, FileNotFound, "path"):
        remove_file_metadata(shot, (*KEY[:2], "b.exr"), keys=["a"], order=order())
    with refused(shot, PathInvalid, "path"):
        set_file_metadata(shot, (*KEY[:2], ""), entries=[entry("a", "1")], order=order())
    with refused(shot, AssetNotFound, "assetId"):
        set_file_metadata(shot, ("shows", "shot_099", "a.exr"), entries=[entry("a", "1")], order=order())
    with refused(shot, MetadataInvalid, "entries", "0", "key"):
        set_file_metadata(shot, KEY, entries=[entry("", "1")], order=order())
    with refused(shot, RevisionMismatch, "expectedRevision"):
        set_file_metadata(shot, KEY, entries=[entry("a", "1")], order=order(expected_revision=2))
    archive_asset(shot, "shows", "shot_010", order=order())
    with refused(shot, AssetAlreadyArchived, "assetId"):
        remove_file_metadata(shot, KEY, keys=["a"], order=order())
