"""One generation's way along the log: read, prepare, then commit effect and position together."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from gateway.consumers import positions
from gateway.consumers.contracts import Consumer, Feed, Pool
from gateway.consumers.errors import Fenced, LogUnavailable, Stuck, is_transient, unreadable_position
from gateway.consumers.positions import Row

PACE_WINDOW_SECONDS = 10.0


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

    def __init__(self, consumer: Consumer, feed: Feed, pool: Pool, *, row: Row, page: int) -> None:
        self.row = row
        self._consumer = consumer
        self._feed = feed
        self._pool = pool
        self._page = page
        self._limit = page
        self._pace = Pace()

    def step(self, *, upto: int | None = None) -> int:
        """Apply the next batch in a transaction of its own and return its length, 0 when nothing is left.

        `upto` is the last position to apply; None means the head. A batch that fails is halved until one
        event is left. Raises Stuck for that event, Fenced, LogUnavailable, and what is_transient() as it came.
        """
        while batch := self._read(upto):
            try:
                self._apply(batch)
            except Fenced:
                raise
            except Exception as error:
                if is_transient(error):
                    raise
                if len(batch) == 1:
                    raise Stuck(self._consumer.name, batch[0].position, error) from error
                self._limit = len(batch) // 2
            else:
                self._limit = min(self._page, self._limit * 2)
                return len(batch)
        return 0

    def apply_within(self, connection: Connection[Any], *, upto: int) -> None:
        """Apply everything to `upto` (inclusive) in the caller's transaction."""
        while batch := self._read(upto):
            self._consumer.prepare(batch)
            self.row = self._commit(batch, connection)

    def _read(self, upto: int | None) -> Sequence[Recorded]:
        if upto is not None and self.row.position >= upto:
            return []
        try:
            batch = self._feed.read(self.row.position, self._limit)
        except Exception as error:
            position = unreadable_position(error)
            if position is None:
                raise LogUnavailable(self._consumer.name, self.row.position, error) from error
            raise Stuck(self._consumer.name, position, error) from error
        return batch if upto is None else [event for event in batch if event.position <= upto]

    def _apply(self, batch: Sequence[Recorded]) -> None:
        self._consumer.prepare(batch)
        with self._pool.connection() as connection:
            with connection.transaction():
                moved = self._commit(batch, connection)
            self.row = moved
            positions.announce(connection, moved)

    def _commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> Row:
        # The position moves first: it locks the row, so a replaced owner is turned away before it does any work.
        rate = self._pace.add(len(batch))
        moved = positions.advance(connection, self.row, to=batch[-1].position, events_per_second=rate)
        self._consumer.commit(batch, connection)
        return moved
