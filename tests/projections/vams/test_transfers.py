"""Rows of transfers, origins and adoptions."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from domain.adoptions.events import (
    AssetAdopted,
    AssetAdoptionAdvanced,
    AssetAdoptionFailed,
    AssetAdoptionRequested,
    SkippedObject,
)
from domain.files.events import FileMetadataSet, FileMoved, FileMovedAway, FilePlace
from domain.transfers.events import (
    FileTransferAdvanced,
    FileTransferCompleted,
    FileTransferRequested,
    MetadataPolicy,
    PlannedTransfer,
    TransferFailure,
    TransferFailureCode,
    TransferKind,
)
from projections.vams.sheets import (
    ADOPTION_SKIPS,
    ADOPTIONS,
    ASSETS,
    FILE_ORIGINS,
    FILE_VERSIONS,
    FILES,
    METADATA,
    TRANSFER_FILES,
    TRANSFERS,
)
from projections.vams.transfer_rows import (
    AdoptionRow,
    AdoptionSkipRow,
    FileOriginRow,
    TransferFileRow,
    TransferRow,
)
from tests.projections.vams.samples import ASSET, DATABASE, asset, entry, stored, uploaded
from tests.projections.vams.tape import Tape, at, history, rows

TRANSFER: Any = {
    "transfer_id": "t1",
    **ASSET,
    "destination_database_id": "shows",
    "destination_asset_id": "old",
}
PLANNED = tuple(
    PlannedTransfer(source_path=path, destination_path=f"in/{path}", s3_version_id="v1")
    for path in ("a.exr", "b.exr", "c.exr")
)
REQUESTED = FileTransferRequested(
    **TRANSFER, kind=TransferKind.MOVE, metadata_policy=MetadataPolicy.NONE, files=PLANNED, reason="Wrapped"
)
FAILURE = TransferFailure(number=1, code=TransferFailureCode.SOURCE_CHANGED, message="It changed.")


def test_a_transfer_counts_its_files_and_ends_by_them(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(REQUESTED, FileTransferAdvanced(**TRANSFER, done=(0,), failures=(FAILURE,)))
    tape.add(FileTransferAdvanced(**TRANSFER, done=(2,)), FileTransferCompleted(**TRANSFER, left_over="One marker."))
    tape.fold(tables)
    assert rows(tables, TRANSFERS) == [
        TransferRow(
            transfer_id="t1",
            kind="MOVE",
            state="DONE_WITH_ERRORS",
            database_id="shows",
            asset_id="shot_010",
            destination_database_id="shows",
            destination_asset_id="old",
            metadata_policy="NONE",
            reason="Wrapped",
            total_count=3,
            done_count=2,
            failed_count=1,
            left_over="One marker.",
            requested_at=at(1),
            requested_by="user:ada",
            ended_at=at(4),
            position=1,
        )
    ]
    assert rows(tables, TRANSFER_FILES) == [
        TransferFileRow("t1", 0, "a.exr", "in/a.exr", "v1", "DONE", None, None, 2),
        TransferFileRow("t1", 1, "b.exr", "in/b.exr", "v1", "FAILED", "SOURCE_CHANGED", "It changed.", 2),
        TransferFileRow("t1", 2, "c.exr", "in/c.exr", "v1", "DONE", None, None, 3),
    ]


def test_a_transfer_of_which_no_file_arrived_has_failed_and_one_that_goes_on_runs(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(REQUESTED, FileTransferAdvanced(**TRANSFER, failures=(FAILURE,)))
    tape.fold(tables)
    assert rows(tables, TRANSFERS)[0].state == "RUNNING"
    completed = Tape()
    completed.entries = list(tape.entries)
    completed.add(FileTransferCompleted(**TRANSFER))
    completed.entries = completed.entries[2:]
    completed.fold(tables)
    assert rows(tables, TRANSFERS)[0].state == "FAILED"


def test_a_moved_file_leaves_one_asset_and_comes_to_the_other_with_its_origin(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(DATABASE, asset(), asset("old"), uploaded("a.exr"), uploaded("b.jpg"))
    tape.add(FileMetadataSet(**ASSET, path="a.exr", entries=(entry("take", "1"),)))
    here, there = FilePlace(**ASSET, path="a.exr"), FilePlace(database_id="shows", asset_id="old", path="x.exr")
    moved = FileMoved(
        database_id="shows",
        asset_id="old",
        path="x.exr",
        stored=stored("x.exr", "w1"),
        transfer_id="t1",
        source=here,
        source_version_id="v1",
    )
    gone = FileMovedAway(**ASSET, path="a.exr", transfer_id="t1", destination=there, metadata_keys=("take",))
    tape.add(moved, gone)
    tape.fold(tables)
    assert [(row.asset_id, row.path) for row in rows(tables, FILES)] == [("old", "x.exr"), ("shot_010", "b.jpg")]
    assert rows(tables, METADATA) == []
    assert [(row.asset_id, row.asset_type) for row in rows(tables, ASSETS)] == [("old", ".exr"), ("shot_010", ".jpg")]
    assert [(row.path, row.s3_version_id) for row in rows(tables, FILE_VERSIONS)] == [
        ("x.exr", "w1"),
        ("a.exr", "v1"),
        ("b.jpg", "v1"),
    ]
    states = [(row.asset_id, row.path, start, end) for row, start, end in history(tables, FILES)]
    assert states == [
        ("old", "x.exr", 7, None),
        ("shot_010", "a.exr", 4, 6),
        ("shot_010", "a.exr", 6, 8),
        ("shot_010", "b.jpg", 5, None),
    ]
    assert rows(tables, FILE_ORIGINS) == [
        FileOriginRow("shows", "old", "x.exr", "w1", "t1", "MOVE", "shows", "shot_010", "a.exr", "v1", 7)
    ]


def test_an_adoption_adds_up_what_became_of_the_objects(tables: Connection[Any]) -> None:
    skipped = SkippedObject(s3_key="years/2019/x//y.exr", reason="It has an empty part.")
    tape = Tape()
    tape.add(
        AssetAdoptionRequested(**ASSET, s3_bucket="media", asset_location="years/2019/"),
        AssetAdoptionAdvanced(**ASSET, after_key="years/2019/b", registered=2, reserved=1, skipped=(skipped,)),
        AssetAdoptionAdvanced(**ASSET, after_key="years/2019/c", registered=3),
        AssetAdopted(**ASSET),
    )
    tape.fold(tables)
    counted = AdoptionRow(
        database_id="shows",
        asset_id="shot_010",
        state="DONE_WITH_ERRORS",
        s3_bucket="media",
        asset_location="years/2019/",
        registered_count=5,
        reserved_count=1,
        skipped_count=1,
        failure=None,
        requested_at=at(1),
        requested_by="user:ada",
        ended_at=at(4),
        position=1,
    )
    assert rows(tables, ADOPTIONS) == [counted]
    assert rows(tables, ADOPTION_SKIPS) == [
        AdoptionSkipRow("shows", "shot_010", "years/2019/x//y.exr", "It has an empty part.", 2)
    ]


def test_an_adoption_that_was_given_up_says_why(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(AssetAdoptionRequested(**ASSET, s3_bucket="media", asset_location="years/2019/"))
    tape.add(AssetAdoptionFailed(**ASSET, message="It was away."))
    tape.fold(tables)
    (row,) = rows(tables, ADOPTIONS)
    assert (row.state, row.failure, row.ended_at) == ("FAILED", "It was away.", at(2))
