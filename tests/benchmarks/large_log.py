"""An installation with a large generated log, and rebuilds of its projections in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gateway import database
from gateway.commands.demo import grow
from gateway.composition import Parts, parts, prepare
from gateway.consumers.rebuild import discard, rebuild
from gateway.consumers.verify import verify
from gateway.settings import Settings
from tests.memory import family_peak

EVENTS = int(os.environ.get("INTERNEG_BENCH_EVENTS", "1000000"))
KEPT = os.environ.get("INTERNEG_BENCH_DIR")
"""A data directory to use, and to leave; generated when it lacks the events."""


@dataclass(frozen=True)
class Rebuilt:
    """What one rebuild took."""

    events: int
    seconds: float
    cpu_seconds: float
    """Of the rebuilding process and its children, without the stores it writes to."""
    peak_mib: int
    """Most memory that they had."""
    differences: int | None
    """That verify found afterwards; None when it was not asked."""

    @property
    def rate(self) -> float:
        """Events per second."""
        return self.events / self.seconds


@dataclass(frozen=True)
class LargeLog:
    """Settings of the installation, and its running database."""

    settings: Settings
    database_url: str

    @contextmanager
    def opened(self) -> Iterator[Parts]:
        """Its parts, in this process."""
        with parts(self.settings, self.database_url, public_url="http://127.0.0.1") as found:
            yield found

    def with_opensearch(self, url: str) -> LargeLog:
        """The same, searched by this OpenSearch."""
        return LargeLog(replace(self.settings, opensearch_url=url), self.database_url)

    def rebuild(self, name: str, *, is_verified: bool = False) -> Rebuilt:
        """Rebuild a projection as `interneg projections rebuild` does."""
        command = [sys.executable, "-m", "tests.benchmarks.large_log", str(self.settings.data_dir), name]
        command += [str(int(is_verified)), self.settings.opensearch_url]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        return Rebuilt(**json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def large_log(directory: Path) -> Iterator[LargeLog]:
    """The installation in this directory, whose log has at least EVENTS events."""
    settings = Settings(data_dir=directory)
    with database.server(settings) as database_url:
        found = LargeLog(settings, database_url)
        with found.opened() as opened:
            prepare(opened)
            head = opened.log.recorder.max_notification_id() or 0
        if head < EVENTS:
            grow(settings, events=EVENTS, seed=1)
        yield found


def main(data_dir: str, name: str, is_verified: str, opensearch_url: str) -> None:
    """Drop what is left of earlier rebuilds, strike the print again, and print what that took."""
    settings = Settings(data_dir=Path(data_dir), opensearch_url=opensearch_url)
    with (
        database.visitor(settings) as database_url,
        parts(settings, database_url, public_url="http://127.0.0.1") as opened,
        family_peak() as peak,
    ):
        projection, feed = opened.projections[name], opened.log.feed
        discard(projection, opened.pool)
        began, cpu = time.perf_counter(), _cpu_seconds()
        rebuild(projection, feed, opened.pool, progress=lambda _: None)
        took: dict[str, float | None] = {
            "events": opened.log.recorder.max_notification_id(),
            "seconds": time.perf_counter() - began,
            "cpu_seconds": _cpu_seconds() - cpu,
            "peak_mib": peak() >> 20,
        }
        found = verify(projection, feed, opened.pool).differences if is_verified == "1" else None
        took["differences"] = None if found is None else len(found)
    sys.stdout.write(json.dumps(took) + "\n")


def _cpu_seconds() -> float:
    times = os.times()
    return sum(times[:4])


if __name__ == "__main__":
    main(*sys.argv[1:])
