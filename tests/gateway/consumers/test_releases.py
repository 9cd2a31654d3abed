"""Processes of two releases beside each other, as during an upgrade; and how batches are spaced and flushed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Event, Thread
from typing import Any

import pytest
from psycopg import Connection

from domain.event import Recorded
from gateway.consumers.contracts import Pool
from gateway.consumers.generations import ensure
from gateway.consumers.ownership import Ownership
from gateway.consumers.runner import run
from tests.gateway.consumers.toy import Noted, Sink, TableFeed, ToyProjection, append, fetch, row_of, running
from tests.waiting import eventually

LATER = "toy-noted/2"


class LaterFeed(TableFeed):
    """Of a release that knows one more topic."""

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        with self._pool.connection() as connection:
            connection.execute(f"UPDATE log SET topic = '{Noted.TOPIC}' WHERE topic = '{LATER}'")
        return super().read(after, limit)


class Settings(Sink):
    """Writes down whether its commits wait for the disk."""

    def __init__(self) -> None:
        self.flushes: list[str] = []

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        super().commit(batch, connection)
        row = connection.execute("SHOW synchronous_commit").fetchone()
        assert row is not None
        self.flushes.append(row[0])


class Elsewhere(Settings):
    writes_elsewhere = True


class Resting(Sink):
    rest_seconds = 0.5


def test_an_event_of_a_later_release_is_left_to_a_process_that_can_read_it(pool: Pool) -> None:
    ensure(Sink(), pool)
    append(pool, range(5))
    unreadable = append(pool, [5], topic=LATER)
    last = append(pool, range(6, 10))
    with running(Sink(), pool):
        eventually(lambda: row_of(pool, "sink").state == "stopped")
        assert row_of(pool, "sink").failed_position == unreadable
        with running(Sink(), pool, feed=LaterFeed(pool)):
            eventually(lambda: row_of(pool, "sink").position == last)
    assert row_of(pool, "sink").state == "running"
    assert fetch(pool, "SELECT position FROM sink ORDER BY position") == [(n,) for n in range(1, 11)]


def test_whoever_takes_over_a_stopped_follower_tries_its_event_once(pool: Pool) -> None:
    broken, mended = ToyProjection(), ToyProjection()
    broken.poison = {0}
    tried: list[int] = []
    broken.before_apply = lambda batch: tried.append(batch[0].position)
    ensure(broken, pool)
    last = append(pool, [0])
    with running(broken, pool):
        eventually(lambda: row_of(pool, "toy").state == "stopped")
    with running(broken, pool):
        eventually(lambda: tried == [1, 1])
        time.sleep(1.2)
    assert tried == [1, 1]
    with running(mended, pool):
        eventually(lambda: row_of(pool, "toy").position == last)
    assert row_of(pool, "toy").state == "running"


def test_a_print_of_another_release_is_struck_again_once_nobody_follows_it(pool: Pool) -> None:
    newer, older = ToyProjection(), ToyProjection()
    newer.shape = 2
    ensure(newer, pool)
    stop, struck = Event(), Event()
    options = {"stop": stop, "strike": struck.set, "orphaned_seconds": 1.0}
    standing_by = Thread(target=run, args=(older, TableFeed(pool), pool), kwargs=options)
    with running(newer, pool):
        last = append(pool, range(3))
        eventually(lambda: row_of(pool, "toy").position == last)
        standing_by.start()
        assert not struck.wait(2.5)
    assert struck.wait(60)
    stop.set()
    standing_by.join(60)


def test_the_right_to_run_a_follower_can_be_asked_after_without_taking_it(pool: Pool) -> None:
    with Ownership(pool, "run.sink") as asking:
        assert not asking.is_taken()
        with Ownership(pool, "run.sink") as owner:
            assert owner.acquire(Event(), timeout_seconds=1)
            assert asking.is_taken()
        eventually(lambda: not asking.is_taken())


@pytest.mark.parametrize(("sink", "flush"), [(Settings(), "off"), (Elsewhere(), "on")], ids=["inside", "elsewhere"])
def test_only_what_also_writes_elsewhere_waits_for_the_disk(pool: Pool, sink: Settings, flush: str) -> None:
    ensure(sink, pool)
    last = append(pool, range(3))
    with running(sink, pool):
        eventually(lambda: row_of(pool, "sink").position == last)
    assert set(sink.flushes) == {flush}


def test_small_batches_that_come_close_together_become_one(pool: Pool) -> None:
    ensure(Resting(), pool)
    with running(Resting(), pool):
        first = append(pool, [0])
        eventually(lambda: row_of(pool, "sink").position == first)
        for number in range(1, 6):
            last = append(pool, [number])
        eventually(lambda: row_of(pool, "sink").position == last)
    assert fetch(pool, "SELECT count(*), count(DISTINCT xmin::text) FROM sink") == [(6, 2)]
