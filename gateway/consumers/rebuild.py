"""Rebuild: strike a projection again beside the live print and swap the two; and back again."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event, Lock

from gateway.consumers import generations, positions
from gateway.consumers.ahead import ReadAhead
from gateway.consumers.contracts import Feed, Pool, Print, Projection
from gateway.consumers.errors import NothingToRollBackTo, PrintsOccupied, Stuck
from gateway.consumers.line import Line
from gateway.consumers.ownership import Ownership
from gateway.consumers.patience import patiently
from gateway.consumers.positions import Row
from projections.printing import Target

CLOSE_ENOUGH = 500
"""Events that a swap may still have to apply, while the live print waits for it."""
YOUNG_OBJECTS = 200_000
"""Allocations between two looks of the collector while a print is filled."""
OCCUPIED_SECONDS = 1.0
"""How long a rebuild waits for the lock of one that was just killed before it says that another one runs."""


class Seldom:
    """Lets the collector of cycles look at the hundred thousands of objects of a page once, not hundreds of times.

    Neither events nor the rows made of them hold cycles; with Python's own thresholds a rebuild takes a sixth longer.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._fills = 0
        self._usual = gc.get_threshold()

    def __enter__(self) -> None:
        with self._lock:
            if not self._fills:
                self._usual = gc.get_threshold()
                gc.set_threshold(YOUNG_OBJECTS, *self._usual[1:])
            self._fills += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._fills -= 1
            if not self._fills:
                gc.set_threshold(*self._usual)


SELDOM = Seldom()


@dataclass(frozen=True)
class Progress:
    """How far a new print has come."""

    position: int
    head: int
    events_per_second: float
    seconds_left: float | None
    """None while the rate is not known."""


def rebuild(
    projection: Projection,
    feed: Feed,
    pool: Pool,
    *,
    progress: Callable[[Progress], None],
    to: int | None = None,
    page: int | None = None,
) -> int:
    """Fill a new generation from position 0, make it live, keep the one it replaces, and return its number.

    A rebuild that was interrupted anywhere is resumed, unless the projection's shape has changed since. With `to` it
    goes no further than that position (inclusive), makes nothing live, and is resumed by the next call. Only the one
    print that was replaced last is kept. Raises PrintsOccupied, Stuck (shown in the table too), or Fenced when this
    process stalled for so long that another took over.
    """
    with owning(projection, pool), ReadAhead(feed) as ahead:
        row = generations.find_building(projection, pool)
        generations.drop_leftovers(projection, pool)
        row = row or generations.begin(projection, pool, "building")
        line = line_of(projection, ahead, pool, row=row, page=page)
        try:
            fill(line, feed, progress=progress, upto=to)
            if to is None:
                generations.complete(projection, pool, line.row)
                catch_up(line, feed, progress=progress)
                _swap(projection, line, feed, pool=pool)
                generations.drop_leftovers(projection, pool)
        except Stuck as stuck:
            _show(line.row, stuck, pool)
            raise
    return row.generation


def rollback(
    projection: Projection, feed: Feed, pool: Pool, *, progress: Callable[[Progress], None], page: int | None = None
) -> int:
    """Bring the print that was replaced last to the head, make it live again, and return its number.

    The one it replaces is kept in its place, so that a second call returns to it. Raises NothingToRollBackTo, and
    what rebuild() raises.
    """
    with owning(projection, pool), ReadAhead(feed) as ahead:
        row = generations.find_previous(projection, pool)
        if row is None or row.shape != projection.shape:
            raise NothingToRollBackTo(projection.name, shape=None if row is None else row.shape, code=projection.shape)
        line = line_of(projection, ahead, pool, row=row, page=page)
        fill(line, feed, progress=progress, upto=None)
        _swap(projection, line, feed, pool=pool)
    return row.generation


def discard(projection: Projection, pool: Pool) -> list[int]:
    """Drop every print that is not live, also one that waits to be resumed; returns their numbers."""
    with owning(projection, pool):
        row = generations.find_building(projection, pool)
        if row is not None:
            with pool.connection() as connection:
                positions.change_role(connection, row, "scratch")
        return generations.drop_leftovers(projection, pool, with_previous=True)


@contextmanager
def owning(projection: Projection, pool: Pool) -> Iterator[None]:
    """Be the only one to make or drop prints of the projection. Raises PrintsOccupied."""
    with Ownership(pool, f"prints.{projection.name}") as ownership:
        if not ownership.acquire(Event(), timeout_seconds=OCCUPIED_SECONDS):
            raise PrintsOccupied(projection.name)
        yield


def line_of(projection: Projection, feed: Feed, pool: Pool, *, row: Row, page: int | None = None) -> Line:
    """The line that fills a print which is not live, in pages of the projection's unless told otherwise."""
    consumer = Print(projection, Target(row.generation, is_live=False))
    return Line(consumer, feed, pool, row=row, page=page or projection.page)


def fill(line: Line, feed: Feed, *, progress: Callable[[Progress], None], upto: int | None) -> None:
    """Apply batches to `upto` (inclusive), telling how far it is. None means close enough to the head for a swap.

    Under constant writes a slow print is never at the head; what is left then is applied inside the swap. A batch that
    fails in a way that may pass, as the first does on top of what a killed rebuild left behind, is tried again.
    """
    while True:
        goal = feed.head() if upto is None else min(upto, feed.head())
        with SELDOM:
            while patiently(partial(line.step, upto=goal), name=line.row.name):
                progress(_progress(line.row, goal))
        if upto is not None or feed.head() - line.row.position <= CLOSE_ENOUGH:
            return


def catch_up(line: Line, feed: Feed, *, progress: Callable[[Progress], None]) -> None:
    """Apply what came while the print was finished, as far as that is more than a swap may take."""
    if feed.head() - line.row.position > CLOSE_ENOUGH:
        fill(line, feed, progress=progress, upto=None)


def _progress(row: Row, head: int) -> Progress:
    return Progress(row.position, max(head, row.position), row.events_per_second, row.seconds_to(head))


def _swap(projection: Projection, line: Line, feed: Feed, *, pool: Pool) -> None:
    """Make the new print live in one transaction."""
    filled = line.row

    def swap() -> Row:
        line.row = filled
        return _swapped(projection, line, feed, pool=pool)

    published = patiently(swap, name=filled.name)
    projection.settle(generation=published.generation)


def _swapped(projection: Projection, line: Line, feed: Feed, *, pool: Pool) -> Row:
    """The row of the new print, live from the transaction's end on."""
    with pool.connection() as connection:
        with connection.transaction():
            positions.limit_idling(connection)
            # The lock lets the live runner finish its batch and holds it before the next, which is then fenced.
            replaced = positions.live(connection, projection.name, is_locking=True)
            line.apply_within(connection, upto=max(feed.head(), replaced.position))
            projection.publish(connection, generation=line.row.generation, replaced=replaced.generation)
            positions.change_role(connection, replaced, "previous")
            published = positions.change_role(connection, line.row, "live")
        positions.announce(connection, published)
    return published


def _show(row: Row, stuck: Stuck, pool: Pool) -> None:
    with pool.connection() as connection:
        positions.fail(connection, row, state="stopped", failure=str(stuck), failed_position=stuck.position)
