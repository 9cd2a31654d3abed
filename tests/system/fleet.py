"""The product spread over processes: a gateway that does no work, and workers to be killed, paused and replaced."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from tests.system.server import ROOT, RunningServer, command, environment, start

SECONDS_TO_START = 240.0
SECONDS_TO_STOP = 60.0
OWNER = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted
  AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('consumers.run.' || %s, 0)
"""
CONNECTED = "SELECT application_name FROM pg_stat_activity GROUP BY 1 HAVING count(*) >= %s"
CONNECTIONS = 12
"""A worker has more than so many once it runs what it owns and stands by for the rest."""


@dataclass
class Worker:
    """One `interneg work`; its name is what the database calls its connections."""

    name: str
    process: subprocess.Popen[bytes]
    is_paused: bool = False

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)
        self.is_paused = True

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.is_paused = False


@dataclass
class Fleet:
    """Started processes on one data directory and one database."""

    data_dir: Path
    database_url: str
    settings: dict[str, str]
    workers: list[Worker] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.gateway: RunningServer = start(self.data_dir, "--no-work", port=0, **self.settings)

    @property
    def log(self) -> Path:
        """Of every worker."""
        return self.data_dir / "workers.log"

    def add(self) -> Worker:
        """Another worker; returns at once."""
        name = f"worker-{next(self.numbers)}"
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command(self.data_dir, "work"),
                cwd=ROOT,
                env={**environment(**self.settings), "PGAPPNAME": name},
                stdout=log,
                stderr=log,
            )
        self.workers.append(Worker(name, process))
        return self.workers[-1]

    def kill(self, worker: Worker) -> None:
        worker.process.kill()
        worker.process.wait()
        self.workers.remove(worker)

    def wait_for_workers(self, count: int) -> None:
        """Return when so many of them are there to take over from each other."""
        deadline = time.monotonic() + SECONDS_TO_START
        names: set[str] = set()
        while sum(worker.name in names and not worker.is_paused for worker in self.workers) < count:
            assert time.monotonic() < deadline, f"Only {names} work:\n{self.log.read_text()[-3000:]}"
            time.sleep(0.1)
            with psycopg.connect(self.database_url) as connection:
                names = {row[0] for row in connection.execute(CONNECTED, (CONNECTIONS,))}

    def owner(self, follower: str) -> str | None:
        """The name of the worker that runs a follower; None while none does, or the database is away."""
        try:
            with psycopg.connect(self.database_url, connect_timeout=5) as connection:
                row = connection.execute(OWNER, (follower,)).fetchone()
        except psycopg.OperationalError:
            return None
        return row[0] if row else None

    def owner_of(self, follower: str) -> Worker:
        """The living worker that runs a follower, as soon as there is one."""
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            name = self.owner(follower)
            for worker in self.workers:
                if worker.name == name and not worker.is_paused:
                    return worker
            time.sleep(0.1)
        raise AssertionError(f"Nobody runs {follower}:\n{self.log.read_text()[-3000:]}")

    def seconds_until_replaced(self, follower: str, worker: Worker, *, patience: float) -> float:
        """How long it takes until another worker runs the follower."""
        began = time.monotonic()
        while (name := self.owner(follower)) in (None, worker.name):
            waited = time.monotonic() - began
            assert waited < patience, f"{name} still runs {follower} after {waited:.1f} s"
            time.sleep(0.05)
        return time.monotonic() - began

    def check(self) -> None:
        """Every process lives, and no thread of a worker has ended by an exception."""
        ended = [worker.name for worker in self.workers if worker.process.poll() is not None]
        assert ended == [], f"{ended} ended by themselves:\n{self.log.read_text()[-5000:]}"
        assert self.gateway.process.poll() is None, self.gateway.log.read_text()[-5000:]
        for log in (self.log, self.gateway.log):
            text = log.read_text()
            at = text.find("Exception in thread")
            assert at < 0, text[at : at + 5000]

    def stop(self) -> None:
        """Ask every worker to end, and see that each ends well."""
        for worker in self.workers:
            worker.resume()
            worker.process.terminate()
        assert [worker.process.wait(SECONDS_TO_STOP) for worker in self.workers] == [0] * len(self.workers)
        self.gateway.stop()

    def end_all(self) -> None:
        """End whatever is left after a failure."""
        for worker in self.workers:
            worker.process.kill()
            worker.process.wait()
        if self.gateway.process.poll() is None:
            self.gateway.kill()


@contextmanager
def fleet(data_dir: Path, database_url: str, *, workers: int, **settings: str) -> Iterator[Fleet]:
    """A gateway and so many workers."""
    running = Fleet(data_dir, database_url, {"database_url": database_url, **settings})
    try:
        for _ in range(workers):
            running.add()
        yield running
    finally:
        running.end_all()
