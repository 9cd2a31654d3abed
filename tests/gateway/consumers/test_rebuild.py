"""Rebuilding a projection while it is read and written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from domain.event import Recorded
from gateway.consumers.contracts import Pool
from gateway.consumers.errors import NothingToRollBackTo, PrintsOccupied, ShapeChanged, Stuck
from gateway.consumers.generations import ensure
from gateway.consumers.rebuild import Progress, discard, rebuild, rollback
from gateway.consumers.verify import verify
from projections.printing import Target
from tests.gateway.consumers.toy import TABLES, TableFeed, ToyProjection, append, fetch, row_of, running
from tests.waiting import eventually

PRINTS = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'toy%' ORDER BY 1"
ROLES = "SELECT generation, role, shape FROM consumers.positions WHERE name = 'toy' ORDER BY 1"
VIEW = 'SELECT count(*) FROM shown."Items"'
JOIN = "SELECT count(*), coalesce(sum(count), 0)::bigint FROM toy.totals JOIN toy.items ON number = bucket * 100"


def quiet(_: Progress) -> None:
    pass


class Reader(Thread):
    """Counts the live rows again and again on one connection; keeps what it saw and what failed."""

    def __init__(self, url: str, stop: Event, query: str) -> None:
        super().__init__()
        self._url, self._stop_event, self._query = url, stop, query
        self.seen: list[int] = []
        self.errors: list[Exception] = []

    def run(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._stop_event.is_set():
                try:
                    row = connection.execute(self._query.encode()).fetchone()
                except psycopg.Error as error:
                    self.errors.append(error)
                else:
                    assert row
                    self.seen.append(row[0])


@contextmanager
def reading(url: str) -> Iterator[list[Reader]]:
    stop = Event()
    readers = [Reader(url, stop, query) for query in ("SELECT count(*) FROM toy.items", JOIN, VIEW)]
    for reader in readers:
        reader.start()
    yield readers
    stop.set()
    for reader in readers:
        reader.join()


@contextmanager
def writing(pool: Pool, first: int) -> Iterator[None]:
    """Notes new numbers all the time, ten a transaction."""
    stop = Event()

    def write() -> None:
        number = first
        while not stop.wait(0.003):
            append(pool, range(number, number + 10))
            number += 10

    thread = Thread(target=write)
    thread.start()
    yield
    stop.set()
    thread.join()


def test_readers_never_fail_and_never_see_fewer_rows(pool: Pool, url: str, feed: TableFeed) -> None:
    ensure(ToyProjection(), pool)
    last = append(pool, range(8000))
    with running(ToyProjection(), pool):
        eventually(lambda: row_of(pool, "toy").position == last)
        with reading(url) as readers, writing(pool, 8000):
            for generation in (2, 3, 4):
                assert rebuild(ToyProjection(), feed, pool, progress=quiet, page=500) == generation
        eventually(lambda: row_of(pool, "toy").position == feed.head())
        assert row_of(pool, "toy").generation == 4
    for reader in readers:
        assert reader.errors == []
        assert len(reader.seen) > 20
        assert reader.seen == sorted(reader.seen)
    assert readers[0].seen[0] >= 8000
    head = feed.head()
    assert fetch(pool, "SELECT count(*), sum(number) FROM toy.items") == [(head, sum(range(head)))]
    assert fetch(pool, "SELECT sum(count)::bigint, sum(sum)::bigint FROM toy.totals") == [(head, sum(range(head)))]
    assert fetch(pool, PRINTS) == [("toy",), ("toy_g3",)]
    assert verify(ToyProjection(), feed, pool).differences == ()


def test_tells_how_far_it_is(pool: Pool, feed: TableFeed) -> None:
    ensure(ToyProjection(), pool)
    append(pool, range(1000))
    told: list[Progress] = []
    rebuild(ToyProjection(), feed, pool, progress=told.append, page=400)
    assert [(one.position, one.head) for one in told] == [(400, 1000), (800, 1000), (1000, 1000)]
    assert all(one.events_per_second > 0 for one in told)
    assert told[-1].seconds_left == 0
    assert row_of(pool, "toy").position == 1000


def test_a_second_rebuild_or_verify_is_refused(pool: Pool, feed: TableFeed) -> None:
    ensure(ToyProjection(), pool)
    append(pool, range(10))
    refused: list[PrintsOccupied] = []

    def at_the_same_time(_: Progress) -> None:
        with pytest.raises(PrintsOccupied) as rebuilding:
            rebuild(ToyProjection(), feed, pool, progress=quiet)
        with pytest.raises(PrintsOccupied) as verifying:
            verify(ToyProjection(), feed, pool)
        refused.extend([rebuilding.value, verifying.value])

    rebuild(ToyProjection(), feed, pool, progress=at_the_same_time)
    assert [str(error) for error in refused] == [
        "Another process is rebuilding or verifying 'toy': wait until it is done."
    ] * 2
    assert fetch(pool, ROLES) == [(1, "previous", 1), (2, "live", 1)]


def test_a_rebuilt_print_gets_its_late_indexes_before_it_is_live(pool: Pool, feed: TableFeed) -> None:
    late = ToyProjection(early=())
    ensure(late, pool)
    indexes = "SELECT schemaname, indexname FROM pg_indexes WHERE tablename = 'items' ORDER BY 1, 2"
    whole = [("toy", "items_pkey"), ("toy", "items_text")]
    assert fetch(pool, indexes) == whole
    append(pool, range(100))
    rebuild(late, feed, pool, progress=quiet, to=50)
    assert fetch(pool, indexes) == [*whole, ("toy_g2", "items_pkey")]
    rebuild(late, feed, pool, progress=quiet)
    assert fetch(pool, indexes) == [*whole, ("toy_g1", "items_pkey"), ("toy_g1", "items_text")]


class ReshapedToy(ToyProjection):
    shape = 2


def test_a_new_shape_is_built_while_the_old_one_serves(pool: Pool, feed: TableFeed) -> None:
    old = ToyProjection()
    new = ReshapedToy(TABLES.replace("position bigint NOT NULL", "position bigint NOT NULL, note text DEFAULT 'new'"))
    ensure(old, pool)
    last = append(pool, range(100))
    with running(old, pool), running(new, pool):
        eventually(lambda: row_of(pool, "toy").position == last)
        with pytest.raises(ShapeChanged, match="has shape 1, this code makes shape 2: rebuild it before serving"):
            ensure(new, pool)
        with pytest.raises(ShapeChanged):
            verify(new, feed, pool)
        assert rebuild(new, feed, pool, progress=quiet) == 2
        last = append(pool, range(100, 200))
        eventually(lambda: row_of(pool, "toy").position == last)
    assert ensure(new, pool).shape == 2
    assert fetch(pool, "SELECT note, count(*) FROM toy.items GROUP BY 1") == [("new", 200)]
    assert fetch(pool, PRINTS) == [("toy",), ("toy_g1",)]
    with pytest.raises(NothingToRollBackTo, match="No earlier print of 'toy' of shape 2 is kept, only one of shape 1"):
        rollback(new, feed, pool, progress=quiet)
    assert rollback(old, feed, pool, progress=quiet) == 1
    assert ensure(old, pool).position == feed.head()


def test_what_code_of_another_shape_began_is_thrown_away(pool: Pool, feed: TableFeed) -> None:
    ensure(ToyProjection(), pool)
    append(pool, range(100))
    rebuild(ToyProjection(), feed, pool, progress=quiet, to=100)
    assert fetch(pool, PRINTS) == [("toy",), ("toy_g2",)]
    new = ToyProjection()
    new.shape = 2
    assert rebuild(new, feed, pool, progress=quiet) == 3
    assert fetch(pool, ROLES) == [(1, "previous", 1), (2, "dropped", 1), (3, "live", 2)]
    assert fetch(pool, PRINTS) == [("toy",), ("toy_g1",)]


def test_filling_to_a_position_makes_nothing_live_and_is_resumed_by_the_next_call(pool: Pool, feed: TableFeed) -> None:
    ensure(ToyProjection(), pool)
    append(pool, range(100))
    assert rebuild(ToyProjection(), feed, pool, progress=quiet, to=100) == 2
    assert (row_of(pool, "toy").generation, row_of(pool, "toy", "building").position) == (1, 100)
    append(pool, range(100, 150))
    told: list[Progress] = []
    assert rebuild(ToyProjection(), feed, pool, progress=told.append) == 2
    assert [one.position for one in told] == [150]
    assert fetch(pool, "SELECT count(*) FROM toy.items") == [(150,)]


def test_a_poison_event_stops_a_rebuild_and_not_the_live_print(pool: Pool, feed: TableFeed) -> None:
    projection = ToyProjection()
    ensure(projection, pool)
    last = append(pool, range(100))
    with running(ToyProjection(), pool):
        eventually(lambda: row_of(pool, "toy").position == last)
        projection.poison = {40}
        with pytest.raises(Stuck, match="position 41"):
            rebuild(projection, feed, pool, progress=quiet)
        row = row_of(pool, "toy", "building")
        assert (row.state, row.position, row.failed_position) == ("stopped", 40, 41)
        assert row_of(pool, "toy").state == "running"
        projection.poison = set()
        assert rebuild(projection, feed, pool, progress=quiet) == 2
    assert fetch(pool, "SELECT count(*), sum(number) FROM toy.items") == [(100, sum(range(100)))]


def test_the_old_print_outlives_its_last_reader(pool: Pool, url: str, feed: TableFeed) -> None:
    ensure(ToyProjection(), pool)
    append(pool, range(10))
    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM toy.items")
        assert rebuild(ToyProjection(), feed, pool, progress=quiet) == 2
        assert reader.execute("SELECT count(*) FROM toy_g1.items").fetchone() == (0,)
        assert discard(ToyProjection(), pool) == []
        assert fetch(pool, ROLES) == [(1, "previous", 1), (2, "live", 1)]
    assert discard(ToyProjection(), pool) == [1]
    assert fetch(pool, ROLES) == [(1, "dropped", 1), (2, "live", 1)]
    assert fetch(pool, PRINTS) == [("toy",)]


def test_a_rollback_returns_to_the_print_before_caught_up_and_back(pool: Pool, url: str, feed: TableFeed) -> None:
    ensure(ToyProjection(), pool)
    append(pool, range(100))
    assert rebuild(ToyProjection(), feed, pool, progress=quiet) == 2
    last = append(pool, range(100, 150))
    with running(ToyProjection(), pool):
        eventually(lambda: row_of(pool, "toy").position == last)
        with reading(url) as readers:
            assert rollback(ToyProjection(), feed, pool, progress=quiet) == 1
            assert rollback(ToyProjection(), feed, pool, progress=quiet) == 2
            assert rollback(ToyProjection(), feed, pool, progress=quiet) == 1
        assert fetch(pool, ROLES) == [(1, "live", 1), (2, "previous", 1)]
        last = append(pool, range(150, 160))
        eventually(lambda: row_of(pool, "toy").position == last)
    assert [reader.errors for reader in readers] == [[], [], []]
    assert fetch(pool, "SELECT count(*), sum(number) FROM toy.items") == [(160, sum(range(160)))]
    assert verify(ToyProjection(), feed, pool).differences == ()
    assert discard(ToyProjection(), pool) == [2]
    with pytest.raises(NothingToRollBackTo, match=r"No earlier print of .toy. is kept"):
        rollback(ToyProjection(), feed, pool, progress=quiet)


class LateFeed(TableFeed):
    """Says that a filled print is at its head, while thirty events arrive that the live print applies."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self.asked = 0

    def head(self) -> int:
        head = super().head()
        self.asked += 1
        if self.asked == 2:
            late = append(self._pool, range(100, 130))
            with running(ToyProjection(), self._pool):
                eventually(lambda: row_of(self._pool, "toy").position == late)
        return head


