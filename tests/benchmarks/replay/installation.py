"""An installation with a large generated log, and what it takes to rebuild a projection of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway import database
from gateway.commands.demo import grow
from gateway.composition import Parts, parts
from gateway.settings import Settings

EVENTS = int(os.environ.get("INTERNEG_BENCH_EVENTS", "1000000"))
KEPT = os.environ.get("INTERNEG_BENCH_DIR")
SEED = 1


@dataclass(frozen=True)
class Rebuilt:
    """What one rebuild in a process of its own took."""

    events: int
    seconds: float
    cpu_seconds: float
    """Of the rebuilding process alone, without the stores it writes to."""
    peak_mib: int
    """Most memory that the rebuilding process ever had."""

    @property
    def rate(self) -> float:
        """Events per second."""
        return self.events / self.seconds


@dataclass(frozen=True)
class Installation:
    """A data directory whose log was generated."""

    settings: Settings
    database_url: str

    @contextmanager
    def opened(self) -> Iterator[Parts]:
        """Its parts, in this process."""
        with parts(self.settings, self.database_url, public_url="http://127.0.0.1") as found:
            yield found

    def rebuild(self, name: str) -> Rebuilt:
        """Rebuild a projection as `interneg projections rebuild` does, in a process of its own."""
        command = [sys.executable, "-m", "tests.benchmarks.replay.rebuilding", str(self.settings.data_dir), name]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])
        return Rebuilt(**json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def installation(directory: Path) -> Iterator[Installation]:
    """A server in this directory whose log has at least EVENTS events; one that has them already is taken as it is."""
    settings = Settings(data_dir=directory)
    with database.server(settings) as database_url:
        found = Installation(settings, database_url)
        with found.opened() as opened:
            head = opened.log.recorder.max_notification_id() or 0
        if head < EVENTS:
            grow(settings, events=EVENTS, seed=SEED)
        yield found
