"""The runner: keeps one follower at the head of the log, for as long as its process lives."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event

import psycopg

from gateway.consumers import positions
from gateway.consumers.contracts import (
    Consumer,
    Feed,
    Follower,
    Pool,
    Print,
    Projection,
    is_flushed,
    rest_of,
    shape_of,
)
from gateway.consumers.errors import Fenced, Stuck, is_transient, unreadable_position
from gateway.consumers.line import Line
from gateway.consumers.ownership import Ownership
from gateway.consumers.positions import Row, State
from projections.printing import Target

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
"""How long a runner may take to notice `stop`, a retry, or an event that no NOTIFY told of."""
LONGEST_DELAY_SECONDS = 15.0
ORPHANED_SECONDS = 10.0
"""A live print that no process of its shape followed for so long belongs to a release that is gone."""


def run(
    follower: Follower,
    feed: Feed,
    pool: Pool,
    *,
    stop: Event,
    page: int = 1000,
    strike: Callable[[], None] | None = None,
    orphaned_seconds: float = ORPHANED_SECONDS,
) -> None:
    """Follow the log until `stop` is set; blocks, so each follower has a thread of its own.

    Of all processes that run a follower of this name one works and the others stand by. What fails is shown
    in the table of positions and stops this follower alone; see Runner. `strike` makes a live print of this code's
    shape, and is called when nobody has followed the live one of another shape for a while. Raises UnknownConsumer
    when ensure() never ran.
    """
    delay = Delay(stop)
    runner = Runner(follower, feed, pool, page=page)
    turns = Turns(orphaned_seconds)
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
            if strike and turns.are_all_mine(is_other_shape=runner.is_other_shape) and not stop.is_set():
                strike()
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


class Turns:
    """How long this process has been given the lock, again and again, of a print that it cannot follow.

    A process of the print's own shape would have taken it meanwhile, and kept it.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: float | None = None
        self._last = 0.0

    def are_all_mine(self, *, is_other_shape: bool) -> bool:
        """Count one turn; whether they have lasted so many seconds."""
        now = time.monotonic()
        if not is_other_shape:
            self._since = None
        elif self._since is None or now - self._last > ORPHANED_SECONDS / 3:
            self._since = now
        self._last = now
        if self._since is None or now - self._since < self._seconds:
            return False
        self._since = None
        return True


class Runner:
    """Applies batches as the owner of a follower, and decides what a failure means.

    A failure that may pass by itself is tried again with growing pauses, shown as `failed`. Any other is
    narrowed down to one event and shown as `stopped`; the runner then waits for retry() and skips nothing. A process
    that takes over tries once by itself, as it may be of a release that can; one that cannot even read the event
    leaves the follower to whoever can.
    """

    def __init__(self, follower: Follower, feed: Feed, pool: Pool, *, page: int) -> None:
        self._follower = follower
        self._feed = feed
        self._pool = pool
        self._page = page
        self._unreadable: int | None = None
        self.is_other_shape = False
        """Whether the last turn ended because the live print is of another shape."""

    def serve(self, ownership: Ownership, stop: Event) -> None:
        """Work until `stop` is set, the ownership is lost, or the print or an event is of another release than this."""
        delay = Delay(stop)
        self.is_other_shape = False
        has_tried = False
        while ownership.is_held and not stop.is_set():
            with self._pool.connection() as connection:
                row = positions.live(connection, self._follower.name)
            self.is_other_shape = row.shape != shape_of(self._follower)
            if self.is_other_shape or (row.state == "stopped" and row.failed_position == self._unreadable):
                return
            if row.state == "stopped" and has_tried:
                stop.wait(POLL_SECONDS)
                continue
            has_tried = True
            self._follow(row, ownership, delay, stop=stop)

    def _follow(self, row: Row, ownership: Ownership, delay: Delay, *, stop: Event) -> None:
        """Apply batches from this row on, until its place in the table has to be read again."""
        is_durable, rest = is_flushed(self._follower), rest_of(self._follower)
        consumer = self._consumer(row)
        line = Line(consumer, self._feed, self._pool, row=row, page=self._page, is_flushed=is_durable)
        try:
            while ownership.is_held and not stop.is_set():
                applied = line.step()
                if not applied:
                    self._feed.wait(line.row.position, POLL_SECONDS)
                elif rest and applied < self._page:
                    stop.wait(rest)
                delay.reset()
        except Fenced as error:
            logger.info("%s", error)
        except Stuck as stuck:
            logger.exception("%s is stopped", row.name)
            self._unreadable = unreadable_position(stuck.__cause__)
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
