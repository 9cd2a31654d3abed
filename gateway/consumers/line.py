"""One generation's way along the log: read, prepare, then commit effect and position together."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from domain.event import Recorded
from gateway.consumers import positions
from gateway.consumers.contracts import Consumer, Feed, Pool
from gateway.consumers.errors import Fenced, LogUnavailable, Stuck, is_transient, unreadable_position
from gateway.consumers.positions import Row

PACE_WINDOW_SECONDS = 10.0
LATE_SECONDS = 5.0
"""How long events that others have applied already may take to come."""


class Page(NamedTuple):
    """Events to apply, and where the position is afterwards."""

    events: Sequence[Recorded]
    """Empty for an event that cannot be read and is passed over."""
    to: int


class Pace:
    """Events per second over the last ten seconds."""

    def __init__(self) -> None:
        self._counts = deque([(time.monotonic(), 0)])

    def add(self, count: int) -> float:
        """Count events as applied now, and say how many were per second."""
        now = time.monotonic()
        self._counts.append((now, count))
        while len(self._counts) > 2 and now - self._counts[0][0] > PACE_WINDOW_SECONDS:
            self._counts.popleft()
        since = self._counts[0][0]
        return sum(count for at, count in self._counts if at > since) / max(now - since, 1e-6)


class Line:
    """Moves one row of the table of positions; whoever else moves it makes the next step raise Fenced."""

    def __init__(
        self, consumer: Consumer, feed: Feed, pool: Pool, *, row: Row, page: int, is_flushed: bool = True
    ) -> None:
        """See contracts.is_flushed()."""
        self.row = row
        self._is_flushed = is_flushed
        self._consumer = consumer
        self._feed = feed
        self._pool = pool
        self._page = page
        self._limit = page
        self._pace = Pace()
        self._skipped = positions.skipped(row.name, pool)

    def step(self, *, upto: int | None = None) -> int:
        """Apply the next batch in a transaction of its own and return how many events it passed, 0 when none is left.

        `upto` is the last position to apply; None means the head. A batch that fails is halved until one
        event is left. Raises Stuck for that event, Fenced, LogUnavailable, and what is_transient() as it came.
        """
        while page := self._read(upto):
            try:
                self._apply(page)
            except Fenced:
                raise
            except Exception as error:
                if is_transient(error):
                    raise
                if len(page.events) == 1:
                    raise Stuck(self._consumer.name, page.events[0].position, error) from error
                self._limit = len(page.events) // 2
            else:
                self._limit = min(self._page, self._limit * 2)
                return max(len(page.events), 1)
        return 0

    def apply_within(self, connection: Connection[Any], *, upto: int) -> None:
        """Apply everything to `upto` (inclusive) in the caller's transaction; that position must be in the log.

        This process may hear of the log's newest events later than others do. Raises LogUnavailable when they do not
        come in time.
        """
        while self.row.position < upto:
            page = self._read(upto)
            if page is not None:
                self._consumer.prepare(self._wanted(page))
                self.row = self._commit(page, connection, is_flushed=True)
            elif not self._feed.wait(self.row.position, LATE_SECONDS):
                late = TimeoutError(f"the log goes to {upto}, and nothing came in {LATE_SECONDS:.0f} s")
                raise LogUnavailable(self._consumer.name, self.row.position, late) from late

    def _read(self, upto: int | None) -> Page | None:
        """None when nothing is left to `upto`."""
        if upto is not None and self.row.position >= upto:
            return None
        try:
            batch = self._feed.read(self.row.position, self._limit)
        except Exception as error:
            position = unreadable_position(error)
            if position is None:
                raise LogUnavailable(self._consumer.name, self.row.position, error) from error
            if position in self._skipped:
                return Page((), position)
            raise Stuck(self._consumer.name, position, error) from error
        events = batch if upto is None else [event for event in batch if event.position <= upto]
        return Page(events, events[-1].position) if events else None

    def _wanted(self, page: Page) -> Sequence[Recorded]:
        if not self._skipped:
            return page.events
        return [event for event in page.events if event.position not in self._skipped]

    def _apply(self, page: Page) -> None:
        self._consumer.prepare(self._wanted(page))
        with self._pool.connection() as connection:
            with connection.transaction():
                moved = self._commit(page, connection, is_flushed=self._is_flushed)
            self.row = moved
            positions.announce(connection, moved)

    def _commit(self, page: Page, connection: Connection[Any], *, is_flushed: bool) -> Row:
        # The position moves first: it locks the row, so a replaced owner is turned away before it does any work.
        rate = self._pace.add(len(page.events))
        moved = positions.advance(connection, self.row, to=page.to, events_per_second=rate, is_flushed=is_flushed)
        if wanted := self._wanted(page):
            self._consumer.commit(wanted, connection)
        return moved
