"""Folds the events of assets; what a version holds is copied in versions.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.assets.events import (
    AssetArchived,
    AssetCreated,
    AssetDescribed,
    AssetDistributionSet,
    AssetEvent,
    AssetMetadataRemoved,
    AssetMetadataSet,
    AssetPermanentlyDeleted,
    AssetPreviewDeleted,
    AssetPreviewSet,
    AssetRenamed,
    AssetRetagged,
    AssetUnarchived,
)
from domain.event import Recorded
from domain.metadata import MetadataEntry
from projections.vams.census import NO_FILES
from projections.vams.databases import count_assets
from projections.vams.rows import AssetRow, MetadataRow
from projections.vams.sheets import ASSET_LEVEL, Sheets


def created(sheets: Sheets, entry: Recorded, event: AssetCreated) -> None:
    """An asset without files, with its first metadata."""
    row = AssetRow(
        database_id=event.database_id,
        asset_id=event.asset_id,
        asset_name=event.asset_name,
        asset_type=NO_FILES,
        description=event.description,
        is_distributable=event.is_distributable,
        tags=list(event.tags),
        bucket_id=event.bucket_id,
        s3_bucket=event.s3_bucket,
        asset_location=event.asset_location,
        preview_location=None,
        preview_version_id=None,
        created_at=entry.cause.at,
        updated_at=entry.cause.at,
        archived_at=None,
        archived_reason=None,
        current_version=None,
        revision=entry.revision,
        position=entry.position,
    )
    sheets.assets.put(row, entry.position)
    _set_metadata(sheets, entry, event, event.metadata)
    count_assets(sheets, entry, event.database_id, more=1)


def renamed(sheets: Sheets, entry: Recorded, event: AssetRenamed) -> None:
    """Another name."""
    change_asset(sheets, entry, event, asset_name=event.asset_name)


def described(sheets: Sheets, entry: Recorded, event: AssetDescribed) -> None:
    """Another description."""
    change_asset(sheets, entry, event, description=event.description)


def retagged(sheets: Sheets, entry: Recorded, event: AssetRetagged) -> None:
    """Other tags."""
    change_asset(sheets, entry, event, tags=list(event.tags))


def distribution_set(sheets: Sheets, entry: Recorded, event: AssetDistributionSet) -> None:
    """Downloads allowed or not."""
    change_asset(sheets, entry, event, is_distributable=event.is_distributable)


def archived(sheets: Sheets, entry: Recorded, event: AssetArchived) -> None:
    """Archived, with the time, and no longer counted."""
    change_asset(sheets, entry, event, archived_at=entry.cause.at, archived_reason=event.reason)
    count_assets(sheets, entry, event.database_id, more=-1)


def unarchived(sheets: Sheets, entry: Recorded, event: AssetUnarchived) -> None:
    """As it was before it was archived, and counted again."""
    change_asset(sheets, entry, event, archived_at=None, archived_reason=None)
    count_assets(sheets, entry, event.database_id, more=1)


def metadata_set(sheets: Sheets, entry: Recorded, event: AssetMetadataSet) -> None:
    """A row an entry, under the asset's own path."""
    _set_metadata(sheets, entry, event, event.entries)
    change_asset(sheets, entry, event)


def metadata_removed(sheets: Sheets, entry: Recorded, event: AssetMetadataRemoved) -> None:
    """The rows are gone."""
    for key in event.keys:
        sheets.metadata.remove((event.database_id, event.asset_id, ASSET_LEVEL, key), entry.position)
    change_asset(sheets, entry, event)


def preview_set(sheets: Sheets, entry: Recorded, event: AssetPreviewSet) -> None:
    """Another preview image."""
    stored = event.stored
    change_asset(sheets, entry, event, preview_location=stored.s3_key, preview_version_id=stored.s3_version_id)


def preview_deleted(sheets: Sheets, entry: Recorded, event: AssetPreviewDeleted) -> None:
    """No preview image."""
    change_asset(sheets, entry, event, preview_location=None, preview_version_id=None)


def permanently_deleted(sheets: Sheets, entry: Recorded, event: AssetPermanentlyDeleted) -> None:
    """The row is gone and no longer counted; what hangs from it goes in `removals`."""
    key = (event.database_id, event.asset_id)
    if sheets.assets.get(key).archived_at is None:
        count_assets(sheets, entry, event.database_id, more=-1)
    sheets.assets.remove(key, entry.position)
    sheets.deleted_assets.append((*key, entry.position))


def change_asset(sheets: Sheets, entry: Recorded, event: AssetEvent, **values: Any) -> None:
    """Another state of the asset's row, of this event."""
    row = sheets.assets.get((event.database_id, event.asset_id))
    changed = row._replace(**values, updated_at=entry.cause.at, revision=entry.revision, position=entry.position)
    sheets.assets.put(changed, entry.position)


def _set_metadata(sheets: Sheets, entry: Recorded, event: AssetEvent, entries: Sequence[MetadataEntry]) -> None:
    for given in entries:
        owner = (event.database_id, event.asset_id, ASSET_LEVEL)
        row = MetadataRow(*owner, given.key, given.value, given.value_type, entry.position)
        sheets.metadata.put(row, entry.position)
