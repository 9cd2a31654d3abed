"""The index of the log: a row an event, whatever the event is, and one more where it is about two assets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from psycopg import Cursor

from domain.event import Recorded
from domain.subjects import other_asset_of, subject_of
from projections.vams.json_text import json_text
from projections.vams.rows import LiftedRow, LogOtherRow, LogRow
from projections.vams.sheet import append

LAST = "SELECT clock, late_by FROM log_index ORDER BY position DESC LIMIT 1"


class LogIndex:
    """The rows that a batch adds, with the log's own clock, which goes on from the last row before it."""

    def __init__(self) -> None:
        self._rows: list[LogRow] = []
        self._others: list[LogOtherRow] = []
        self._lifted: list[LiftedRow] = []
        self._clock: datetime | None = None
        self._late_by = timedelta()

    def load(self, cursor: Cursor[Any]) -> None:
        """Read the clock at the end of the log so far."""
        found = cursor.execute(LAST).fetchone()
        if found is not None:
            self._clock, self._late_by = found

    def add(self, entry: Recorded) -> None:
        """Who, when and what about; and the event itself where the log has an older class version of it."""
        cause, event = entry.cause, entry.event
        self._tell(cause.at)
        assert self._clock is not None
        row = LogRow(
            entry.position,
            type(event).__name__,
            cause.at,
            cause.actor,
            cause.correlation_id,
            cause.causation_position,
            *subject_of(event),
            self._clock,
            self._late_by,
        )
        self._rows.append(row)
        other = other_asset_of(event)
        if other is not None:
            self._others.append(LogOtherRow._make((*other, *row)))
        if entry.is_lifted:
            self._lifted.append(LiftedRow(entry.position, json_text(event)))

    def write(self, cursor: Cursor[Any]) -> None:
        """Add the rows."""
        append(cursor, "log_index", LogRow._fields, self._rows)
        append(cursor, "log_index_others", LogOtherRow._fields, self._others)
        append(cursor, "log_lifted", LiftedRow._fields, self._lifted)

    def _tell(self, at: datetime) -> None:
        """The clock never goes back; how far a time lies before it is remembered at its largest."""
        self._clock = at if self._clock is None else max(self._clock, at)
        self._late_by = max(self._late_by, self._clock - at)
