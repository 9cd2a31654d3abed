"""A batch of the log as rows of every columnar table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyarrow as pa

from domain.assets.events import AssetPermanentlyDeleted
from domain.event import Event, Recorded
from domain.media.events import MediaInspected, RenditionsProduced
from projections.columnar.filters import Column
from projections.columnar.rows import assets, headers, links, metadata
from projections.columnar.rows.kinds import Batch
from projections.columnar.rows.log import event_rows
from projections.columnar.rows.proxies import proxy_row
from projections.columnar.rows.seen import Key, Seen
from projections.columnar.store import ColumnarStore
from projections.columnar.tables import FILES, PARTS, PROXY_OUTPUTS, TableDefinition

FILE_EVENTS: tuple[type[Event], ...] = (MediaInspected, RenditionsProduced, *links.EVENTS, AssetPermanentlyDeleted)
FILE_TABLES = ("files", "parts", "channels", "attributes", "proxy_outputs", "asset_files")


@dataclass(frozen=True)
class Sheet:
    """The rows that the log up to the batch's end gives to the keys that the batch touches."""

    table: str
    rows: pa.Table
    keys: Sequence[Mapping[str, Any]]
    """Every key touched, also one that has no rows."""
    is_new: bool
    """True when the store held nothing under any of the keys, so that the rows need no replacing."""


def fold(entries: Sequence[Recorded], store: ColumnarStore, seen: Seen | None = None) -> Iterator[Sheet]:
    """The sheets of the batch, in the order to write them: the table that says what is held before its children.

    The store must hold the log up to the batch and nothing after, whatever crashed. Of keys that `seen` does not know
    it is asked nothing; `seen` must be told what is written.
    """
    batch = Batch(entries)
    yield from file_sheets(batch, store, seen)
    yield from library_sheets(batch, store, seen)


def file_sheets(batch: Batch, store: ColumnarStore, seen: Seen | None) -> Iterator[Sheet]:
    """Those of FILE_TABLES, which are made of the batch's FILE_EVENTS and of nothing else."""
    yield from _inspections(batch, store, seen)
    yield from _proxies(batch, store, seen)
    yield from _links(batch, store, seen)


def library_sheets(batch: Batch, store: ColumnarStore, seen: Seen | None) -> Iterator[Sheet]:
    """Those of all other tables."""
    yield _log(batch, store)
    yield from _assets(batch, store, seen)
    yield from _metadata(batch, store, seen)


def _inspections(batch: Batch, store: ColumnarStore, seen: Seen | None) -> Iterator[Sheet]:
    events = [(entry, entry.event) for entry in batch.of(MediaInspected) if isinstance(entry.event, MediaInspected)]
    if not events:
        return
    counts = _earlier_inspections(events, store, before=batch.first)
    rows = {}
    for entry, event in events:
        counts[entry.stream_id] += 1
        identifier = headers.identity(event)
        row = headers.file_row(entry, event, identifier=identifier, inspections=counts[entry.stream_id])
        rows[identifier] = (event, row)
    is_new = not _held("files", rows, store, seen)
    current = [(identifier, event) for identifier, (event, _) in rows.items()]
    keys = [{"file_id": identifier} for identifier in rows]
    yield Sheet("files", arrow(FILES, [row for _, row in rows.values()]), keys, is_new)
    yield Sheet("parts", arrow(PARTS, headers.part_rows(current)), keys, is_new)
    yield Sheet("channels", headers.channel_table(current), keys, is_new)
    yield Sheet("attributes", headers.attribute_table(current), keys, is_new)


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


def _proxies(batch: Batch, store: ColumnarStore, seen: Seen | None) -> Iterator[Sheet]:
    made = (
        proxy_row(entry, entry.event)
        for entry in batch.of(RenditionsProduced)
        if isinstance(entry.event, RenditionsProduced)
    )
    rows = {row[PROXY_OUTPUTS.get_field_index("file_id")]: row for row in made}
    if rows:
        is_new = not _held("proxy_outputs", rows, store, seen)
        keys = [{"file_id": identifier} for identifier in rows]
        yield Sheet("proxy_outputs", arrow(PROXY_OUTPUTS, rows.values()), keys, is_new)


