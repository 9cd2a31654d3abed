"""How late reads are while 500 events a second are recorded: real processes, from commit to a row that can be read."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import quantiles
from threading import Event

import psycopg
import pytest
from psycopg import Connection
from psycopg_pool import ConnectionPool

from gateway.ledger.opening import open_ledger
from projections.search.opensearch.index import OpenSearchIndex
from projections.search.opensearch.indices import Indices, OpenSearchConfig
from projections.search.postgres import PostgresSearch
from projections.search.queries import SearchIndex, SearchQuery
from tests.benchmarks.conftest import Say
from tests.benchmarks.steady import DATABASE, FILES, Committed, prepare, read_committed
from tests.doubles.opensearch import running_node
from tests.gateway.transport.sockets import ready_socket
from tests.system.server import ROOT, command, environment, start

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

SECONDS = 20.0
WARM_UP_SECONDS = 8.0
READY_SECONDS = 120.0
GIVE_UP_SECONDS = 30.0
LOOK_SECONDS = 0.002
REST_SECONDS = 0.03
COLUMNAR = "SELECT position >= %s FROM consumers.positions WHERE name = 'columnar' AND role = 'live'"
ROW = "SELECT true FROM tables.asset_files WHERE database_id = %s AND asset_id = %s AND path = %s"
BEHIND = "SELECT count(*) FROM consumers.positions WHERE role = 'live' AND position < %s"
LIVE = "SELECT generation FROM consumers.positions WHERE name = 'search' AND role = 'live'"
LAYOUTS = {
    "serve alone": ((),),
    "serve and four workers": (
        ("--no-work",),
        ("tables",),
        ("search",),
        ("columnar",),
        ("media", "lifecycle", "uploads", "bucket-sync", "rebuilds", "notifications", "workflows", "jobs"),
    ),
}
SEARCH_PREFIX = "lag"

Looks = Callable[[Committed], bool]
"""Whether a file can be seen now."""
Observer = Callable[["Stream"], list[float]]
"""Measures seconds from commit to visible until the stream has ended."""


class Stream:
    """The commits of the writer as they come."""

    def __init__(self) -> None:
        self.newest: Committed | None = None
        self.all: list[Committed] = []
        self.has_ended = Event()

    def follow(self, writer: subprocess.Popen[str]) -> None:
        assert writer.stdout is not None
        for line in writer.stdout:
            self.newest = read_committed(line)
            self.all.append(self.newest)
        self.has_ended.set()
        assert writer.wait() == 0

    def observe(self, looks: Looks) -> list[float]:
        """Seconds from commit until it was seen, of one commit after the other: always the newest there is.

        Between two of them it rests, so that what it asks takes little of the machine that it measures.
        """
        lags, seen = [], None
        while not self.has_ended.is_set():
            newest = self.newest
            if newest is None or newest is seen:
                time.sleep(LOOK_SECONDS)
                continue
            seen = newest
            while not looks(newest):
                assert time.monotonic() - newest.at < GIVE_UP_SECONDS, newest
                time.sleep(LOOK_SECONDS)
            lags.append(time.monotonic() - newest.at)
            time.sleep(random.uniform(0, 2 * REST_SECONDS))
        return lags


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("search", ["postgres", "opensearch"])
def test_lag_at_500_events_a_second(empty_database_url: str, search: str, layout: str, say: Say) -> None:
    """Each kind of reader has the load to itself, after a while in which everything has run once."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="interneg-lag-")))
        settings = {"database_url": empty_database_url}
        if search == "opensearch":
            node = stack.enter_context(running_node())
            settings |= {"opensearch_url": node.url, "opensearch_prefix": SEARCH_PREFIX}
        url = stack.enter_context(_running(directory, LAYOUTS[layout], settings))
        database = stack.enter_context(psycopg.connect(empty_database_url, autocommit=True))
        index = stack.enter_context(_search_index(empty_database_url, settings))
        observers: dict[str, Observer] = {
            "tables": lambda stream: stream.observe(lambda one: _is_row(database, one)),
            f"search-{search}": lambda stream: stream.observe(lambda one: _is_found(index, one)),
            "columnar": lambda stream: stream.observe(lambda one: _is_reached(database, one)),
            "subscription": lambda stream: _received(url, stream),
        }
        _observed(empty_database_url, directory, "first", WARM_UP_SECONDS, observers["tables"])
        say(f"{layout}, load average {os.getloadavg()[0]:.1f} before:")
        for name, observer in observers.items():
            rate, lags = _observed(empty_database_url, directory, name, SECONDS, observer)
            _report(say, name, rate, lags)


