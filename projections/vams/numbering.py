"""Folds the events of asset versions and of reverts; what a version holds is copied in versions.py."""

from __future__ import annotations

from typing import Any

from domain.assets.events import (
    AssetEvent,
    AssetReverted,
    AssetRevertFailed,
    AssetRevertRequested,
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionUnarchived,
)
from domain.event import Recorded
from projections.vams.assets import change_asset
from projections.vams.rows import AssetRevertRow, AssetVersionRow
from projections.vams.sheets import Sheets


def created(sheets: Sheets, entry: Recorded, event: AssetVersionCreated) -> None:
    """A version, which is the current one from now on."""
    row = AssetVersionRow(
        database_id=event.database_id,
        asset_id=event.asset_id,
        asset_version_id=event.asset_version_id,
        version_alias=event.version_alias,
        comment=event.comment,
        is_archived=False,
        created_at=entry.cause.at,
        created_by=entry.cause.actor,
        position=entry.position,
    )
    sheets.versions.put(row, entry.position)
    sheets.bookmarks.append((row, event))
    change_asset(sheets, entry, event, current_version=event.asset_version_id)


def described(sheets: Sheets, entry: Recorded, event: AssetVersionDescribed) -> None:
    """Another comment."""
    _change(sheets, entry, event, number=event.asset_version_id, comment=event.comment)


def aliased(sheets: Sheets, entry: Recorded, event: AssetVersionAliased) -> None:
    """Another alias, or none."""
    _change(sheets, entry, event, number=event.asset_version_id, version_alias=event.version_alias)


def archived(sheets: Sheets, entry: Recorded, event: AssetVersionArchived) -> None:
    """Out of the default list."""
    _change(sheets, entry, event, number=event.asset_version_id, is_archived=True)


def unarchived(sheets: Sheets, entry: Recorded, event: AssetVersionUnarchived) -> None:
    """In the default list again."""
    _change(sheets, entry, event, number=event.asset_version_id, is_archived=False)


def revert_requested(sheets: Sheets, entry: Recorded, event: AssetRevertRequested) -> None:
    """A revert that is still to be done."""
    row = AssetRevertRow(
        database_id=event.database_id,
        asset_id=event.asset_id,
        revert_id=event.revert_id,
        reverted_from=event.asset_version_id,
        comment=event.comment,
        with_metadata=event.with_metadata,
        state="REQUESTED",
        asset_version_id=None,
        skipped_paths=[],
        failure=None,
        requested_at=entry.cause.at,
        requested_by=entry.cause.actor,
        ended_at=None,
        position=entry.position,
    )
    sheets.reverts.put(row, entry.position)
    change_asset(sheets, entry, event)


def reverted(sheets: Sheets, entry: Recorded, event: AssetReverted) -> None:
    """Done, with the version that was made."""
    skipped = list(event.skipped_paths)
    _end(sheets, entry, event, state="DONE", asset_version_id=event.asset_version_id, skipped_paths=skipped)


def revert_failed(sheets: Sheets, entry: Recorded, event: AssetRevertFailed) -> None:
    """Given up."""
    _end(sheets, entry, event, state="FAILED", failure=event.message)


def _change(sheets: Sheets, entry: Recorded, event: AssetEvent, *, number: int, **values: Any) -> None:
    row = sheets.versions.get((event.database_id, event.asset_id, number))
    sheets.versions.put(row._replace(**values), entry.position)
    change_asset(sheets, entry, event)


def _end(sheets: Sheets, entry: Recorded, event: AssetReverted | AssetRevertFailed, **values: Any) -> None:
    row = sheets.reverts.get((event.database_id, event.asset_id, event.revert_id))
    sheets.reverts.put(row._replace(**values, ended_at=entry.cause.at, position=entry.position), entry.position)
    change_asset(sheets, entry, event)
