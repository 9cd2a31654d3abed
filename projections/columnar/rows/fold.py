"""A batch of the log as rows of every columnar table, a function of the log alone whatever a crash left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyarrow as pa

from domain.event import Recorded
from domain.media.events import MediaInspected, RenditionsProduced
from projections.columnar.filters import Column
from projections.columnar.rows import headers, links
from projections.columnar.rows.log import event_row
from projections.columnar.rows.proxies import proxy_row
from projections.columnar.store import ColumnarStore
from projections.columnar.tables import ATTRIBUTES, CHANNELS, EVENTS, FILES, PARTS, PROXY_OUTPUTS


@dataclass(frozen=True)
class Sheet:
    """The rows that the log up to the batch's end gives to the keys that the batch touches."""

    table: str
    rows: pa.Table
    keys: Sequence[Mapping[str, Any]]
    """Every key touched, also one that has no rows."""
    is_new: bool
    """True when the store held nothing under any of the keys, so that the rows need no replacing."""


def fold(batch: Sequence[Recorded], store: ColumnarStore) -> list[Sheet]:
    """The sheets of the batch, in the order to write them: the table that says what is held before its children.

    Reads of the store only what it says of events before the batch. A crash may have left rows of later ones.
    """
    return [*_inspections(batch, store), *_proxies(batch, store), *_links(batch, store), _log(batch, store)]


def _inspections(batch: Sequence[Recorded], store: ColumnarStore) -> list[Sheet]:
    events = [(entry, entry.event) for entry in batch if isinstance(entry.event, MediaInspected)]
    if not events:
        return []
    counts = _earlier_inspections(events, store, before=batch[0].position)
    rows = {}
    for entry, event in events:
        counts[entry.stream_id] += 1
        row = headers.file_row(entry, event, inspections=counts[entry.stream_id])
        rows[headers.identity(event)] = (event, row)
    is_new = not store.count("files", Column("file_id").is_in(list(rows)))
    current = [event for event, _ in rows.values()]
    tables = {
        "files": arrow(FILES, [row for _, row in rows.values()]),
        "parts": arrow(PARTS, [row for event in current for row in headers.part_rows(event)]),
        "channels": arrow(CHANNELS, [row for event in current for row in headers.channel_rows(event)]),
        "attributes": arrow(ATTRIBUTES, [row for event in current for row in headers.attribute_rows(event)]),
    }
    keys = [{"file_id": identifier} for identifier in rows]
    return [Sheet(name, table, keys, is_new) for name, table in tables.items()]


def _earlier_inspections(
    events: Sequence[tuple[Recorded, MediaInspected]], store: ColumnarStore, *, before: int
) -> Counter[UUID]:
    """How often each object version was inspected before; only a later attempt can have earlier ones."""
    streams = {str(entry.stream_id) for entry, event in events if event.attempt > 1}
    if not streams:
        return Counter()
    earlier = (
        Column("event_type").eq(MediaInspected.__name__)
        & Column("stream_id").is_in(streams)
        & Column("position").lt(before)
    )
    return Counter(UUID(row["stream_id"]) for row in store.read("events", earlier, ["stream_id"]))


def _proxies(batch: Sequence[Recorded], store: ColumnarStore) -> list[Sheet]:
    made = (proxy_row(entry, entry.event) for entry in batch if isinstance(entry.event, RenditionsProduced))
    rows = {row[PROXY_OUTPUTS.get_field_index("file_id")]: row for row in made}
    if not rows:
        return []
    is_new = not store.count("proxy_outputs", Column("file_id").is_in(list(rows)))
    keys = [{"file_id": identifier} for identifier in rows]
    return [Sheet("proxy_outputs", arrow(PROXY_OUTPUTS, rows.values()), keys, is_new)]


def _links(batch: Sequence[Recorded], store: ColumnarStore) -> list[Sheet]:
    seen, gone = links.seen(batch), links.departures(batch)
    touched = {link.key for link in seen} | gone.keys()
    if not touched:
        return []
    held = links.held(store, touched)
    before = [link for link in held if link.position < batch[0].position]
    keys = [dict(zip(links.LINKS.key, key, strict=True)) for key in touched]
    rows = arrow(links.ASSET_FILES, links.merged(before, seen, gone))
    return [Sheet("asset_files", rows, keys, is_new=not held)]


def _log(batch: Sequence[Recorded], store: ColumnarStore) -> Sheet:
    is_new = not store.count("events", Column("position").gte(batch[0].position))
    keys = [{"position": entry.position} for entry in batch]
    return Sheet("events", arrow(EVENTS, map(event_row, batch)), keys, is_new)


def arrow(schema: pa.Schema, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """Rows in the order of the columns as a table of exactly the schema. Raises ArrowInvalid for what does not fit."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
