"""How fast a projection follows the log, beside COPY of the rows it makes; how late it is under a steady load."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from threading import Event
from typing import Any

import pytest
from psycopg import Connection

from gateway.consumers import positions
from gateway.consumers.contracts import Pool
from gateway.consumers.generations import ensure
from gateway.consumers.ownership import dedicated
from gateway.consumers.rebuild import rebuild
from gateway.consumers.runner import run
from gateway.consumers.verify import verify
from gateway.consumers.waiting import Positions
from tests.gateway.consumers.server import new_database, postgres
from tests.gateway.consumers.toy import (
    TABLES,
    TableFeed,
    ToyProjection,
    append,
    create_log,
    open_pool,
)

EVENTS = 100_000
LAG_EVENTS = 1000
PERIOD_SECONDS = 0.005


class ListeningFeed(TableFeed):
    """The toy feed with one connection that listens all the time, as a real feed has."""

    def __init__(self, pool: Pool, listener: Connection[Any]) -> None:
        super().__init__(pool)
        self._listener = listener

    def wait(self, after: int, timeout_seconds: float) -> bool:
        return any(True for _ in self._listener.notifies(timeout=timeout_seconds, stop_after=1))


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    with postgres(tmp_path / "postgres", is_durable=True) as server:
        url = new_database(server)
        create_log(url)
        with open_pool(url, size=10) as pool:
            positions.migrate(pool)
            ensure(ToyProjection(), pool)
            yield pool


@contextmanager
def following(pool: Pool) -> Iterator[Positions]:
    """The toy projection's runner in a thread, and the positions it reaches."""
    stop = Event()
    with dedicated(pool) as listener, Positions(pool) as reached, ThreadPoolExecutor(1) as threads:
        listener.execute("LISTEN log")
        running = threads.submit(run, ToyProjection(), ListeningFeed(pool, listener), pool, stop=stop)
        yield reached
        stop.set()
        running.result()


def per_second(started: float) -> float:
    return EVENTS / (time.perf_counter() - started)


def copied(pool: Pool) -> float:
    """Events per second whose rows COPY writes into tables like the projection's, indexes included."""
    with pool.connection() as connection:
        items = connection.execute("SELECT * FROM toy.items ORDER BY number").fetchall()
        totals = connection.execute("SELECT * FROM toy.totals").fetchall()
        connection.execute(b"CREATE SCHEMA copied; SET search_path TO copied;" + TABLES.encode())
        started = time.perf_counter()
        with connection.transaction(), connection.cursor() as cursor:
            for table, rows in (("items", items), ("totals", totals)):
                with cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
                    for row in rows:
                        copy.write_row(row)
        rate = per_second(started)
        connection.execute("SET search_path TO public")
    return rate


@pytest.mark.benchmark
def test_projection_rate_beside_copy(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    for first in range(0, EVENTS, 5000):
        append(pool, range(first, first + 5000))
    started = time.perf_counter()
    with following(pool) as reached:
        assert reached.wait("toy", EVENTS, 120)
        rates = {"live, pages of 1000": per_second(started)}
    started = time.perf_counter()
    rebuild(ToyProjection(), TableFeed(pool), pool, progress=lambda _: None)
    rates["rebuild, pages of 5000"] = per_second(started)
    started = time.perf_counter()
    assert verify(ToyProjection(), TableFeed(pool), pool).differences == ()
    rates["verify, comparison included"] = per_second(started)
    started = time.perf_counter()
    position = 0
    while batch := TableFeed(pool).read(position, 5000):
        position = batch[-1].position
    rates["toy feed alone, read and decoded"] = per_second(started)
    rates["COPY of the same rows"] = floor = copied(pool)
    with capsys.disabled():
        for name, rate in rates.items():
            sys.stdout.write(f"\n{name:34} {rate:10,.0f} events/s  {floor / rate:5.1f} x COPY's time")
        sys.stdout.write("\n")


@pytest.mark.benchmark
def test_lag_at_200_events_a_second(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    lags: list[float] = []
    with following(pool) as reached:
        assert reached.wait("toy", append(pool, [0]), 10)
        begun = time.perf_counter()
        for number in range(1, LAG_EVENTS + 1):
            time.sleep(max(0.0, begun + number * PERIOD_SECONDS - time.perf_counter()))
            position = append(pool, [number])
            appended = time.perf_counter()
            assert reached.wait("toy", position, 10)
            lags.append((time.perf_counter() - appended) * 1000)
        rate = LAG_EVENTS / (time.perf_counter() - begun)
    cuts = quantiles(lags, n=100)
    with capsys.disabled():
        sys.stdout.write(
            f"\nappended to visible and noticed, at {rate:.0f} events/s:"
            f" p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, worst {max(lags):.1f} ms\n"
        )
