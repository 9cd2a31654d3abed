"""Folds the events of folders."""

from __future__ import annotations

from domain.event import Recorded
from domain.folders.events import FolderCreated, FolderDeleted
from projections.vams.rows import FolderRow
from projections.vams.sheets import Sheets


def created(sheets: Sheets, entry: Recorded, event: FolderCreated) -> None:
    """A folder without files."""
    row = FolderRow(event.database_id, event.asset_id, event.path, entry.cause.at, entry.cause.actor, entry.position)
    sheets.folders.put(row, entry.position)


def deleted(sheets: Sheets, entry: Recorded, event: FolderDeleted) -> None:
    """The row is gone."""
    sheets.folders.remove((event.database_id, event.asset_id, event.path), entry.position)