def _observed(
    database_url: str, directory: Path, name: str, seconds: float, observer: Observer
) -> tuple[float, list[float]]:
    """Events a second that were committed meanwhile, and the lags."""
    stream = Stream()
    with _writer(database_url, directory, seconds, name) as writer, ThreadPoolExecutor(2) as pool:
        following, observing = pool.submit(stream.follow, writer), pool.submit(observer, stream)
        following.result()
        lags = observing.result()
    return len(stream.all) * FILES / (stream.all[-1].at - stream.all[0].at), lags


def _report(say: Say, name: str, rate: float, lags: list[float]) -> None:
    cuts = quantiles(lags, n=100)
    median, late, worst = (value * 1000 for value in (cuts[49], cuts[98], max(lags)))
    say(
        f"  {name:18} p50 {median:7.1f} ms, p99 {late:7.1f} ms, worst {worst:7.1f} ms, "
        f"{len(lags)} looked at, {rate:.0f} events/s, load average {os.getloadavg()[0]:.1f}"
    )


@contextmanager
def _running(directory: Path, layout: tuple[tuple[str, ...], ...], settings: dict[str, str]) -> Iterator[str]:
    """The processes of a layout; gives the gateway's URL."""
    server = start(directory / "gateway", *layout[0], port=0, **settings)
    workers = []
    try:
        for names in layout[1:]:
            with (directory / "workers.log").open("a") as log:
                arguments = command(directory / "gateway", "work", *names)
                workers.append(subprocess.Popen(arguments, cwd=ROOT, env=environment(**settings), stderr=log))
        _prepare(settings["database_url"])
        yield server.url
    finally:
        for worker in workers:
            worker.terminate()
        server.stop()
        assert [worker.wait(60) for worker in workers] == [0] * len(workers)


def _prepare(database_url: str) -> None:
    """What the writer needs; returns when every follower has it, however long the workers took to start."""
    with open_ledger(database_url) as opened:
        prepare(opened.ledger)
        head = opened.recorder.max_notification_id()
    deadline = time.monotonic() + READY_SECONDS
    with psycopg.connect(database_url, autocommit=True) as connection:
        while connection.execute(BEHIND, (head,)).fetchone() != (0,):
            assert time.monotonic() < deadline, "the followers did not start"
            time.sleep(0.1)


def _writer(database_url: str, directory: Path, seconds: float, folder: str) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "tests.benchmarks.steady", database_url, str(seconds), folder]
    with (directory / "writer.log").open("w") as log:
        return subprocess.Popen(program, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=log, text=True)


@contextmanager
def _search_index(database_url: str, settings: dict[str, str]) -> Iterator[SearchIndex]:
    options = {"options": "-c search_path=search,tables,public"}
    with ConnectionPool[Connection[tuple[object, ...]]](
        database_url, min_size=1, max_size=1, open=True, kwargs=options
    ) as pool:
        if "opensearch_url" not in settings:
            yield PostgresSearch(pool)
            return
        with psycopg.connect(database_url, autocommit=True) as connection:
            indices = Indices(OpenSearchConfig(settings["opensearch_url"], prefix=SEARCH_PREFIX))
            yield OpenSearchIndex(indices, lambda: int((connection.execute(LIVE).fetchone() or (1,))[0]))
            indices.close()


def _is_row(connection: Connection[tuple[object, ...]], one: Committed) -> bool:
    return connection.execute(ROW, (DATABASE, one.asset_id, one.path)).fetchone() is not None


def _is_reached(connection: Connection[tuple[object, ...]], one: Committed) -> bool:
    return connection.execute(COLUMNAR, (one.position,)).fetchone() == (True,)


def _is_found(index: SearchIndex, one: Committed) -> bool:
    page = index.search(SearchQuery(text=f'"{one.file_name}"', first=5))
    return any(hit.path == one.path for hit in page.hits)


def _received(url: str, stream: Stream) -> list[float]:
    """Seconds from each commit until its last event came out of a socket."""
    received: dict[int, float] = {}
    with ready_socket(url) as socket:
        socket.subscribe("1", "subscription { events { position } }")
        while not (stream.has_ended.is_set() and stream.newest and stream.newest.position in received):
            with suppress(TimeoutError):
                frame = socket.connection.recv(timeout=0.5)
                at = time.monotonic()
                received[int(json.loads(frame)["payload"]["data"]["events"]["position"])] = at
    return [received[one.position] - one.at for one in stream.all if one.position in received]
