"""What a transfer records file by file, and which of two that race at one path stays."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.event import Event
from domain.files.commands import ObservedFile, register_files, set_file_metadata, set_primary_type
from domain.files.errors import FileNotFound
from domain.files.events import (
    FileAttributesSet,
    FileCopied,
    FileMetadataSet,
    FileMoved,
    FileMovedAway,
    FilePlace,
    FilePrimaryTypeSet,
)
from domain.files.lifecycle import archive_files, delete_files_permanently
from domain.metadata import MetadataEntry
from domain.schemas.errors import MetadataNotCompliant
from domain.stream import Outcome
from domain.transfers.commands import FilePair, WantedTransfer, request_transfer
from domain.transfers.errors import FileTransferNotFound
from domain.transfers.events import (
    AssetTransferClosed,
    FileTransferAdvanced,
    FileTransferCompleted,
    MetadataPolicy,
    TransferFailure,
    TransferFailureCode,
    TransferKind,
)
from domain.transfers.obstacles import obstacles
from domain.transfers.recording import (
    complete_transfer,
    give_up_transfer,
    record_copies,
    record_failures,
)
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
from tests.domain.schemas.describing import FILES, NUMBER, given_schema, one
from tests.doubles.memory_ledger import MemoryLedger

SHOT, OTHER = ("shows", "shot_010"), ("shows", "shot_020")
TRANSFER: Any = {
    "transfer_id": "t1",
    **ASSET,
    "destination_database_id": "shows",
    "destination_asset_id": "shot_020",
}
THERE: Any = {"database_id": "shows", "asset_id": "shot_020"}


@pytest.fixture
def files(shot: MemoryLedger) -> MemoryLedger:
    """Two assets; shot_010 has a.exr with an entry and an attribute, and b.exr."""
    given_asset(shot, "shot_020")
    for path in ("a.exr", "b.exr"):
        given_file(shot, path)
    set_file_metadata(shot, (*SHOT, "a.exr"), entries=[entry("take", "1")], order=order())
    set_file_metadata(shot, (*SHOT, "a.exr"), entries=[entry("codec", "zip")], attributes=True, order=order())
    return shot


def ask(ledger: MemoryLedger, kind: TransferKind, *paths: str, **values: Any) -> None:
    pairs = [FilePair(path, f"old/{path}") for path in paths]
    request_transfer(ledger, "t1", WantedTransfer(kind, SHOT, OTHER, pairs, **values), order=order())


def arrive(ledger: MemoryLedger, *numbers: int, transfer_id: str = "t1") -> Outcome:
    copies = {number: stored(f"old/{number}", f"w{number}") for number in numbers}
    return record_copies(ledger, transfer_id, copies, order=order())


def failure(number: int, code: TransferFailureCode, message: str) -> TransferFailure:
    return TransferFailure(number=number, code=code, message=message)


def test_a_moved_file_is_there_with_its_entries_and_no_longer_here(files: MemoryLedger) -> None:
    ask(files, TransferKind.MOVE, "a.exr")
    with recording(files) as then:
        arrive(files, 0)
    destination = FilePlace(**THERE, path="old/a.exr")
    assert then.events == [
        FileMoved(
            **THERE,
            path="old/a.exr",
            stored=stored("old/0", "w0"),
            transfer_id="t1",
            source=FilePlace(**ASSET, path="a.exr"),
            source_version_id="v1",
        ),
        FileMetadataSet(**THERE, path="old/a.exr", entries=(entry("take", "1"),)),
        FileAttributesSet(**THERE, path="old/a.exr", entries=(entry("codec", "zip"),)),
        FileMovedAway(
            **ASSET,
            path="a.exr",
            transfer_id="t1",
            destination=destination,
            metadata_keys=("take",),
            attribute_keys=("codec",),
        ),
        FileTransferAdvanced(**TRANSFER, done=(0,)),
    ]
    with refused(files, FileNotFound, "path"):
        set_file_metadata(files, (*SHOT, "a.exr"), entries=[entry("take", "2")], order=order())


def test_a_copy_has_what_the_source_had_when_it_was_asked_for(files: MemoryLedger) -> None:
    ask(files, TransferKind.COPY, "a.exr")
    set_file_metadata(files, (*SHOT, "a.exr"), entries=[entry("take", "2")], order=order())
    given_file(files, "a.exr", "v2")
    with recording(files) as then:
        arrive(files, 0)
    arrived, metadata, attributes, advanced = then.events
    assert isinstance(arrived, FileCopied)
    assert (arrived.source_version_id, arrived.stored.s3_version_id) == ("v1", "w0")
    assert metadata == FileMetadataSet(**THERE, path="old/a.exr", entries=(entry("take", "1"),))
    assert isinstance(attributes, FileAttributesSet)
    assert advanced == FileTransferAdvanced(**TRANSFER, done=(0,))


def test_what_is_recorded_is_not_recorded_again(files: MemoryLedger) -> None:
    ask(files, TransferKind.MOVE, "a.exr", "b.exr")
    arrive(files, 0)
    with recording(files) as then:
        arrive(files, 0)
        record_failures(files, "t1", [failure(0, TransferFailureCode.STORE_REJECTED, "No.")], order=order())
        complete_transfer(files, "t1", order=order())
    assert then.events == []
    arrive(files, 1)
    complete_transfer(files, "t1", order=order())
    with recording(files) as then:
        arrive(files, 0, 1)
        complete_transfer(files, "t1", order=order())
        give_up_transfer(files, "t1", message="Late.", order=order())
    assert then.events == []


def test_the_end_frees_what_was_claimed(files: MemoryLedger) -> None:
    ask(files, TransferKind.COPY, "b.exr")
    arrive(files, 0)
    with recording(files) as then:
        complete_transfer(files, "t1", left_over="One marker.", order=order())
    assert then.events == [
        FileTransferCompleted(**TRANSFER, left_over="One marker."),
        AssetTransferClosed(**ASSET, transfer_id="t1"),
        AssetTransferClosed(**THERE, transfer_id="t1"),
    ]


def test_giving_up_says_of_each_file_without_outcome_that_it_stays(files: MemoryLedger) -> None:
    ask(files, TransferKind.MOVE, "a.exr", "b.exr")
    arrive(files, 1)
    with recording(files) as then:
        give_up_transfer(files, "t1", message="It was away.", order=order())
    failed = failure(0, TransferFailureCode.GIVEN_UP, "It was away.")
    assert then.events[:2] == [
        FileTransferAdvanced(**TRANSFER, failures=(failed,)),
        FileTransferCompleted(**TRANSFER, left_over="It was away."),
    ]


def stays(ledger: MemoryLedger, code: TransferFailureCode, *, number: int = 0) -> None:
    """The file is not recorded as moved, for this reason."""
    with recording(ledger) as then:
        arrive(ledger, number)
    assert then.events == []
    found = obstacles(ledger, "t1", [number], {number: stored(f"old/{number}", f"w{number}")})
    assert {n: each.code for n, each in found.items()} == {number: code}


def test_a_new_version_of_a_source_that_moves_stays_with_it(files: MemoryLedger) -> None:
    ask(files, TransferKind.MOVE, "a.exr")
    given_file(files, "a.exr", "v2")
    stays(files, TransferFailureCode.SOURCE_CHANGED)


def test_a_source_that_was_archived_meanwhile_stays_archived(files: MemoryLedger) -> None:
    ask(files, TransferKind.MOVE, "a.exr")
    archive_files(files, *SHOT, paths=["a.exr"], order=order())
    stays(files, TransferFailureCode.SOURCE_ARCHIVED)


def test_a_source_that_was_deleted_meanwhile_is_gone(files: MemoryLedger) -> None:
    ask(files, TransferKind.MOVE, "a.exr")
    delete_files_permanently(files, *SHOT, paths=["a.exr"], is_confirmed=True, order=order())
    stays(files, TransferFailureCode.SOURCE_NOT_FOUND)


def test_a_moved_file_keeps_its_role(files: MemoryLedger) -> None:
    set_primary_type(files, (*SHOT, "b.exr"), primary_type="lod1", order=order())
    ask(files, TransferKind.MOVE, "b.exr")
    with recording(files) as then:
        arrive(files, 0)
    assert then.events[1] == FilePrimaryTypeSet(**THERE, path="old/b.exr", primary_type="lod1")


def test_a_file_that_came_to_the_destination_meanwhile_stays(files: MemoryLedger) -> None:
    ask(files, TransferKind.MOVE, "a.exr")
    register_files(files, *OTHER, files=[ObservedFile("old/a.exr", stored("old/a.exr", "theirs"))], order=order())
    stays(files, TransferFailureCode.DESTINATION_EXISTS)


def test_the_copy_itself_seen_by_somebody_else_is_no_other_file(files: MemoryLedger) -> None:
    ask(files, TransferKind.MOVE, "a.exr")
    register_files(files, *OTHER, files=[ObservedFile("old/a.exr", stored("old/0", "w0"))], order=order())
    with recording(files) as then:
        arrive(files, 0)
    assert [type(event).__name__ for event in then.events] == [
        "FileMoved",
        "FileMetadataSet",
        "FileAttributesSet",
        "FileMovedAway",
        "FileTransferAdvanced",
    ]


@pytest.mark.parametrize("end", ["shot_010", "shot_020"])
def test_nothing_moves_from_or_to_an_asset_that_was_archived_meanwhile(files: MemoryLedger, end: str) -> None:
    ask(files, TransferKind.MOVE, "a.exr")
    archive_asset(files, "shows", end, order=order())
    stays(files, TransferFailureCode.ASSET_ARCHIVED)


def test_a_copy_of_an_asset_that_was_archived_meanwhile_goes_on(files: MemoryLedger) -> None:
    ask(files, TransferKind.COPY, "b.exr")
    archive_asset(files, *SHOT, order=order())
    with recording(files) as then:
        arrive(files, 0)
    assert [type(event) for event in then.events] == [FileCopied, FileTransferAdvanced]


def test_a_preview_stays_with_a_file_that_stays(files: MemoryLedger) -> None:
    given_file(files, "b.exr.previewFile.jpg")
    ask(files, TransferKind.MOVE, "b.exr")
    record_failures(files, "t1", [failure(0, TransferFailureCode.STORE_REJECTED, "No.")], order=order())
    stays(files, TransferFailureCode.PREVIEWED_FILE_STAYED, number=1)


POLICIES = {
    MetadataPolicy.KEEP_SOURCE: {"take": "2", "note": "there", "lens": "35"},
    MetadataPolicy.KEEP_DESTINATION: {"take": "1", "note": "there", "lens": "35"},
    MetadataPolicy.NONE: {},
}


@pytest.mark.parametrize("policy", POLICIES)
def test_entries_of_a_path_that_had_a_file_before_are_merged_by_the_policy(
    files: MemoryLedger, policy: MetadataPolicy
) -> None:
    set_file_metadata(files, (*SHOT, "a.exr"), entries=[entry("note", "there")], order=order())
    set_file_metadata(files, (*SHOT, "b.exr"), entries=[entry("take", "2"), entry("lens", "35")], order=order())
    ask(files, TransferKind.MOVE, "a.exr")
    arrive(files, 0)
    complete_transfer(files, "t1", order=order())
    pairs = [FilePair("b.exr", "a.exr")]
    wanted = WantedTransfer(TransferKind.MOVE, SHOT, SHOT, pairs, policy)
    request_transfer(files, "t2", wanted, order=order())
    with recording(files) as then:
        arrive(files, 0, transfer_id="t2")
    assert _entries(then.events) == POLICIES[policy]


def test_differing_entries_that_came_meanwhile_keep_a_file_from_moving(files: MemoryLedger) -> None:
    ask(files, TransferKind.MOVE, "a.exr")
    arrive(files, 0)
    complete_transfer(files, "t1", order=order())
    wanted = WantedTransfer(TransferKind.MOVE, SHOT, SHOT, [FilePair("b.exr", "a.exr")], MetadataPolicy.FAIL)
    request_transfer(files, "t2", wanted, order=order())
    set_file_metadata(files, (*SHOT, "b.exr"), entries=[entry("take", "2")], order=order())
    found = obstacles(files, "t2", [0], {})
    assert found[0].code is TransferFailureCode.METADATA_CONFLICT
    assert found[0].message == "The last file at 'a.exr' had other values of take: choose another metadataPolicy."


@pytest.fixture
def plates(files: MemoryLedger) -> MemoryLedger:
    """Another database, whose schema wants the take of a file to be a number, and admits no codec."""
    given_database(files, "plates")
    given_asset(files, "shot_010", database_id="plates")
    number = one("take", NUMBER)
    given_schema(files, number, entity_type=FILES, database_id="plates")
    return files


def _across(ledger: MemoryLedger, policy: MetadataPolicy) -> None:
    pairs = [FilePair("a.exr", "a.exr")]
    wanted = WantedTransfer(TransferKind.MOVE, SHOT, ("plates", "shot_010"), pairs, policy)
    request_transfer(ledger, "t1", wanted, order=order())


@pytest.mark.parametrize("policy", [MetadataPolicy.KEEP_SOURCE, MetadataPolicy.FAIL])
def test_entries_that_the_schemas_of_another_database_refuse_keep_a_file_from_going_there(
    plates: MemoryLedger, policy: MetadataPolicy
) -> None:
    with refused(plates, MetadataNotCompliant, "files", "0", "destinationPath"):
        _across(plates, policy)


def test_the_destination_keeps_its_schemas_by_leaving_entries_behind(plates: MemoryLedger) -> None:
    set_file_metadata(plates, (*SHOT, "a.exr"), entries=[entry("note", "x")], order=order())
    _across(plates, MetadataPolicy.KEEP_DESTINATION)
    with recording(plates) as then:
        arrive(plates, 0)
    assert _entries(then.events) == {"note": "x"}


def test_a_schema_that_came_meanwhile_keeps_a_file_from_going_under_it(files: MemoryLedger) -> None:
    given_database(files, "plates")
    given_asset(files, "shot_010", database_id="plates")
    _across(files, MetadataPolicy.KEEP_SOURCE)
    given_schema(files, one("take", NUMBER), entity_type=FILES, database_id="plates")
    stays(files, TransferFailureCode.METADATA_CONFLICT)


def test_what_did_not_comply_before_may_move_within_its_database(files: MemoryLedger) -> None:
    given_schema(files, one("take", NUMBER), entity_type=FILES)
    ask(files, TransferKind.MOVE, "a.exr")
    with recording(files) as then:
        arrive(files, 0)
    assert _entries(then.events) == {"take": "1"}


def test_a_path_that_a_file_left_begins_without_entries(files: MemoryLedger) -> None:
    ask(files, TransferKind.MOVE, "a.exr")
    arrive(files, 0)
    given_file(files, "a.exr", "v9")
    with recording(files) as then:
        set_file_metadata(files, (*SHOT, "a.exr"), entries=[entry("take", "1")], order=order())
    assert then.events == [FileMetadataSet(**ASSET, path="a.exr", entries=(entry("take", "1"),))]


def test_a_transfer_that_is_none_is_told_apart(files: MemoryLedger) -> None:
    with refused(files, FileTransferNotFound, "transferId"):
        complete_transfer(files, "t9", order=order())


def _entries(events: list[Event]) -> dict[str, str]:
    found: tuple[MetadataEntry, ...] = next((e.entries for e in events if isinstance(e, FileMetadataSet)), ())
    return {each.key: each.value for each in found}
