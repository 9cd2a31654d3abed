"""Folds the events of API keys."""

from __future__ import annotations

from domain.api_keys.events import ApiKeyChanged, ApiKeyCreated, ApiKeyDeleted
from domain.event import Recorded
from projections.vams.access_rows import ApiKeyRow
from projections.vams.sheets import Sheets


def created(sheets: Sheets, entry: Recorded, event: ApiKeyCreated) -> None:
    """A key row."""
    row = ApiKeyRow(
        api_key_id=event.api_key_id,
        api_key_name=event.api_key_name,
        api_key_hash=event.api_key_hash,
        user_id=event.user_id,
        description=event.description,
        created_by=entry.cause.actor,
        created_at=entry.cause.at,
        updated_at=entry.cause.at,
        expires_at=event.expires_at,
        is_active=True,
        revision=entry.revision,
        position=entry.position,
    )
    sheets.api_keys.put(row, entry.position)


def changed(sheets: Sheets, entry: Recorded, event: ApiKeyChanged) -> None:
    """Other values."""
    row = sheets.api_keys.get((event.api_key_id,))
    after = row._replace(
        description=event.description,
        is_active=event.is_active,
        expires_at=event.expires_at,
        updated_at=entry.cause.at,
        revision=entry.revision,
        position=entry.position,
    )
    sheets.api_keys.put(after, entry.position)


def deleted(sheets: Sheets, entry: Recorded, event: ApiKeyDeleted) -> None:
    """The row is gone."""
    sheets.api_keys.remove((event.api_key_id,), entry.position)
