"""One runner: batches in order, failures shown and never skipped."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import Any

import pytest
from psycopg import Connection
from psycopg.conninfo import make_conninfo

from domain.event import Recorded
from gateway.consumers.contracts import Pool
from gateway.consumers.errors import UnknownConsumer
from gateway.consumers.generations import ensure
from gateway.consumers.positions import retry, skip
from gateway.consumers.rebuild import rebuild
from gateway.consumers.runner import run
from gateway.consumers.verify import verify
from tests.gateway.consumers.toy import Sink, TableFeed, ToyProjection, append, fetch, open_pool, row_of, running
from tests.waiting import eventually


class Outage(Exception):
    is_transient = True


class Moody(Sink):
    """A sink whose outside part is away for as long as `is_away` says."""

    is_away = False

    def prepare(self, batch: Sequence[Recorded]) -> None:
        if self.is_away:
            raise Outage("the store is away")


def test_applies_every_event_once_in_pages(pool: Pool) -> None:
    ensure(ToyProjection(), pool)
    last = append(pool, range(2500))
    with running(ToyProjection(), pool, page=400):
        eventually(lambda: row_of(pool, "toy").position == last)
        last = append(pool, range(2500, 2600))
        eventually(lambda: row_of(pool, "toy").position == last)
    assert fetch(pool, "SELECT count(*), sum(number) FROM toy.items") == [(2600, sum(range(2600)))]
    assert fetch(pool, "SELECT count(*), min(count), max(count) FROM toy.totals") == [(26, 100, 100)]


def test_a_poison_event_stops_its_consumer_alone_after_everything_before_it(pool: Pool) -> None:
    projection, sink = ToyProjection(), Sink()
    ensure(projection, pool)
    ensure(sink, pool)
    projection.poison = {700}
    last = append(pool, range(1000))
    with running(projection, pool), running(sink, pool):
        eventually(lambda: row_of(pool, "toy").state == "stopped")
        eventually(lambda: row_of(pool, "sink").position == last)
        row = row_of(pool, "toy")
        assert (row.position, row.failed_position) == (700, 701)
        assert row.failure == (
            "'toy' cannot apply the event at position 701: ValueError: number 700 at 701 is poison."
            " Correct the cause, then retry it."
        )
        assert fetch(pool, "SELECT max(number), count(*) FROM toy.items") == [(699, 700)]

        assert retry("toy", pool)
        eventually(lambda: row_of(pool, "toy").state == "stopped")
        projection.poison = set()
        assert retry("toy", pool)
        eventually(lambda: row_of(pool, "toy").position == last)
        assert (row_of(pool, "toy").failure, row_of(pool, "toy").failed_position) == (None, None)
        assert not retry("toy", pool)
    assert fetch(pool, "SELECT count(*), sum(number) FROM toy.items") == [(1000, sum(range(1000)))]


def test_an_event_that_cannot_be_read_stops_its_consumer_at_its_position(pool: Pool) -> None:
    ensure(Sink(), pool)
    append(pool, range(5))
    unreadable = append(pool, [5], topic="from-the-future")
    append(pool, range(6, 10))
    with running(Sink(), pool):
        eventually(lambda: row_of(pool, "sink").state == "stopped")
        assert (row_of(pool, "sink").position, row_of(pool, "sink").failed_position) == (5, unreadable)
        with pool.connection() as connection:
            connection.execute("UPDATE log SET topic = 'toy-noted' WHERE position = %s", (unreadable,))
        retry("sink", pool)
        eventually(lambda: row_of(pool, "sink").position == 10)
    assert fetch(pool, "SELECT position FROM sink ORDER BY position") == [(n,) for n in range(1, 11)]


def test_an_event_that_is_to_be_skipped_is_passed_over_in_every_print(pool: Pool, feed: TableFeed) -> None:
    projection = ToyProjection()
    ensure(projection, pool)
    projection.poison = {7}
    append(pool, range(10))
    unreadable = append(pool, [10], topic="from-the-future")
    last = append(pool, range(11, 20))
    with running(projection, pool):
        eventually(lambda: row_of(pool, "toy").failed_position == 8)
        skip("toy", 8, pool)
        eventually(lambda: row_of(pool, "toy").failed_position == unreadable)
        skip("toy", unreadable, pool)
        eventually(lambda: row_of(pool, "toy").position == last)
        assert row_of(pool, "toy").state == "running"
    kept = [(n,) for n in range(20) if n not in (7, 10)]
    assert fetch(pool, "SELECT number FROM toy.items ORDER BY 1") == kept
    assert verify(projection, feed, pool).differences == ()
    assert rebuild(projection, feed, pool, progress=lambda _: None) == 3
    assert fetch(pool, "SELECT number FROM toy.items ORDER BY 1") == kept


def test_a_store_that_is_away_is_shown_and_tried_again_without_anyone_asking(pool: Pool) -> None:
    sink = Moody()
    ensure(sink, pool)
    sink.is_away = True
    last = append(pool, range(10))
    with running(sink, pool):
        eventually(lambda: row_of(pool, "sink").state == "failed")
        assert row_of(pool, "sink").failure == "Outage: the store is away"
        assert row_of(pool, "sink").failed_position is None
        sink.is_away = False
        eventually(lambda: row_of(pool, "sink").position == last)
        assert row_of(pool, "sink").state == "running"
    assert fetch(pool, "SELECT count(*) FROM sink") == [(10,)]


def test_a_log_that_cannot_be_read_at_the_moment_stops_nobody(pool: Pool) -> None:
    class BrokenFeed(TableFeed):
        is_broken = True

        def read(self, after: int, limit: int) -> Sequence[Recorded]:
            if self.is_broken:
                raise RuntimeError("no answer")
            return super().read(after, limit)

    feed = BrokenFeed(pool)
    ensure(Sink(), pool)
    last = append(pool, range(10))
    with running(Sink(), pool, feed=feed):
        eventually(lambda: row_of(pool, "sink").state == "failed")
        assert row_of(pool, "sink").failure == (
            "LogUnavailable: 'sink' cannot read the log after position 0: RuntimeError: no answer."
            " A runner tries again by itself."
        )
        feed.is_broken = False
        eventually(lambda: row_of(pool, "sink").position == last)


def test_goes_on_after_the_server_ended_its_connections(pool: Pool, url: str) -> None:
    ensure(Sink(), pool)
    append(pool, range(10))
    with open_pool(make_conninfo(url, application_name="runner")) as runners, running(Sink(), runners, page=1):
        eventually(lambda: row_of(pool, "sink").position == 10)
        fetch(
            pool,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'runner'",
        )
        last = append(pool, range(10, 20))
        eventually(lambda: row_of(pool, "sink").position == last)
    assert fetch(pool, "SELECT count(*), count(DISTINCT position) FROM sink") == [(20, 20)]


def test_stands_by_while_the_live_print_is_of_another_release(pool: Pool) -> None:
    newer, older = ToyProjection(), ToyProjection()
    newer.shape = 2
    older.poison = set(range(10))
    ensure(newer, pool)
    last = append(pool, range(10))
    with running(older, pool):
        with running(newer, pool):
            eventually(lambda: row_of(pool, "toy").position == last)
        assert row_of(pool, "toy").state == "running"


def test_a_failure_in_the_transaction_takes_the_effect_back_with_the_position(pool: Pool) -> None:
    class Late(Sink):
        def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
            super().commit(batch, connection)
            raise ValueError("after the effect")

    ensure(Late(), pool)
    append(pool, range(3))
    with running(Late(), pool):
        eventually(lambda: row_of(pool, "sink").state == "stopped")
    assert row_of(pool, "sink").failed_position == 1
    assert fetch(pool, "SELECT count(*) FROM sink") == [(0,)]


def test_refuses_to_run_what_was_never_set_up(pool: Pool) -> None:
    with pytest.raises(UnknownConsumer):
        run(Sink(), TableFeed(pool), pool, stop=Event())