class DeafFeed(LateFeed):
    """Hears of what is appended in the last moment only when it waits for it."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._heard = 100

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        return [event for event in super().read(after, limit) if event.position <= self._heard]

    def head(self) -> int:
        return min(super().head(), self._heard)

    def wait(self, after: int, timeout_seconds: float) -> bool:
        self._heard += 10
        return self._heard > after


class BusyFeed(TableFeed):
    """An event arrives at every look, so that nobody ever finds it at its head."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._numbers = count(1000)

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        append(self._pool, [next(self._numbers)])
        return super().read(after, limit)


def test_a_rebuild_ends_though_events_arrive_faster_than_it_looks(pool: Pool) -> None:
    ensure(ToyProjection(), pool)
    append(pool, range(1000))
    assert rebuild(ToyProjection(), BusyFeed(pool), pool, progress=quiet) == 2
    row = row_of(pool, "toy")
    assert row.generation == 2
    assert row.position > 1000
    assert fetch(pool, "SELECT count(*) FROM toy.items") == [(row.position,)]


@pytest.mark.parametrize("feed", [LateFeed, DeafFeed])
def test_the_swap_applies_what_live_has_applied_since(pool: Pool, feed: type[LateFeed]) -> None:
    ensure(ToyProjection(), pool)
    append(pool, range(100))
    assert rebuild(ToyProjection(), feed(pool), pool, progress=quiet) == 2
    assert (row_of(pool, "toy").generation, row_of(pool, "toy").position) == (2, 130)
    assert fetch(pool, "SELECT count(*) FROM toy.items") == [(130,)]
    assert fetch(pool, "SELECT count(*), sum(count)::bigint FROM toy.totals") == [(2, 130)]


