"""A job of a dead worker is taken back by one of those who look for it, and by nobody who runs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Lock, Thread
from typing import Any

import psycopg
import pytest

from processors.jobs.queue import JobQueue
from tests.waiting import eventually

QUEUES = 6
DEAD = """
WITH worker AS (
    INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id
)
UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker.id FROM worker
"""
NOBODY_S = "UPDATE procrastinate_jobs SET worker_id = NULL WHERE status = 'doing'"


class Counted:
    """Counts its runs; each goes on until `end` is set."""

    def __init__(self) -> None:
        self.runs: list[int] = []
        self.end = Event()
        self._lock = Lock()

    def run(self, **arguments: Any) -> None:
        with self._lock:
            self.runs.append(arguments["number"])
        self.end.wait(60)

    def give_up(self, error: Exception, **arguments: Any) -> None:
        raise AssertionError(arguments) from error


@pytest.fixture
def connection(empty_database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(empty_database_url, autocommit=True) as opened:
        yield opened


@contextmanager
def _working(url: str, handler: Counted, *, queues: int) -> Iterator[None]:
    """Queues of one process, as deliveries and steps of workflows have theirs; all but one have nothing to run."""
    stop = Event()
    names = ["counted", *(f"idle-{number}" for number in range(1, queues))]
    threads = [
        Thread(target=JobQueue(url, {name: handler}).work, args=(stop,), kwargs={"concurrency": 4}) for name in names
    ]
    with ExitStack() as ending:
        for thread in threads:
            thread.start()
            ending.callback(thread.join)
        ending.callback(stop.set)
        ending.callback(handler.end.set)
        yield


def test_jobs_of_a_dead_worker_are_taken_back_once_however_many_look(
    connection: psycopg.Connection[Any], empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    handler = Counted()
    queue = JobQueue(empty_database_url, {"counted": handler})
    queue.migrate(connection)
    queue.enqueue(connection, "counted", [{"number": number} for number in range(4)])
    connection.execute(DEAD)
    with _working(empty_database_url, handler, queues=QUEUES):
        eventually(lambda: sorted(handler.runs) == [0, 1, 2, 3])
        handler.end.set()
        eventually(lambda: connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,))
    assert sorted(handler.runs) == [0, 1, 2, 3]
    told = [record.getMessage() for record in caplog.records if record.name == "processors.jobs.recovery"]
    assert sorted(told) == [f"Job {n} (counted) is taken back from a worker that is dead." for n in (1, 2, 3, 4)]


def test_a_job_that_this_process_runs_is_not_taken_back_though_its_worker_counts_as_dead(
    connection: psycopg.Connection[Any], empty_database_url: str
) -> None:
    handler = Counted()
    queue = JobQueue(empty_database_url, {"counted": handler})
    queue.migrate(connection)
    with _working(empty_database_url, handler, queues=2):
        queue.enqueue(connection, "counted", [{"number": 1}])
        eventually(lambda: handler.runs == [1])
        connection.execute(NOBODY_S)
        queue.enqueue(connection, "counted", [{"number": 2}])
        eventually(lambda: 2 in handler.runs)
        for _ in range(20):
            assert sorted(handler.runs) == [1, 2]
            handler.end.wait(0.1)
