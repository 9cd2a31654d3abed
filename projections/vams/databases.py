"""Folds the events of buckets and databases."""

from __future__ import annotations

from typing import Any

from domain.buckets.events import BucketRegistered, BucketSyncDatabaseSet
from domain.databases.events import (
    DatabaseBucketSet,
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseDescribed,
    DatabaseEvent,
    DatabaseExtensionsBlocked,
    DatabaseMetadataRemoved,
    DatabaseMetadataSet,
    DatabaseRestored,
    DatabaseRestrictionsSet,
)
from domain.event import Recorded
from projections.vams.rows import BucketRow, DatabaseMetadataRow, DatabaseRow
from projections.vams.sheets import Sheets


def bucket_registered(sheets: Sheets, entry: Recorded, event: BucketRegistered) -> None:
    """A bucket row."""
    row = BucketRow(event.bucket_id, event.bucket_name, event.base_assets_prefix, event.is_versioning_enabled, None)
    sheets.buckets.put(row, entry.position)


def bucket_sync_database_set(sheets: Sheets, entry: Recorded, event: BucketSyncDatabaseSet) -> None:
    """Where its new folders become assets."""
    row = sheets.buckets.get((event.bucket_id,))
    sheets.buckets.put(row._replace(sync_database_id=event.sync_database_id), entry.position)


def database_created(sheets: Sheets, entry: Recorded, event: DatabaseCreated) -> None:
    """A database without assets."""
    row = DatabaseRow(
        database_id=event.database_id,
        description=event.description,
        default_bucket_id=event.default_bucket_id,
        restrict_metadata_outside_schemas=event.restrict_metadata_outside_schemas,
        restrict_file_uploads_to_extensions=list(event.restrict_file_uploads_to_extensions),
        blocked_file_extensions=[],
        asset_count=0,
        created_at=entry.cause.at,
        archived_at=None,
        revision=entry.revision,
        position=entry.position,
    )
    sheets.databases.put(row, entry.position)


def metadata_set(sheets: Sheets, entry: Recorded, event: DatabaseMetadataSet) -> None:
    """A row an entry."""
    for given in event.entries:
        row = DatabaseMetadataRow(event.database_id, given.key, given.value, given.value_type, entry.position)
        sheets.database_metadata.put(row, entry.position)
    _touch(sheets, entry, event)


def metadata_removed(sheets: Sheets, entry: Recorded, event: DatabaseMetadataRemoved) -> None:
    """The rows are gone."""
    for key in event.keys:
        sheets.database_metadata.remove((event.database_id, key), entry.position)
    _touch(sheets, entry, event)


def described(sheets: Sheets, entry: Recorded, event: DatabaseDescribed) -> None:
    """Another description."""
    _touch(sheets, entry, event, description=event.description)


def bucket_set(sheets: Sheets, entry: Recorded, event: DatabaseBucketSet) -> None:
    """Another bucket for new assets."""
    _touch(sheets, entry, event, default_bucket_id=event.default_bucket_id)


def restrictions_set(sheets: Sheets, entry: Recorded, event: DatabaseRestrictionsSet) -> None:
    """Other restrictions."""
    _touch(
        sheets,
        entry,
        event,
        restrict_metadata_outside_schemas=event.restrict_metadata_outside_schemas,
        restrict_file_uploads_to_extensions=list(event.restrict_file_uploads_to_extensions),
    )


def extensions_blocked(sheets: Sheets, entry: Recorded, event: DatabaseExtensionsBlocked) -> None:
    """Other blocked extensions."""
    _touch(sheets, entry, event, blocked_file_extensions=list(event.blocked_file_extensions))


def deleted(sheets: Sheets, entry: Recorded, event: DatabaseDeleted) -> None:
    """Out of the default list, with the time."""
    _touch(sheets, entry, event, archived_at=entry.cause.at)


def restored(sheets: Sheets, entry: Recorded, event: DatabaseRestored) -> None:
    """In the default list again."""
    _touch(sheets, entry, event, archived_at=None)


def count_assets(sheets: Sheets, entry: Recorded, database_id: str, *, more: int) -> None:
    """The database has so many more active assets; its own revision stays."""
    row = sheets.databases.get((database_id,))
    sheets.databases.put(row._replace(asset_count=row.asset_count + more), entry.position)


def _touch(sheets: Sheets, entry: Recorded, event: DatabaseEvent, **values: Any) -> None:
    row = sheets.databases.get((event.database_id,))
    sheets.databases.put(row._replace(**values, revision=entry.revision, position=entry.position), entry.position)
