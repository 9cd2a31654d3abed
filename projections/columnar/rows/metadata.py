"""Rows of metadata: every entry that people or machines wrote, under its owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from domain.assets.events import AssetCreated, AssetMetadataRemoved, AssetMetadataSet, AssetPermanentlyDeleted
from domain.databases.events import DatabaseMetadataRemoved, DatabaseMetadataSet
from domain.event import Event, Recorded
from domain.files.events import (
    FileAttributesRemoved,
    FileAttributesSet,
    FileEvent,
    FileMetadataRemoved,
    FileMetadataSet,
    FileMovedAway,
    FilePermanentlyDeleted,
)
from domain.links.events import AssetLinkMetadataRemoved, AssetLinkMetadataSet
from domain.metadata import NUMBER, MetadataEntry, MetadataValueType
from projections.columnar.tables import TableDefinition

METADATA = TableDefinition(
    "metadata",
    pa.schema(
        [
            pa.field("owner", pa.string(), nullable=False),  # database, asset, file or link
            pa.field("owner_id", pa.string(), nullable=False),  # its ids, joined by slashes
            ("database_id", pa.string()),
            ("asset_id", pa.string()),
            ("path", pa.string()),
            pa.field("is_attribute", pa.bool_(), nullable=False),  # written by a machine
            pa.field("metadata_key", pa.string(), nullable=False),
            pa.field("value", pa.string(), nullable=False),
            pa.field("value_type", pa.string(), nullable=False),
            ("value_float", pa.float64()),  # of a number
            pa.field("updated_at", pa.timestamp("us", tz="UTC"), nullable=False),
            pa.field("position", pa.int64(), nullable=False),
        ]
    ),
    sort_by=("owner_id", "metadata_key"),
    key=("owner", "owner_id", "is_attribute", "metadata_key"),
)
SET = (AssetMetadataSet, FileMetadataSet, FileAttributesSet, DatabaseMetadataSet, AssetLinkMetadataSet)
REMOVED = (
    AssetMetadataRemoved,
    FileMetadataRemoved,
    FileAttributesRemoved,
    DatabaseMetadataRemoved,
    AssetLinkMetadataRemoved,
)
ATTRIBUTES = (FileAttributesSet, FileAttributesRemoved)


KINDS = (*SET, *REMOVED, AssetCreated, FileMovedAway, AssetPermanentlyDeleted, FilePermanentlyDeleted)


class EntryKey(NamedTuple):
    """The columns that name an entry."""

    owner: str
    owner_id: str
    is_attribute: bool
    metadata_key: str


Row = tuple[Any, ...]
Change = tuple[EntryKey, Row | None]


class Entries:
    """What the batch leaves of each entry that it touches: a row, or none."""

    def __init__(self) -> None:
        self.rows: dict[EntryKey, Row | None] = {}
        self.emptied: list[dict[str, str]] = []
        """Owners that lost every entry, by the columns that name them."""

    def add(self, entry: Recorded) -> None:
        """Take the next event."""
        event = entry.event
        if isinstance(event, AssetPermanentlyDeleted | FilePermanentlyDeleted):
            self._empty(_owner_columns(event))
        for key, row in _changes(entry):
            self.rows[key] = row

    def _empty(self, owner: dict[str, str]) -> None:
        self.emptied.append(owner)
        for key, row in self.rows.items():
            if row is not None and all(_value(row, name) == value for name, value in owner.items()):
                self.rows[key] = None


def folded(batch: Sequence[Recorded]) -> Entries:
    """What the batch says of entries; the last event about one decides it, whatever came before."""
    entries = Entries()
    for entry in batch:
        entries.add(entry)
    return entries


def _value(row: Row, column: str) -> Any:
    return row[METADATA.schema.get_field_index(column)]


def _owner_columns(event: AssetPermanentlyDeleted | FilePermanentlyDeleted) -> dict[str, str]:
    asset = {"database_id": event.database_id, "asset_id": event.asset_id}
    return asset if isinstance(event, AssetPermanentlyDeleted) else {**asset, "path": event.path}


def _changes(entry: Recorded) -> Iterator[Change]:
    event = entry.event
    if isinstance(event, SET):
        for one in event.entries:
            yield _set(entry, event, one, is_attribute=isinstance(event, ATTRIBUTES))
    elif isinstance(event, AssetCreated):
        for one in event.metadata:
            yield _set(entry, event, one, is_attribute=False)
    elif isinstance(event, REMOVED):
        yield from _removed(event, event.keys, is_attribute=isinstance(event, ATTRIBUTES))
    elif isinstance(event, FileMovedAway):
        yield from _removed(event, event.metadata_keys, is_attribute=False)
        yield from _removed(event, event.attribute_keys, is_attribute=True)


def _removed(event: Event, keys: Sequence[str], *, is_attribute: bool) -> Iterator[Change]:
    owner = _owner(event)
    for key in keys:
        yield EntryKey(*owner, is_attribute, key), None


def _set(entry: Recorded, event: Event, one: MetadataEntry, *, is_attribute: bool) -> Change:
    key = EntryKey(*_owner(event), is_attribute, one.key)
    is_number = one.value_type is MetadataValueType.NUMBER and NUMBER.fullmatch(one.value)
    ids = (getattr(event, name, None) for name in ("database_id", "asset_id", "path"))
    return key, (
        key.owner,
        key.owner_id,
        *ids,
        is_attribute,
        one.key,
        one.value,
        one.value_type.value,
        float(one.value) if is_number else None,
        entry.cause.at,
        entry.position,
    )


def _owner(event: Any) -> tuple[str, str]:
    if isinstance(event, AssetLinkMetadataSet | AssetLinkMetadataRemoved):
        return "link", event.asset_link_id
    if isinstance(event, FileEvent):
        return "file", "/".join((event.database_id, event.asset_id, event.path))
    if isinstance(event, DatabaseMetadataSet | DatabaseMetadataRemoved):
        return "database", event.database_id
    return "asset", "/".join((event.database_id, event.asset_id))
