"""Rebuild: strike a projection again beside the live print, swap the two, drop the old one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from gateway.consumers import generations, positions
from gateway.consumers.contracts import Feed, Pool, Print, Projection
from gateway.consumers.errors import PrintsOccupied, Stuck
from gateway.consumers.line import Line
from gateway.consumers.ownership import Ownership
from gateway.consumers.positions import Row
from projections.printing import Target

PAGE = 5000
OCCUPIED_SECONDS = 1.0
"""How long a rebuild waits for the lock of one that was just killed before it says that another one runs."""


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
    until_caught_up: bool = True,
    page: int = PAGE,
) -> int:
    """Fill a new generation from position 0, make it live, drop the one it replaces, and return its number.

    A rebuild that was interrupted anywhere is resumed, unless the projection's shape has changed since.
    With `until_caught_up` false it goes no further than the head it finds at the start, makes nothing live,
    and is resumed by the next call. Raises PrintsOccupied, Stuck (shown in the table too), or Fenced when
    this process stalled for so long that another took over.
    """
    with Ownership(pool, f"prints.{projection.name}") as ownership:
        if not ownership.acquire(Event(), timeout_seconds=OCCUPIED_SECONDS):
            raise PrintsOccupied(projection.name)
        row = generations.find_building(projection, pool)
        generations.drop_leftovers(projection, pool)
        row = row or generations.begin(projection, pool, "building")
        line = line_of(projection, feed, pool, row=row, page=page)
        try:
            fill(line, feed, progress=progress, upto=None if until_caught_up else feed.head())
            if until_caught_up:
                generations.drop(projection, pool, _swap(projection, line, feed, pool=pool))
        except Stuck as stuck:
            _show(line.row, stuck, pool)
            raise
    return row.generation


def line_of(projection: Projection, feed: Feed, pool: Pool, *, row: Row, page: int) -> Line:
    """The line that fills a print which is not live."""
    return Line(Print(projection, Target(row.generation, is_live=False)), feed, pool, row=row, page=page)


def fill(line: Line, feed: Feed, *, progress: Callable[[Progress], None], upto: int | None) -> None:
    """Apply batches until nothing is left to `upto` (inclusive; None means the head), telling how far it is."""
    while line.step(upto=upto):
        progress(_progress(line.row, upto if upto is not None else feed.head()))


def _progress(row: Row, head: int) -> Progress:
    rate = row.events_per_second
    left = max(head - row.position, 0)
    return Progress(row.position, max(head, row.position), rate, left / rate if rate else None)


def _swap(projection: Projection, line: Line, feed: Feed, *, pool: Pool) -> Row:
    """Make the new print live in one transaction, and return the row of the one it replaced."""
    with pool.connection() as connection:
        with connection.transaction():
            positions.limit_idling(connection)
            # The lock lets the live runner finish its batch and holds it before the next, which is then fenced.
            replaced = positions.live(connection, projection.name, is_locking=True)
            line.apply_within(connection, upto=max(feed.head(), replaced.position))
            projection.publish(connection, generation=line.row.generation, replaced=replaced.generation)
            replaced = positions.change_role(connection, replaced, "previous")
            published = positions.change_role(connection, line.row, "live")
        positions.announce(connection, published)
    return replaced


def _show(row: Row, stuck: Stuck, pool: Pool) -> None:
    with pool.connection() as connection:
        positions.fail(connection, row, state="stopped", failure=str(stuck), failed_position=stuck.position)
