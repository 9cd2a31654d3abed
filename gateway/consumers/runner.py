"""The runner: keeps one follower at the head of the log, for as long as its process lives."""

from __future__ import annotations

import logging
from threading import Event

import psycopg

from gateway.consumers import positions
from gateway.consumers.contracts import Consumer, Feed, Follower, Pool, Print, Projection, shape_of
from gateway.consumers.errors import Fenced, Stuck, is_transient
from gateway.consumers.line import Line
from gateway.consumers.ownership import Ownership
from gateway.consumers.positions import Row, State
from projections.printing import Target

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
"""How long a runner may take to notice `stop`, a retry, or an event that no NOTIFY told of."""
LONGEST_DELAY_SECONDS = 15.0


def run(follower: Follower, feed: Feed, pool: Pool, *, stop: Event, page: int = 1000) -> None:
    """Follow the log until `stop` is set; blocks, so each follower has a thread of its own.

    Of all processes that run a follower of this name one works and the others stand by. What fails is shown
    in the table of positions and stops this follower alone; see Runner. Raises UnknownConsumer when
    ensure() never ran.
    """
    delay = Delay(stop)
    runner = Runner(follower, feed, pool, page=page)
    while not stop.is_set():
        try:
            with Ownership(pool, f"run.{follower.name}") as ownership:
                if ownership.acquire(stop):
                    runner.serve(ownership, stop)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            logger.exception("%s cannot reach the database; trying again", follower.name)
            delay.grow()
        else:
            delay.reset()
            # The lock is free now; whoever stands by gets a turn before this process asks for it again.
            stop.wait(POLL_SECONDS)


class Delay:
    """A pause that doubles from a tenth of a second to fifteen; `stop` ends it."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop
        self.reset()

    def reset(self) -> None:
        """Start again from the shortest pause."""
        self._seconds = 0.1

    def grow(self) -> None:
        """Pause, and pause longer next time."""
        self._stop.wait(self._seconds)
        self._seconds = min(self._seconds * 2, LONGEST_DELAY_SECONDS)


class Runner:
    """Applies batches as the owner of a follower, and decides what a failure means.

    A failure that may pass by itself is tried again with growing pauses, shown as `failed`. Any other is
    narrowed down to one event and shown as `stopped`; the runner then waits for retry() and skips nothing.
    """

    def __init__(self, follower: Follower, feed: Feed, pool: Pool, *, page: int) -> None:
        self._follower = follower
        self._feed = feed
        self._pool = pool
        self._page = page

    def serve(self, ownership: Ownership, stop: Event) -> None:
        """Work until `stop` is set, the ownership is lost, or the live print is of another shape than this code."""
        delay = Delay(stop)
        while ownership.is_held and not stop.is_set():
            with self._pool.connection() as connection:
                row = positions.live(connection, self._follower.name)
            if row.shape != shape_of(self._follower):
                return
            if row.state == "stopped":
                stop.wait(POLL_SECONDS)
                continue
            self._follow(row, ownership, delay, stop=stop)

    def _follow(self, row: Row, ownership: Ownership, delay: Delay, *, stop: Event) -> None:
        """Apply batches from this row on, until its place in the table has to be read again."""
        line = Line(self._consumer(row), self._feed, self._pool, row=row, page=self._page)
        try:
            while ownership.is_held and not stop.is_set():
                if not line.step():
                    self._feed.wait(line.row.position, POLL_SECONDS)
                delay.reset()
        except Fenced as error:
            logger.info("%s", error)
        except Stuck as stuck:
            logger.exception("%s is stopped", row.name)
            self._show(line.row, "stopped", str(stuck), failed_position=stuck.position)
        except Exception as error:
            if not is_transient(error):
                raise
            logger.exception("%s failed and will try again", row.name)
            self._show(line.row, "failed", f"{type(error).__name__}: {error}", failed_position=None)
            delay.grow()

    def _show(self, row: Row, state: State, failure: str, *, failed_position: int | None) -> None:
        try:
            with self._pool.connection() as connection:
                positions.fail(connection, row, state=state, failure=failure, failed_position=failed_position)
        except Fenced as error:
            logger.info("Not a failure of the live generation: %s", error)

    def _consumer(self, row: Row) -> Consumer:
        if isinstance(self._follower, Projection):
            return Print(self._follower, Target(row.generation, is_live=True))
        return self._follower