class Failing(ToyProjection):
    """Fails in a way that may pass, once."""

    def __init__(self, call: int) -> None:
        super().__init__()
        self._calls = count(1)
        self._failing = call

    def apply(self, batch: Sequence[Recorded], connection: Connection[Any], *, target: Target) -> None:
        super().apply(batch, connection, target=target)
        if next(self._calls) == self._failing:
            raise TimeoutError("the store did not answer")


@pytest.mark.parametrize(("call", "place"), [(1, "in the print that is filled"), (2, "in the swap")])
def test_what_fails_once_in_a_rebuild_is_tried_again(
    pool: Pool, call: int, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    del place
    ensure(ToyProjection(), pool)
    append(pool, range(100))
    assert rebuild(Failing(call), LateFeed(pool), pool, progress=quiet) == 2
    assert (row_of(pool, "toy").generation, row_of(pool, "toy").position) == (2, 130)
    assert fetch(pool, "SELECT count(*) FROM toy.items") == [(130,)]
    assert caplog.messages == ["toy failed and is tried again: TimeoutError: the store did not answer"]


class FailingAt(ToyProjection):
    """Fails in a way that may pass, after the first time that it did this."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self._step: str | None = step

    def create(self, connection: Connection[Any], *, generation: int) -> None:
        super().create(connection, generation=generation)
        self._fail("create")

    def complete(self, connection: Connection[Any], *, generation: int) -> None:
        super().complete(connection, generation=generation)
        self._fail("complete")

    def _fail(self, step: str) -> None:
        if self._step == step:
            self._step = None
            raise TimeoutError("the store did not answer")


@pytest.mark.parametrize("step", ["create", "complete"])
def test_a_first_or_last_step_that_fails_once_is_tried_again(
    pool: Pool, feed: TableFeed, step: str, caplog: pytest.LogCaptureFixture
) -> None:
    ensure(ToyProjection(), pool)
    append(pool, range(100))
    rebuild(FailingAt(step), feed, pool, progress=quiet)
    assert fetch(pool, "SELECT count(*) FROM toy.items") == [(100,)]
    assert verify(FailingAt(step), feed, pool).differences == ()
    assert caplog.messages == 2 * ["toy failed and is tried again: TimeoutError: the store did not answer"]
