"""The index of the log: one row an event, whatever the event is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from psycopg import Connection

from domain.assets.events import AssetRenamed
from domain.buckets.events import AssetLocationReserved
from domain.event import Event
from domain.links.events import AssetLinkDeleted
from domain.media.events import RenditionStemReserved
from domain.orders.events import OrderAccepted
from domain.projections.events import ProjectionRebuildRequested
from domain.transfers.events import FileTransferCompleted
from projections.vams.fold import fold_batch
from projections.vams.log import LogIndex
from projections.vams.rows import LogRow
from projections.vams.sheets import Sheets
from tests.projections.vams.samples import ASSET, BUCKET, DATABASE, asset, uploaded
from tests.projections.vams.tape import Tape, at, table_rows

EVENTS: list[tuple[Event, tuple[str | None, str | None, str | None]]] = [
    (BUCKET, (None, None, None)),
    (DATABASE, ("shows", None, None)),
    (asset(), ("shows", "shot_010", None)),
    (AssetRenamed(**ASSET, asset_name="Opening"), ("shows", "shot_010", None)),
    (uploaded("a/b.exr"), ("shows", "shot_010", "a/b.exr")),
    (OrderAccepted(idempotency_key="k", fingerprint="f"), (None, None, None)),
    (
        AssetLocationReserved(bucket_id="bucket-1", asset_location="library/shot_010/", **ASSET),
        ("shows", "shot_010", None),
    ),
    (RenditionStemReserved(s3_bucket="media", rendition_stem="a/.proxies/b", s3_key="a/b.exr"), (None, None, None)),
    (ProjectionRebuildRequested(projection_name="tables"), (None, None, None)),
]
LINK: Any = {"from_database_id": "shows", "from_asset_id": "shot_010", "to_database_id": "props", "to_asset_id": "lamp"}


def test_every_event_has_a_row_with_the_ids_it_carries(tables: Connection[Any]) -> None:
    tape = Tape()
    for event, _ in EVENTS:
        tape.add(event)
    tape.fold(tables)
    assert table_rows(tables, "log_index", 1) == [
        LogRow(n, type(event).__name__, at(n), "user:ada", f"request-{n}", None, *ids, at(n), timedelta())
        for n, (event, ids) in enumerate(EVENTS, 1)
    ]


def test_an_event_of_an_older_class_version_is_kept_as_it_was_lifted(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(BUCKET, DATABASE, asset())
    first, *others = tape.entries
    fold_batch([msgspec.structs.replace(first, is_lifted=True), *others], tables)
    assert table_rows(tables, "log_lifted", 1) == [(1, msgspec.to_builtins(BUCKET))]


def test_the_position_that_caused_an_event_is_kept(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(BUCKET)
    first = tape.entries[0]
    answer = msgspec.structs.replace(first.cause, causation_position=12)
    fold_batch([msgspec.structs.replace(first, cause=answer)], tables)
    assert table_rows(tables, "log_index", 1)[0][5] == 12


def test_a_link_is_in_the_index_of_both_its_assets_and_a_transfer_in_that_of_both_of_its(
    tables: Connection[Any],
) -> None:
    tape = Tape()
    there: Any = {"destination_database_id": "props", "destination_asset_id": "lamp"}
    here: Any = {"destination_database_id": "shows", "destination_asset_id": "shot_010"}
    tape.add(AssetLinkDeleted(asset_link_id="link-1", **LINK))
    tape.add(FileTransferCompleted(transfer_id="t", **ASSET, **there))
    tape.add(FileTransferCompleted(transfer_id="u", **ASSET, **here))
    tape.add(AssetRenamed(**ASSET, asset_name="Opening"))
    sheets = Sheets()
    with tables.cursor() as cursor:
        for entry in tape.entries:
            sheets.log.add(entry)
        sheets.log.write(cursor)
    assert [row[6:9] for row in table_rows(tables, "log_index", 1)] == [("shows", "shot_010", None)] * 4
    by_other = [("props", "lamp", *row) for row in table_rows(tables, "log_index", 1)[:2]]
    assert table_rows(tables, "log_index_others", 3) == by_other


def test_the_clock_of_the_log_never_goes_back_and_goes_on_in_the_next_batch(tables: Connection[Any]) -> None:
    seconds = [10, 30, 20, 40, 5, 41]
    tape = Tape()
    tape.add(*[BUCKET] * len(seconds))
    entries = [
        msgspec.structs.replace(entry, cause=msgspec.structs.replace(entry.cause, at=at(second)))
        for entry, second in zip(tape.entries, seconds, strict=True)
    ]
    with tables.cursor() as cursor:
        for batch in (entries[:2], entries[2:5], entries[5:]):
            log = LogIndex()
            log.load(cursor)
            for entry in batch:
                log.add(entry)
            log.write(cursor)
    rows = [LogRow._make(row) for row in table_rows(tables, "log_index", 1)]
    assert [row.recorded_at for row in rows] == [at(second) for second in seconds]
    assert [row.clock for row in rows] == [at(second) for second in (10, 30, 30, 40, 40, 41)]
    assert [row.late_by.total_seconds() for row in rows] == [0, 0, 10, 10, 35, 35]
