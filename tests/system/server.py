"""A real server process on a fresh data directory: started, stopped by its process id, its log kept."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS_TO_STOP = 60


@dataclass(frozen=True)
class RunningServer:
    """A server that listens."""

    url: str
    data_dir: Path
    log: Path
    process: subprocess.Popen[str]

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run another interneg command on the same data directory."""
        return subprocess.run(
            command(self.data_dir, *arguments),
            cwd=ROOT,
            env=environment(**settings),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def read_line(self) -> str:
        """The next line that the server writes for its user; empty once it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@contextmanager
def serving(data_dir: Path, *options: str, **settings: str) -> Iterator[RunningServer]:
    """Serve on a free port until the block ends; `settings` are INTERNEG_ variables without that prefix."""
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "server.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            command(data_dir, "serve", "--port", "0", *options),
            cwd=ROOT,
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    try:
        yield RunningServer(_announced(process.stdout.readline(), log), data_dir, log, process)
    finally:
        process.terminate()
        try:
            status = process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        process.stdout.close()
    assert status == 0, log.read_text()
    assert not (data_dir / "postgres" / "postmaster.pid").exists(), "PostgreSQL outlived its server"


def command(data_dir: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "gateway.cli", "--data-dir", str(data_dir), *arguments]


def environment(**settings: str) -> dict[str, str]:
    """The environment of this process with these INTERNEG_ variables and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INTERNEG_")}
    return {**kept, **{f"INTERNEG_{name.upper()}": value for name, value in settings.items()}}


def _announced(line: str, log: Path) -> str:
    prefix = "interneg serves GraphQL at "
    assert line.startswith(prefix), f"The server did not start: {line}\n{log.read_text()}"
    return line.removeprefix(prefix).partition("/graphql")[0]
