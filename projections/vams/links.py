"""Folds the events of links; the streams that guard the graph change no table."""

from __future__ import annotations

from typing import Any

from domain.event import Recorded
from domain.links.events import (
    AssetLinkAliasSet,
    AssetLinkCreated,
    AssetLinkDeleted,
    AssetLinkEvent,
    AssetLinkMetadataRemoved,
    AssetLinkMetadataSet,
    AssetLinkRetagged,
)
from projections.vams.rows import AssetLinkMetadataRow, AssetLinkRow
from projections.vams.sheets import Sheets


def created(sheets: Sheets, entry: Recorded, event: AssetLinkCreated) -> None:
    """A link without metadata."""
    row = AssetLinkRow(
        asset_link_id=event.asset_link_id,
        from_asset_database_id=event.from_database_id,
        from_asset_id=event.from_asset_id,
        to_asset_database_id=event.to_database_id,
        to_asset_id=event.to_asset_id,
        relationship_type=event.relationship_type,
        asset_link_alias_id=event.asset_link_alias_id,
        tags=list(event.tags),
        created_at=entry.cause.at,
        updated_at=entry.cause.at,
        revision=entry.revision,
        position=entry.position,
    )
    sheets.links.put(row, entry.position)


def alias_set(sheets: Sheets, entry: Recorded, event: AssetLinkAliasSet) -> None:
    """Another alias, or none."""
    _change(sheets, entry, event, asset_link_alias_id=event.asset_link_alias_id)


def retagged(sheets: Sheets, entry: Recorded, event: AssetLinkRetagged) -> None:
    """Other tags."""
    _change(sheets, entry, event, tags=list(event.tags))


def metadata_set(sheets: Sheets, entry: Recorded, event: AssetLinkMetadataSet) -> None:
    """A row an entry."""
    for given in event.entries:
        row = AssetLinkMetadataRow(event.asset_link_id, given.key, given.value, given.value_type, entry.position)
        sheets.link_metadata.put(row, entry.position)
    _change(sheets, entry, event)


def metadata_removed(sheets: Sheets, entry: Recorded, event: AssetLinkMetadataRemoved) -> None:
    """The rows are gone."""
    for key in event.keys:
        sheets.link_metadata.remove((event.asset_link_id, key), entry.position)
    _change(sheets, entry, event)


def deleted(sheets: Sheets, entry: Recorded, event: AssetLinkDeleted) -> None:
    """The row is gone."""
    sheets.links.remove((event.asset_link_id,), entry.position)


def _change(sheets: Sheets, entry: Recorded, event: AssetLinkEvent, **values: Any) -> None:
    row = sheets.links.get((event.asset_link_id,))
    changed = row._replace(**values, updated_at=entry.cause.at, revision=entry.revision, position=entry.position)
    sheets.links.put(changed, entry.position)
