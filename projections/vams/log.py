"""The index row of one event of the log."""

from __future__ import annotations

from domain.event import Recorded
from projections.vams.rows import LogRow


def log_row(entry: Recorded) -> LogRow:
    """Who, when and what about; the three ids are None where the event has no such field."""
    cause, event = entry.cause, entry.event
    return LogRow(
        entry.position,
        type(event).__name__,
        cause.at,
        cause.actor,
        cause.correlation_id,
        cause.causation_position,
        getattr(event, "database_id", None),
        getattr(event, "asset_id", None),
        getattr(event, "path", None),
    )
