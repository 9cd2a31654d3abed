"""Many processes: one owner at a time, taken over when it dies or stalls, and no event twice whatever happens."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from gateway.consumers.contracts import Pool
from gateway.consumers.generations import ensure
from gateway.consumers.rebuild import rebuild
from gateway.consumers.verify import verify
from tests.gateway.consumers.toy import Sink, TableFeed, ToyProjection, append, fetch, row_of, running
from tests.waiting import eventually

ROOT = Path(__file__).parents[3]
KILLS, SECONDS_TO_TAKE_OVER = 8, 10.0
OWNERS = """
SELECT substr(application_name, 9)::int FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND application_name LIKE 'process-%' AND datname = current_database()
"""


class Processes:
    """Started processes, all of which are ended with the test."""

    def __init__(self, url: str, log: Path) -> None:
        self._url = url
        self.log = log
        self._started: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, mode: str) -> int:
        arguments = [sys.executable, str(Path(__file__).with_name("process.py")), self._url, mode]
        with self.log.open("ab") as log:
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            process = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log)
        self._started[process.pid] = process
        return process.pid

    def kill(self, pid: int) -> None:
        process = self._started.pop(pid)
        process.kill()
        process.wait()

    def wait(self, pid: int) -> int:
        return self._started.pop(pid).wait(60)

    def kill_all(self) -> None:
        for pid in list(self._started):
            self.kill(pid)


@pytest.fixture
def processes(url: str, tmp_path: Path) -> Iterator[Processes]:
    started = Processes(url, tmp_path / "log")
    yield started
    started.kill_all()


def owner(pool: Pool) -> int | None:
    """The process that owns the only follower there is; None while no process does."""
    rows = fetch(pool, OWNERS)
    assert len(rows) <= 1
    return int(rows[0][0]) if rows else None


def has_built(pool: Pool, position: int) -> bool:
    """Whether a rebuild has come so far."""
    query = f"SELECT 1 FROM consumers.positions WHERE role = 'building' AND position >= {position}"
    return bool(fetch(pool, query))


def is_taken_over(pool: Pool, victim: int) -> bool:
    """Whether another process owns the follower."""
    return owner(pool) not in (None, victim)


@contextmanager
def seconds() -> Iterator[list[float]]:
    """How long the block took."""
    taken = [time.monotonic()]
    yield taken
    taken[0] = time.monotonic() - taken[0]


def test_three_runners_killed_at_random_apply_every_event_once(pool: Pool, processes: Processes) -> None:
    ensure(Sink(), pool)
    chance = random.Random(7)
    for _ in range(3):
        processes.start("run")
    last, kills = 0, 0
    while kills < KILLS:
        eventually(lambda: owner(pool) is not None)
        until = time.monotonic() + chance.uniform(0.05, 0.4)
        while time.monotonic() < until:
            last = append(pool, range(chance.randint(1, 500)))
        victim = owner(pool)
        if victim is None:
            continue
        processes.kill(victim)
        kills += 1
        with seconds() as takeover:
            eventually(partial(is_taken_over, pool, victim))
        assert takeover[0] < SECONDS_TO_TAKE_OVER
        processes.start("run")
    eventually(lambda: row_of(pool, "sink").position == last)
    assert fetch(pool, "SELECT count(*), count(DISTINCT position), max(position) FROM sink") == [(last, last, last)]


def test_an_owner_paused_before_its_transaction_is_replaced_and_turned_away(pool: Pool, processes: Processes) -> None:
    ensure(Sink(), pool)
    last = append(pool, range(100))
    stalled = processes.start("stall-in-prepare")
    eventually(lambda: owner(pool) == stalled)
    processes.start("run")
    eventually(lambda: row_of(pool, "sink").position == last)
    assert owner(pool) != stalled
    os.kill(stalled, signal.SIGCONT)
    eventually(lambda: b"'sink' is no longer at position 0" in processes.log.read_bytes())
    assert fetch(pool, "SELECT count(*), count(DISTINCT position) FROM sink") == [(100, 100)]


def test_an_owner_paused_inside_its_transaction_is_rolled_back(pool: Pool, processes: Processes) -> None:
    ensure(Sink(), pool)
    last = append(pool, range(100))
    stalled = processes.start("stall-in-commit")
    eventually(lambda: owner(pool) == stalled)
    successor = processes.start("run")
    eventually(lambda: row_of(pool, "sink").position == last)
    os.kill(stalled, signal.SIGCONT)
    processes.kill(successor)
    last = append(pool, range(100, 150))
    eventually(lambda: row_of(pool, "sink").position == last)
    assert owner(pool) == stalled
    assert fetch(pool, "SELECT count(*), count(DISTINCT position) FROM sink") == [(150, 150)]


def test_ten_interrupted_rebuilds_end_as_one(pool: Pool, processes: Processes) -> None:
    ensure(ToyProjection(), pool)
    last = append(pool, range(6000))
    with running(ToyProjection(), pool):
        eventually(lambda: row_of(pool, "toy").position == last)
        reached = [0]
        for kill in range(1, 11):
            pid = processes.start("rebuild")
            eventually(partial(has_built, pool, max(kill * 400, reached[-1] + 1)))
            processes.kill(pid)
            reached.append(row_of(pool, "toy", "building").position)
        assert reached == sorted(reached)
        assert len(set(reached)) == 11
        assert rebuild(ToyProjection(), TableFeed(pool), pool, progress=lambda _: None) == 2
    assert fetch(pool, "SELECT count(*), sum(number) FROM toy.items") == [(6000, sum(range(6000)))]
    assert fetch(pool, "SELECT count(*), min(count), max(count) FROM toy.totals") == [(60, 100, 100)]
    assert fetch(pool, "SELECT generation, role FROM consumers.positions ORDER BY 1") == [(1, "previous"), (2, "live")]


@pytest.mark.parametrize("moment", ["die-in-swap", "die-after-swap"])
def test_a_rebuild_that_dies_around_its_swap_is_finished_by_the_next(
    pool: Pool, processes: Processes, moment: str
) -> None:
    ensure(ToyProjection(), pool)
    last = append(pool, range(500))
    with running(ToyProjection(), pool):
        eventually(lambda: row_of(pool, "toy").position == last)
        assert processes.wait(processes.start(moment)) == -signal.SIGKILL
        assert fetch(pool, "SELECT count(*) FROM toy.items") == [(500,)]
        assert rebuild(ToyProjection(), TableFeed(pool), pool, progress=lambda _: None) == AFTER[moment]
        assert verify(ToyProjection(), TableFeed(pool), pool).differences == ()
    kept = f"toy_g{AFTER[moment] - 1}"
    assert fetch(pool, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'toy%' ORDER BY 1") == [("toy",), (kept,)]


AFTER = {"die-in-swap": 2, "die-after-swap": 3}
"""The generation the next rebuild makes live: it resumes what was not swapped and begins anew after a swap."""
