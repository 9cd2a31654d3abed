"""Rows of assets and asset_versions: one row each, as the log has them now."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from domain.assets.events import (
    AssetArchived,
    AssetCreated,
    AssetDescribed,
    AssetDistributionSet,
    AssetEvent,
    AssetPermanentlyDeleted,
    AssetRenamed,
    AssetRetagged,
    AssetUnarchived,
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionUnarchived,
)
from domain.event import Recorded
from projections.columnar.rows.earlier import rows_under
from projections.columnar.rows.kinds import Batch
from projections.columnar.store import ColumnarStore
from projections.columnar.tables import TableDefinition

ASSETS = TableDefinition(
    "assets",
    pa.schema(
        [
            pa.field("database_id", pa.string(), nullable=False),
            pa.field("asset_id", pa.string(), nullable=False),
            pa.field("asset_key", pa.string(), nullable=False),
            pa.field("asset_name", pa.string(), nullable=False),
            pa.field("description", pa.string(), nullable=False),
            pa.field("is_distributable", pa.bool_(), nullable=False),
            ("tags", pa.list_(pa.string())),
            pa.field("s3_bucket", pa.string(), nullable=False),
            pa.field("asset_location", pa.string(), nullable=False),
            pa.field("is_archived", pa.bool_(), nullable=False),
            ("archived_at", pa.timestamp("us", tz="UTC")),
            pa.field("created_at", pa.timestamp("us", tz="UTC"), nullable=False),
            ("created_by", pa.string()),
            pa.field("updated_at", pa.timestamp("us", tz="UTC"), nullable=False),
            pa.field("position", pa.int64(), nullable=False),
        ]
    ),
    sort_by=("database_id", "asset_id"),
    key=("database_id", "asset_id"),
)
ASSET_VERSIONS = TableDefinition(
    "asset_versions",
    pa.schema(
        [
            pa.field("database_id", pa.string(), nullable=False),
            pa.field("asset_id", pa.string(), nullable=False),
            pa.field("asset_version_id", pa.int64(), nullable=False),
            pa.field("comment", pa.string(), nullable=False),
            ("version_alias", pa.string()),
            pa.field("is_archived", pa.bool_(), nullable=False),
            ("archived_at", pa.timestamp("us", tz="UTC")),
            pa.field("created_at", pa.timestamp("us", tz="UTC"), nullable=False),
            ("created_by", pa.string()),
            pa.field("created_position", pa.int64(), nullable=False),
            pa.field("position", pa.int64(), nullable=False),
        ]
    ),
    sort_by=("database_id", "asset_id", "asset_version_id"),
    key=("database_id", "asset_id"),
)
VERSION_EVENTS = (
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionUnarchived,
)
OWN_EVENTS = (
    AssetCreated,
    AssetRenamed,
    AssetDescribed,
    AssetRetagged,
    AssetDistributionSet,
    AssetArchived,
    AssetUnarchived,
    AssetPermanentlyDeleted,
)
KINDS = (*OWN_EVENTS, *VERSION_EVENTS)
Values = dict[str, Any]
AssetKey = tuple[str, str]


def asset_key(database_id: str, asset_id: str) -> str:
    """Both ids as one text, which neither of them can be mistaken for: ids have no slash."""
    return f"{database_id}/{asset_id}"


def touched(batch: Batch) -> set[AssetKey]:
    """The assets whose rows the batch changes."""
    return {_key(entry.event) for entry in batch.of(*KINDS)}


class Assets:
    """The touched assets with their versions, after some of their events."""

    def __init__(self) -> None:
        self.assets: dict[AssetKey, Values] = {}
        self.versions: dict[AssetKey, dict[int, Values]] = {}

    def add(self, entry: Recorded) -> None:
        """Take the next event of one of the assets."""
        event = entry.event
        assert isinstance(event, AssetEvent)
        key = event.database_id, event.asset_id
        if isinstance(event, AssetCreated):
            self.assets[key] = _created(entry, event)
        elif isinstance(event, AssetPermanentlyDeleted):
            self.assets.pop(key, None)
            self.versions.pop(key, None)
        elif isinstance(event, VERSION_EVENTS):
            self._version(entry, event, self.versions.setdefault(key, {}))
        elif key in self.assets:
            self.assets[key] |= {**_changed(entry), "updated_at": entry.cause.at, "position": entry.position}

    def read(self, store: ColumnarStore, keys: set[AssetKey]) -> None:
        """Take the assets as the store has them."""
        for row in rows_under(store, ASSETS, keys):
            self.assets[row["database_id"], row["asset_id"]] = row
        for row in rows_under(store, ASSET_VERSIONS, keys):
            self.versions.setdefault((row["database_id"], row["asset_id"]), {})[row["asset_version_id"]] = row

    @staticmethod
    def _version(entry: Recorded, event: AssetEvent, versions: dict[int, Values]) -> None:
        match event:
            case AssetVersionCreated():
                versions[event.asset_version_id] = _version_created(entry, event)
                return
            case AssetVersionDescribed():
                change: Values = {"comment": event.comment}
            case AssetVersionAliased():
                change = {"version_alias": event.version_alias}
            case AssetVersionArchived():
                change = {"is_archived": True, "archived_at": entry.cause.at}
            case AssetVersionUnarchived():
                change = {"is_archived": False, "archived_at": None}
            case _:
                raise TypeError(type(event).__name__)
        versions[event.asset_version_id] |= {**change, "position": entry.position}


def folded(batch: Batch, store: ColumnarStore) -> Assets:
    """The touched assets after the batch; the store says what they were before."""
    entries = batch.of(*KINDS)
    earlier = touched(batch) - {_key(entry.event) for entry in entries if isinstance(entry.event, AssetCreated)}
    state = Assets()
    state.read(store, earlier)
    for entry in entries:
        state.add(entry)
    return state


def _key(event: Any) -> AssetKey:
    return event.database_id, event.asset_id


def _created(entry: Recorded, event: AssetCreated) -> Values:
    return {
        "database_id": event.database_id,
        "asset_id": event.asset_id,
        "asset_key": asset_key(event.database_id, event.asset_id),
        "asset_name": event.asset_name,
        "description": event.description,
        "is_distributable": event.is_distributable,
        "tags": list(event.tags),
        "s3_bucket": event.s3_bucket,
        "asset_location": event.asset_location,
        "is_archived": False,
        "archived_at": None,
        "created_at": entry.cause.at,
        "created_by": entry.cause.actor,
        "updated_at": entry.cause.at,
        "position": entry.position,
    }


def _changed(entry: Recorded) -> Values:
    match entry.event:
        case AssetRenamed(asset_name=name):
            return {"asset_name": name}
        case AssetDescribed(description=text):
            return {"description": text}
        case AssetRetagged(tags=tags):
            return {"tags": list(tags)}
        case AssetDistributionSet(is_distributable=allowed):
            return {"is_distributable": allowed}
        case AssetArchived():
            return {"is_archived": True, "archived_at": entry.cause.at}
        case AssetUnarchived():
            return {"is_archived": False, "archived_at": None}
    return {}


def _version_created(entry: Recorded, event: AssetVersionCreated) -> Values:
    return {
        "database_id": event.database_id,
        "asset_id": event.asset_id,
        "asset_version_id": event.asset_version_id,
        "comment": event.comment,
        "version_alias": event.version_alias,
        "is_archived": False,
        "archived_at": None,
        "created_at": entry.cause.at,
        "created_by": entry.cause.actor,
        "created_position": entry.position,
        "position": entry.position,
    }
