"""Verify: strike a projection again to the live position and compare the two prints in one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from gateway.consumers import generations, positions
from gateway.consumers.ahead import ReadAhead
from gateway.consumers.contracts import Feed, Pool, Projection
from gateway.consumers.errors import ShapeChanged
from gateway.consumers.line import Line
from gateway.consumers.rebuild import Progress, fill, line_of, owning
from projections.printing import Difference, PrintAhead, Target


@dataclass(frozen=True)
class Verification:
    """What comparing a live print with a fresh one found."""

    position: int
    """Both prints held the log to here, inclusive."""
    differences: tuple[Difference, ...]
    """Empty when the prints are the same; cut at the limit asked for."""
    row_counts: Mapping[str, int]
    """The live rows compared, by table."""


def verify(
    projection: Projection,
    feed: Feed,
    pool: Pool,
    *,
    limit: int = 20,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Verification:
    """Compare the live print with one struck afresh from position 0; the live one keeps moving meanwhile.

    Raises PrintsOccupied while a rebuild or another verify runs, ShapeChanged when there is nothing
    comparable, and Stuck when the log cannot be applied.
    """
    with owning(projection, pool), ReadAhead(feed) as ahead:
        upto = _comparable(projection, pool)
        generations.drop_leftovers(projection, pool)
        row = generations.begin(projection, pool, "scratch")
        try:
            line = line_of(projection, ahead, pool, row=row)
            fill(line, feed, progress=progress, upto=upto)
            generations.complete(projection, pool, line.row)
            return _compare(projection, line, pool, limit=limit)
        finally:
            generations.drop_leftovers(projection, pool)


def _comparable(projection: Projection, pool: Pool) -> int:
    """The live position, provided that the live print was made by code of this shape."""
    with pool.connection() as connection:
        row = positions.live(connection, projection.name)
    if row.shape != projection.shape:
        raise ShapeChanged(row.name, live=row.shape, code=projection.shape)
    return row.position


def _compare(projection: Projection, line: Line, pool: Pool, *, limit: int) -> Verification:
    with pool.connection() as connection, connection.transaction(force_rollback=True):
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # The first read takes the snapshot: the live position and the live rows that belong to it.
        live = positions.live(connection, projection.name)
        line.apply_within(connection, upto=live.position)
        _wait_for_ever(connection)
        target = Target(live.generation, is_live=True)
        scratch = Target(line.row.generation, is_live=False)
        position = live.position
        try:
            found = projection.differences(connection, live=target, scratch=scratch, limit=limit)
        except PrintAhead as ahead:
            position = ahead.position
            line.apply_within(connection, upto=position)
            found = projection.differences(connection, live=target, scratch=scratch, limit=limit)
        return Verification(position, tuple(found), projection.row_counts(connection, target=target))


def _wait_for_ever(connection: Connection[Any]) -> None:
    """Reading a store outside Postgres may leave this transaction idle for longer than a batch may."""
    connection.execute("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
