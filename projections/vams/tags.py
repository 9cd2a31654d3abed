"""Folds the vocabulary of tags."""

from __future__ import annotations

from typing import Any

from domain.event import Recorded
from domain.tags.events import (
    TagCreated,
    TagDeleted,
    TagDescribed,
    TagEvent,
    TagRetyped,
    TagTypeCreated,
    TagTypeDeleted,
    TagTypeDescribed,
    TagTypeEvent,
    TagTypeRequirementSet,
)
from projections.vams.rows import TagRow, TagTypeRow
from projections.vams.sheets import Sheets


def type_created(sheets: Sheets, entry: Recorded, event: TagTypeCreated) -> None:
    """A type at its first revision."""
    row = TagTypeRow(event.tag_type_name, event.description, event.is_required, 1, entry.position)
    sheets.tag_types.put(row, entry.position)


def type_described(sheets: Sheets, entry: Recorded, event: TagTypeDescribed) -> None:
    """Another description."""
    _change_type(sheets, entry, event, description=event.description)


def requirement_set(sheets: Sheets, entry: Recorded, event: TagTypeRequirementSet) -> None:
    """Required or not."""
    _change_type(sheets, entry, event, required=event.is_required)


def type_deleted(sheets: Sheets, entry: Recorded, event: TagTypeDeleted) -> None:
    """The row is gone."""
    sheets.tag_types.remove((event.tag_type_name,), entry.position)


def created(sheets: Sheets, entry: Recorded, event: TagCreated) -> None:
    """A tag at its first revision."""
    row = TagRow(event.tag_name, event.tag_type_name, event.description, 1, entry.position)
    sheets.tags.put(row, entry.position)


def described(sheets: Sheets, entry: Recorded, event: TagDescribed) -> None:
    """Another description."""
    _change(sheets, entry, event, description=event.description)


def retyped(sheets: Sheets, entry: Recorded, event: TagRetyped) -> None:
    """Another type."""
    _change(sheets, entry, event, tag_type_name=event.tag_type_name)


def deleted(sheets: Sheets, entry: Recorded, event: TagDeleted) -> None:
    """The row is gone."""
    sheets.tags.remove((event.tag_name,), entry.position)


def _change_type(sheets: Sheets, entry: Recorded, event: TagTypeEvent, **values: Any) -> None:
    row = sheets.tag_types.get((event.tag_type_name,))
    changed = row._replace(**values, revision=row.revision + 1, position=entry.position)
    sheets.tag_types.put(changed, entry.position)


def _change(sheets: Sheets, entry: Recorded, event: TagEvent, **values: Any) -> None:
    row = sheets.tags.get((event.tag_name,))
    sheets.tags.put(row._replace(**values, revision=row.revision + 1, position=entry.position), entry.position)
