"""The table of positions: compare-and-set, set-up by many at once, and which failures pass by themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from gateway.consumers import positions
from gateway.consumers.contracts import Pool
from gateway.consumers.errors import Fenced, is_transient
from gateway.consumers.generations import begin, ensure
from tests.gateway.consumers.toy import Sink, ToyProjection, fetch, row_of


def test_a_position_moves_only_from_where_the_caller_saw_it(pool: Pool) -> None:
    seen = ensure(Sink(), pool)
    with pool.connection() as connection:
        moved = positions.advance(connection, seen, to=10, events_per_second=1.0)
        assert moved.position == 10
        with pytest.raises(Fenced, match="Generation 1 of 'sink' is no longer at position 0"):
            positions.advance(connection, seen, to=20, events_per_second=1.0)
        with pytest.raises(Fenced):
            positions.fail(connection, seen, state="failed", failure="late", failed_position=None)
        with pytest.raises(Fenced):
            positions.change_role(connection, seen, "previous")
    assert (row_of(pool, "sink").position, row_of(pool, "sink").failure) == (10, None)


def test_a_generation_that_lost_its_role_cannot_be_moved(pool: Pool) -> None:
    seen = ensure(ToyProjection(), pool)
    with pool.connection() as connection:
        positions.change_role(connection, seen, "previous")
        with pytest.raises(Fenced):
            positions.advance(connection, seen, to=10, events_per_second=1.0)


def test_processes_that_start_together_set_up_one_generation(pool: Pool) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: positions.migrate(pool), range(6)))
        rows = list(threads.map(lambda _: ensure(ToyProjection(), pool), range(6)))
    assert [row.generation for row in rows] == [1] * 6
    assert fetch(pool, "SELECT name, generation, role, shape FROM consumers.positions") == [("toy", 1, "live", 1)]
    assert fetch(pool, "SELECT count(*) FROM toy.items") == [(0,)]


def test_a_follower_without_prints_has_no_shape(pool: Pool) -> None:
    assert (ensure(Sink(), pool).shape, ensure(Sink(), pool).generation) == (None, 1)


def test_numbers_of_generations_are_never_used_again(pool: Pool) -> None:
    ensure(ToyProjection(), pool)
    for expected in (2, 3):
        row = begin(ToyProjection(), pool, "scratch")
        assert row.generation == expected
        with pool.connection() as connection:
            positions.change_role(connection, row, "dropped")


class Away(Exception):
    is_transient = True


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.DeadlockDetected(), True),
        (psycopg.errors.IdleInTransactionSessionTimeout(), True),
        (psycopg.errors.DiskFull(), True),
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.InterfaceError("the connection is closed"), True),
        (PoolTimeout("no connection"), True),
        (ConnectionResetError(), True),
        (Away(), True),
        (psycopg.errors.ProgramLimitExceeded("index row size exceeds maximum"), False),
        (psycopg.errors.UniqueViolation(), False),
        (psycopg.errors.UndefinedTable(), False),
        (ValueError(), False),
    ],
)
def test_tells_what_passes_by_itself_from_what_does_not(error: Exception, expected: bool) -> None:
    assert is_transient(error) is expected
