"""The index of the log: one row an event, whatever the event is."""

from __future__ import annotations

from typing import Any

import msgspec
from psycopg import Connection

from domain.assets.events import AssetRenamed
from domain.buckets.events import AssetLocationReserved
from domain.event import Event
from domain.media.events import RenditionStemReserved
from domain.orders.events import OrderAccepted
from domain.projections.events import ProjectionRebuildRequested
from projections.vams.fold import fold_batch
from projections.vams.rows import LogRow
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


def test_every_event_has_a_row_with_the_ids_it_carries(tables: Connection[Any]) -> None:
    tape = Tape()
    for event, _ in EVENTS:
        tape.add(event)
    tape.fold(tables)
    assert table_rows(tables, "log_index", 1) == [
        LogRow(n, type(event).__name__, at(n), "user:ada", f"request-{n}", None, *ids)
        for n, (event, ids) in enumerate(EVENTS, 1)
    ]


def test_the_position_that_caused_an_event_is_kept(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(BUCKET)
    first = tape.entries[0]
    answer = msgspec.structs.replace(first.cause, causation_position=12)
    fold_batch([msgspec.structs.replace(first, cause=answer)], tables)
    assert table_rows(tables, "log_index", 1)[0][5] == 12
