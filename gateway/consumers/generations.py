"""Generations: the first print of a projection, a new one beside it, and the end of an old one."""

from __future__ import annotations

import logging
import time
from typing import Any

import psycopg
from psycopg import Connection

from gateway.consumers import positions
from gateway.consumers.contracts import Follower, Pool, Projection, shape_of
from gateway.consumers.errors import ShapeChanged
from gateway.consumers.patience import patiently
from gateway.consumers.positions import Role, Row

logger = logging.getLogger(__name__)

DROP_LOCK_TIMEOUT_MS = 200
"""Shorter than deadlock_timeout: a drop gives way to a reader before Postgres would have to end one of the two."""
DROP_ATTEMPTS = 8


def ensure(follower: Follower, pool: Pool) -> Row:
    """Set up a follower that never ran, as generation 1 at position 0, and return its live row.

    Any number of processes may do so at once. Raises ShapeChanged when the live print was made by code of
    another shape: rebuild it before serving.
    """
    with pool.connection() as connection, connection.transaction():
        connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"consumers.ensure.{follower.name}",)
        )
        found = positions.find(connection, follower.name, "live")
        row = found or _first(follower, connection)
    if found is None and isinstance(follower, Projection):
        follower.settle(generation=row.generation)
    if row.shape != shape_of(follower):
        raise ShapeChanged(follower.name, live=row.shape, code=shape_of(follower))
    return row


def begin(projection: Projection, pool: Pool, role: Role) -> Row:
    """An empty print of the next generation, in this role, that is to be filled from the log's beginning."""
    return patiently(lambda: _begin(projection, pool, role), name=projection.name)


def _begin(projection: Projection, pool: Pool, role: Role) -> Row:
    with pool.connection() as connection, connection.transaction():
        row = positions.insert(connection, projection.name, role, shape=projection.shape)
        projection.create(connection, generation=row.generation)
        projection.defer(connection, generation=row.generation)
    return row


def complete(projection: Projection, pool: Pool, row: Row) -> None:
    """Make what this print put off while it was filled."""
    patiently(lambda: _complete(projection, pool, row), name=projection.name)


def _complete(projection: Projection, pool: Pool, row: Row) -> None:
    with pool.connection() as connection:
        projection.complete(connection, generation=row.generation)


def find_building(projection: Projection, pool: Pool) -> Row | None:
    """The print an interrupted rebuild left; None when there is none, or when it is of another shape."""
    with pool.connection() as connection:
        row = positions.find(connection, projection.name, "building")
        if row is None or row.shape == projection.shape:
            return row
        positions.change_role(connection, row, "scratch")
    return None


def find_previous(projection: Projection, pool: Pool) -> Row | None:
    """The print that the live one replaced; None when it is dropped, or there was none."""
    rows = _rows(projection, pool, "previous")
    return rows[-1] if rows else None


def drop_leftovers(projection: Projection, pool: Pool, *, with_previous: bool = False) -> list[int]:
    """Drop what nobody will ask for again; only the owner of the projection's prints may.

    The print that was live before the present one stays, unless `with_previous`. Returns what was dropped.
    """
    replaced = _rows(projection, pool, "previous")
    unwanted = replaced if with_previous else replaced[:-1]
    rows = [*_rows(projection, pool, "scratch"), *unwanted]
    return [row.generation for row in rows if drop(projection, pool, row)]


def _rows(projection: Projection, pool: Pool, role: Role) -> list[Row]:
    """In the order in which they came into this role."""
    with pool.connection() as connection:
        rows = [row for row in positions.select(connection, role) if row.name == projection.name]
    return sorted(rows, key=lambda row: row.updated_at)


def drop(projection: Projection, pool: Pool, row: Row) -> bool:
    """Drop a print without holding up its last readers; False when they kept it for several seconds.

    Such a print stays in its role and the next rebuild or verify drops it.
    """
    for attempt in range(DROP_ATTEMPTS):
        try:
            _drop_now(projection, pool, row)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            time.sleep(min(0.05 * 2**attempt, 1.0))
        else:
            return True
    logger.warning("Generation %d of %s is still being read and was not dropped", row.generation, row.name)
    return False


def _drop_now(projection: Projection, pool: Pool, row: Row) -> None:
    with pool.connection() as connection, connection.transaction():
        connection.execute("SELECT set_config('lock_timeout', %s, true)", (str(DROP_LOCK_TIMEOUT_MS),))
        projection.drop(connection, generation=row.generation)
        positions.change_role(connection, row, "dropped")


def _first(follower: Follower, connection: Connection[Any]) -> Row:
    row = positions.insert(connection, follower.name, "live", shape=shape_of(follower))
    if isinstance(follower, Projection):
        follower.create(connection, generation=row.generation)
        follower.publish(connection, generation=row.generation, replaced=None)
    return row
