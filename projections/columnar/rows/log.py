"""Rows of events: the whole log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from domain.event import Event
from projections.columnar.rows.columns import table_of
from projections.columnar.rows.kinds import Batch
from projections.columnar.tables import EVENTS

KEYS = ("database_id", "asset_id", "path")


def event_rows(batch: Batch) -> pa.Table:
    """A row an event; the payload is the event as JSON, without its cause, which has columns of its own."""
    entries = batch.entries
    causes = [entry.cause for entry in entries]
    events = [entry.event for entry in entries]
    columns: list[list[Any]] = [
        [entry.position for entry in entries],
        [type(event).__name__ for event in events],
        [cause.at for cause in causes],
        [cause.actor for cause in causes],
        [cause.correlation_id for cause in causes],
        [cause.causation_position for cause in causes],
        *_keys(events),
        [str(entry.stream_id) for entry in entries],
        [entry.revision for entry in entries],
        batch.payloads,
    ]
    return table_of(EVENTS, columns)


def _keys(events: Sequence[Event]) -> list[list[Any]]:
    """The ids that an event's class has; looking for one that it lacks would cost more than all others."""
    has: dict[type[Event], tuple[bool, ...]] = {
        kind: tuple(name in kind.__struct_fields__ for name in KEYS) for kind in {type(event) for event in events}
    }
    return [
        [getattr(event, name) if has[type(event)][place] else None for event in events]
        for place, name in enumerate(KEYS)
    ]
