"""Waiting for a follower to reach a position."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import NoReturn

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from gateway.consumers.contracts import Pool
from gateway.consumers.generations import ensure
from gateway.consumers.waiting import Positions
from tests.gateway.consumers.toy import Sink, append, fetch, open_pool, running
from tests.waiting import eventually

MOVE = "UPDATE consumers.positions SET position = {} RETURNING 1"


@pytest.fixture
def positions(pool: Pool) -> Iterator[Positions]:
    with Positions(pool) as positions:
        yield positions


def test_returns_as_soon_as_the_position_is_reached(pool: Pool, positions: Positions) -> None:
    ensure(Sink(), pool)
    with running(Sink(), pool):
        last = append(pool, range(10))
        assert positions.wait("sink", last, 10)
        assert fetch(pool, "SELECT count(*) FROM sink") == [(10,)]
        assert positions.reached("sink") == last
        assert positions.wait("sink", last, 0)


def test_says_so_when_the_position_is_not_reached_in_time(pool: Pool, positions: Positions) -> None:
    ensure(Sink(), pool)
    assert not positions.wait("sink", 1, 0.05)
    assert not asyncio.run(positions.wait_async("sink", 1, 0.05))
    assert not positions.wait("nobody", 1, 0.05)


def test_many_tasks_wait_on_one_loop(pool: Pool, positions: Positions) -> None:
    ensure(Sink(), pool)

    async def wait_for_all() -> list[bool]:
        waiting = [asyncio.create_task(positions.wait_async("sink", position, 10)) for position in range(1, 201)]
        await asyncio.to_thread(append, pool, range(200))
        return await asyncio.gather(*waiting)

    with running(Sink(), pool, page=7):
        assert asyncio.run(wait_for_all()) == [True] * 200


def test_notices_a_position_that_no_notification_told_of(pool: Pool, positions: Positions) -> None:
    ensure(Sink(), pool)
    eventually(lambda: not positions.wait("sink", 1, 0))
    fetch(pool, MOVE.format(5))
    assert positions.wait("sink", 5, 10)


def test_goes_on_after_its_connection_was_lost(pool: Pool, url: str) -> None:
    ensure(Sink(), pool)
    with (
        open_pool(make_conninfo(url, application_name="waiting")) as own,
        Positions(own) as positions,
        running(Sink(), pool),
    ):
        assert positions.wait("sink", append(pool, range(3)), 10)
        fetch(pool, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'waiting'")
        assert positions.wait("sink", append(pool, range(3)), 10)


def test_what_was_taken_back_is_waited_for_again(pool: Pool, positions: Positions) -> None:
    ensure(Sink(), pool)
    fetch(pool, MOVE.format(5))
    assert positions.wait("sink", 5, 10)
    fetch(pool, MOVE.format(2))
    eventually(lambda: positions.reached("sink") == 2)
    assert not positions.wait("sink", 5, 0)
    fetch(pool, MOVE.format(5))
    assert positions.wait("sink", 5, 10)


def test_nothing_is_known_while_the_database_is_away(pool: Pool, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may come back without what it had not flushed."""
    ensure(Sink(), pool)
    with open_pool(make_conninfo(url, application_name="waiting")) as own, Positions(own) as positions:
        fetch(pool, MOVE.format(5))
        assert positions.wait("sink", 5, 10)
        monkeypatch.setattr("gateway.consumers.waiting.dedicated", _refuse)
        fetch(pool, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'waiting'")
        eventually(lambda: positions.reached("sink") == 0)
        monkeypatch.undo()
        assert positions.wait("sink", 5, 10)


def _refuse(_: Pool) -> NoReturn:
    raise psycopg.OperationalError("away")
