"""Rows of events: the whole log."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.event import Recorded


def event_row(entry: Recorded) -> tuple[Any, ...]:
    """The row; the payload is the event as JSON, without its cause, which has columns of its own."""
    cause, event = entry.cause, entry.event
    return (
        entry.position,
        type(event).__name__,
        cause.at,
        cause.actor,
        cause.correlation_id,
        cause.causation_position,
        getattr(event, "database_id", None),
        getattr(event, "asset_id", None),
        getattr(event, "path", None),
        str(entry.stream_id),
        entry.revision,
        msgspec.json.encode(event).decode(),
    )