def _links(batch: Batch, store: ColumnarStore, seen: Seen | None) -> Iterator[Sheet]:
    found = links.folded(batch, store, seen)
    if found.assets:
        yield _emptied(
            "asset_files", [dict(zip(("database_id", "asset_id"), key, strict=True)) for key in found.assets]
        )
    rows = ((link.key, link) for link in found.rows)
    yield from _apart(links.LINKS, found.files, rows, held=found.held)


def _assets(batch: Batch, store: ColumnarStore, seen: Seen | None) -> Iterator[Sheet]:
    touched = assets.touched(batch)
    if not touched:
        return
    found = assets.folded(batch, store)
    versions = ((key, row) for key in touched for row in found.versions.get(key, {}).values())
    for table, rows in ((assets.ASSETS, iter(found.assets.items())), (assets.ASSET_VERSIONS, versions)):
        names = table.schema.names
        held = touched if seen is None else seen.among(table.name, table.key, touched)
        values = ((key, tuple(row[name] for name in names)) for key, row in rows)
        yield from _apart(table, touched, values, held=held)


def _metadata(batch: Batch, store: ColumnarStore, seen: Seen | None) -> Iterator[Sheet]:
    found = metadata.folded(batch.of(*metadata.KINDS))
    for columns in sorted({tuple(owner) for owner in found.emptied}):
        yield _emptied("metadata", [owner for owner in found.emptied if tuple(owner) == columns])
    if found.rows:
        owners = _held("metadata", sorted({key.owner_id for key in found.rows}), store, seen, column="owner_id")
        held = {key for key in found.rows if key.owner_id in owners}
        rows = ((key, row) for key, row in found.rows.items() if row is not None)
        yield from _apart(metadata.METADATA, found.rows, rows, held=held)


def _apart(
    table: TableDefinition, keys: Collection[Key], rows: Iterable[tuple[Key, tuple[Any, ...]]], *, held: Collection[Key]
) -> Iterator[Sheet]:
    """The rows of new keys, then those of keys that the store has rows of."""
    parts: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]] = ([], [])
    for key, row in rows:
        parts[key in held].append(row)
    for is_held, part in enumerate(parts):
        theirs = [dict(zip(table.key, key, strict=True)) for key in keys if (key in held) is bool(is_held)]
        if theirs:
            yield Sheet(table.name, arrow(table.schema, part), theirs, is_new=not is_held)


def _emptied(table: str, keys: Sequence[Mapping[str, Any]]) -> Sheet:
    """Nothing in the place of every row that has these values in these columns."""
    schema = next(definition.schema for definition in (links.LINKS, metadata.METADATA) if definition.name == table)
    return Sheet(table, schema.empty_table(), keys, is_new=False)


def _log(batch: Batch, store: ColumnarStore) -> Sheet:
    is_new = not store.count("events", Column("position").gte(batch.first))
    return Sheet("events", event_rows(batch), _Positions(batch.entries), is_new)


class _Positions(Sequence[Mapping[str, Any]]):
    """The keys of events, made when somebody asks for them."""

    def __init__(self, entries: Sequence[Recorded]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, place: Any) -> Any:
        return {"position": self._entries[place].position}


def _held(
    table: str, values: Collection[str], store: ColumnarStore, seen: Seen | None, *, column: str = "file_id"
) -> Collection[str]:
    """Of the values, those that the table has in this column; all of them, unless seen, when it has any."""
    if seen is not None:
        return {value for (value,) in seen.among(table, (column,), [(value,) for value in values])}
    return values if store.count(table, Column(column).is_in(list(values))) else ()


def arrow(schema: pa.Schema, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """Rows in the order of the columns as a table of exactly the schema. Raises ArrowInvalid for what does not fit."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
