"""Archiving, unarchiving and deleting files in bulk."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived, AssetNotFound
from domain.comments.commands import create_comment
from domain.comments.errors import AnchorInvalid
from domain.comments.events import Anchor
from domain.errors import Invalid, LimitExceeded
from domain.files.commands import ObservedFile, register_files, set_file_metadata
from domain.files.errors import (
    DeletionNotConfirmed,
    FileAlreadyArchived,
    FileBeingErased,
    FileNotArchived,
    FileNotFound,
)
from domain.files.events import FileArchived, FileErased, FilePermanentlyDeleted, FileUnarchived
from domain.files.file import FILES
from domain.files.lifecycle import (
    SkipReason,
    archive_files,
    delete_files_permanently,
    record_files_erased,
    skipped,
    unarchive_files,
)
from domain.files.paths import PathInvalid
from domain.stream import Outcome
from tests.domain.library import ASSET, entry, given_file, order, recording, refused, stored
from tests.doubles.memory_ledger import MemoryLedger

SHOT = ("shows", "shot_010")


def _archive(ledger: MemoryLedger, *paths: str, **given: Any) -> Outcome:
    return archive_files(ledger, *SHOT, paths=paths, order=order(), **given)


def _unarchive(ledger: MemoryLedger, *paths: str) -> Outcome:
    return unarchive_files(ledger, *SHOT, paths=paths, order=order())


def _delete(ledger: MemoryLedger, *paths: str, is_confirmed: bool = True, **given: Any) -> Outcome:
    return delete_files_permanently(ledger, *SHOT, paths=paths, is_confirmed=is_confirmed, order=order(), **given)


def _erased(ledger: MemoryLedger, *paths: str) -> None:
    record_files_erased(ledger, *SHOT, paths=paths, order=order())


def test_files_are_archived_in_one_transaction_and_others_reported(shot: MemoryLedger) -> None:
    for path in ("a.exr", "b.exr", "c.exr"):
        given_file(shot, path)
    _archive(shot, "b.exr")
    with recording(shot) as then:
        outcome = _archive(shot, "/a.exr", "b.exr", "gone.exr", "c.exr", reason="Wrapped")
    assert then.events == [
        FileArchived(**ASSET, path="a.exr", reason="Wrapped"),
        FileArchived(**ASSET, path="c.exr", reason="Wrapped"),
    ]
    assert outcome.result["changed"] == "2"
    assert skipped(outcome.result) == [("b.exr", SkipReason.ALREADY_ARCHIVED), ("gone.exr", SkipReason.NOT_FOUND)]


def test_previews_follow_their_file_out_and_back_and_only_those_that_followed(shot: MemoryLedger) -> None:
    for path in ("a.exr", "a.exr.previewFile.png", "a.exr.previewFile.svg"):
        given_file(shot, path)
    _archive(shot, "a.exr.previewFile.svg")
    with recording(shot) as then:
        assert _archive(shot, "a.exr").result["changed"] == "2"
    assert then.events == [
        FileArchived(**ASSET, path="a.exr"),
        FileArchived(**ASSET, path="a.exr.previewFile.png", with_path="a.exr"),
    ]
    with recording(shot) as then:
        _unarchive(shot, "a.exr")
    assert then.events == [
        FileUnarchived(**ASSET, path="a.exr"),
        FileUnarchived(**ASSET, path="a.exr.previewFile.png", with_path="a.exr"),
    ]


def test_a_preview_that_is_named_beside_its_file_follows_it(shot: MemoryLedger) -> None:
    for path in ("a.exr", "a.exr.previewFile.png"):
        given_file(shot, path)
    with recording(shot) as then:
        _archive(shot, "a.exr.previewFile.png", "a.exr")
    assert FileArchived(**ASSET, path="a.exr.previewFile.png", with_path="a.exr") in then.events
    _unarchive(shot, "a.exr")
    assert not _state(shot, "a.exr.previewFile.png").is_archived
    _archive(shot, "a.exr.previewFile.png")
    _unarchive(shot, "a.exr.previewFile.png")
    assert not _state(shot, "a.exr.previewFile.png").is_archived


def _state(ledger: MemoryLedger, path: str) -> Any:
    return ledger.load(FILES, *SHOT, path).state


def test_an_archived_file_takes_no_version_and_no_entry(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    _archive(shot, "a.exr")
    late = [ObservedFile("a.exr", stored("a.exr", "v2"))]
    with refused(shot, FileAlreadyArchived, "files", "0", "path"):
        register_files(shot, *SHOT, files=late, order=order())
    with refused(shot, FileAlreadyArchived, "path"):
        set_file_metadata(shot, (*SHOT, "a.exr"), entries=[entry("lens", "35")], order=order())
    _unarchive(shot, "a.exr")
    assert register_files(shot, *SHOT, files=late, order=order()).result == {"registered": "1"}


def test_ten_thousand_files_are_archived_by_one_call(shot: MemoryLedger) -> None:
    paths = [f"{n}.exr" for n in range(10_000)]
    register_files(shot, *SHOT, files=[ObservedFile(p, stored(p)) for p in paths], order=order())
    assert _archive(shot, *paths).result == {"changed": "10000", "skipped": "[]"}
    with refused(shot, LimitExceeded, "paths"):
        _archive(shot, *(f"{n}.exr" for n in range(10_001)))


def test_what_leaves_nothing_to_do_is_refused_with_the_first_reason(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    with refused(shot, FileNotFound, "paths", "0"):
        _archive(shot, "gone.exr")
    with refused(shot, FileNotArchived, "paths", "0"):
        _unarchive(shot, "a.exr")
    _archive(shot, "a.exr")
    with refused(shot, FileAlreadyArchived, "paths", "0"):
        _archive(shot, "a.exr", "gone.exr")
    with refused(shot, FileNotFound, "paths", "0"):
        _delete(shot, "gone.exr")
    with refused(shot, PathInvalid, "paths", "1"):
        _archive(shot, "a.exr", "../a.exr")
    with refused(shot, Invalid, "paths"):
        _archive(shot)
    with refused(shot, Invalid, "paths", "1"):
        _archive(shot, "a.exr", "/a.exr")
    with refused(shot, Invalid, "reason"):
        _archive(shot, "a.exr", reason="x" * 257)


def test_files_of_an_archived_or_unknown_asset_are_left_as_they_are(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    with refused(shot, AssetNotFound, "assetId"):
        archive_files(shot, "shows", "gone", paths=["a.exr"], order=order())
    archive_asset(shot, *SHOT, order=order())
    with refused(shot, AssetAlreadyArchived, "assetId"):
        _archive(shot, "a.exr")
    with refused(shot, AssetAlreadyArchived, "assetId"):
        _unarchive(shot, "a.exr")
    with refused(shot, AssetAlreadyArchived, "assetId"):
        _delete(shot, "a.exr")


def test_an_idempotency_key_gives_the_same_report_again(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    keyed = order(idempotency_key="k", fingerprint="f")
    first = archive_files(shot, *SHOT, paths=["a.exr", "gone.exr"], order=keyed)
    with recording(shot) as then:
        again = archive_files(shot, *SHOT, paths=["a.exr", "gone.exr"], order=keyed)
    assert (then.events, again.result, again.replayed) == ([], first.result, True)


def test_a_deletion_takes_files_in_any_state_with_their_previews(shot: MemoryLedger) -> None:
    for path in ("a.exr", "a.exr.previewFile.png", "b.exr"):
        given_file(shot, path)
    _archive(shot, "b.exr")
    with recording(shot) as then:
        assert _delete(shot, "a.exr", "b.exr", reason="Wrong").result["changed"] == "3"
    assert then.events == [
        FilePermanentlyDeleted(**ASSET, path="a.exr", reason="Wrong"),
        FilePermanentlyDeleted(**ASSET, path="b.exr", reason="Wrong"),
        FilePermanentlyDeleted(**ASSET, path="a.exr.previewFile.png", reason="Wrong", with_path="a.exr"),
    ]


def test_a_deletion_has_to_be_confirmed(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    with refused(shot, DeletionNotConfirmed, "confirmPermanentDelete"):
        _delete(shot, "a.exr", is_confirmed=False)


def test_nothing_of_a_deleted_file_is_left_for_a_new_one(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    set_file_metadata(shot, (*SHOT, "a.exr"), entries=[entry("lens", "35")], order=order())
    _delete(shot, "a.exr")
    with refused(shot, FileNotFound, "path"):
        set_file_metadata(shot, (*SHOT, "a.exr"), entries=[entry("lens", "35")], order=order())
    with refused(shot, AnchorInvalid, "path"):
        create_comment(shot, (*SHOT, "c1"), comment_body="Hm", anchor=Anchor(path="a.exr"), order=order())
    with refused(shot, FileBeingErased, "files", "0", "path"):
        given_file(shot, "a.exr", "v2")
    with recording(shot) as then:
        _erased(shot, "a.exr", "gone.exr")
        _erased(shot, "a.exr")
    assert then.events == [FileErased(**ASSET, path="a.exr")]
    with refused(shot, FileBeingErased, "files", "0", "path"):
        given_file(shot, "a.exr", "v1")
    given_file(shot, "a.exr", "v2")
    file = _state(shot, "a.exr")
    assert (file.versions, file.metadata, file.deletions) == (frozenset({"v2"}), {}, 1)


def test_what_was_looked_up_before_a_deletion_is_not_registered_after_it(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    _delete(shot, "a.exr")
    _erased(shot, "a.exr")
    late = ObservedFile("a.exr", stored("a.exr", "v2"), deletions=0)
    with refused(shot, FileBeingErased, "files", "0", "path"):
        register_files(shot, *SHOT, files=[late], order=order())


@pytest.mark.parametrize(("path", "base"), [("a.exr.previewFile.png", "a.exr"), ("x/.previewFile.gif", None)])
def test_a_preview_is_known_by_its_name(path: str, base: str | None) -> None:
    from domain.files.previews import base_of

    assert base_of(path) == base
