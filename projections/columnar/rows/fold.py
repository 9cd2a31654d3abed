"""A batch of the log as rows of every columnar table, a function of the log alone whatever a crash left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyarrow as pa

from domain.event import Recorded
from domain.media.events import MediaInspected, RenditionsProduced
from projections.columnar.filters import Column
from projections.columnar.rows import assets, headers, links, metadata
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
    return [
        *_inspections(batch, store),
        *_proxies(batch, store),
        *_links(batch, store),
        *_assets(batch, store),
        *_metadata(batch, store),
        _log(batch, store),
    ]


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


def _links(batch: Sequence[Recorded], store: ColumnarStore) -> Iterator[Sheet]:
    found = links.folded(batch, store)
    if found.assets:
        yield _emptied(
            "asset_files", [dict(zip(("database_id", "asset_id"), key, strict=True)) for key in found.assets]
        )
    if found.files:
        keys = [dict(zip(links.LINKS.key, key, strict=True)) for key in found.files]
        yield Sheet("asset_files", arrow(links.ASSET_FILES, found.rows), keys, is_new=found.is_new)


def _assets(batch: Sequence[Recorded], store: ColumnarStore) -> Iterator[Sheet]:
    touched = assets.touched(batch)
    if not touched:
        return
    found = assets.folded(batch, store)
    keys = [dict(zip(assets.ASSETS.key, key, strict=True)) for key in touched]
    versions = [row for key in touched for row in found.versions.get(key, {}).values()]
    for table, rows in ((assets.ASSETS, list(found.assets.values())), (assets.ASSET_VERSIONS, versions)):
        names = table.schema.names
        yield Sheet(table.name, arrow(table.schema, [tuple(row[name] for name in names) for row in rows]), keys, False)


def _metadata(batch: Sequence[Recorded], store: ColumnarStore) -> Iterator[Sheet]:
    found = metadata.folded(batch)
    if found.emptied:
        for columns in sorted({tuple(owner) for owner in found.emptied}):
            yield _emptied("metadata", [owner for owner in found.emptied if tuple(owner) == columns])
    if found.rows:
        owners = sorted({key.owner_id for key in found.rows})
        is_new = not store.count("metadata", Column("owner_id").is_in(owners))
        rows = arrow(metadata.METADATA.schema, [row for row in found.rows.values() if row is not None])
        yield Sheet("metadata", rows, [key._asdict() for key in found.rows], is_new)


def _emptied(table: str, keys: Sequence[Mapping[str, Any]]) -> Sheet:
    """Nothing in the place of every row that has these values in these columns."""
    schema = next(definition.schema for definition in (links.LINKS, metadata.METADATA) if definition.name == table)
    return Sheet(table, schema.empty_table(), keys, is_new=False)


def _log(batch: Sequence[Recorded], store: ColumnarStore) -> Sheet:
    is_new = not store.count("events", Column("position").gte(batch[0].position))
    keys = [{"position": entry.position} for entry in batch]
    return Sheet("events", arrow(EVENTS, map(event_row, batch)), keys, is_new)


def arrow(schema: pa.Schema, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """Rows in the order of the columns as a table of exactly the schema. Raises ArrowInvalid for what does not fit."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
