"""A real server process on a fresh data directory: started, stopped or killed by its process id, its log kept."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from gateway.embedded_postgres import EmbeddedPostgres

ROOT = Path(__file__).parents[2]
PROGRAM = "gateway.cli"
SECONDS_TO_STOP = 60
LAUNCHED: defaultdict[Path, list[subprocess.Popen[str]]] = defaultdict(list)
"""What was started on each data directory."""


@dataclass(frozen=True)
class RunningServer:
    """A server that listens."""

    url: str
    data_dir: Path
    log: Path
    process: subprocess.Popen[str]
    program: str = PROGRAM

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rpartition(":")[2])

    def read_line(self) -> str:
        """The next line that the server writes for its user; empty once it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run another interneg command on the same data directory."""
        return subprocess.run(
            command(self.data_dir, *arguments, program=self.program),
            cwd=ROOT,
            env=environment(**settings),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def kill(self) -> None:
        """End it without warning, as the kernel does when memory runs out."""
        self.process.kill()
        self.process.wait()
        self._close()

    def stop(self) -> None:
        """Ask it to end, and see that it ends well and leaves nothing running."""
        self.process.terminate()
        try:
            status = self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self._close()
        assert status == 0, self.log.read_text()
        assert not (self.data_dir / "postgres" / "postmaster.pid").exists(), "PostgreSQL outlived its server"

    def _close(self) -> None:
        assert self.process.stdout is not None
        self.process.stdout.close()


def launch(
    data_dir: Path, *options: str, port: int = 0, program: str = PROGRAM, **settings: str
) -> subprocess.Popen[str]:
    """A process that serves, or tries to; `settings` are INTERNEG_ variables without that prefix."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with log_of(data_dir).open("a") as errors:
        process = subprocess.Popen(
            command(data_dir, "serve", "--port", str(port), *options, program=program),
            cwd=ROOT,
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    LAUNCHED[data_dir].append(process)
    return process


def start(data_dir: Path, *options: str, port: int = 0, program: str = PROGRAM, **settings: str) -> RunningServer:
    """Serve, on a free port unless one is given; returns when the server says that it listens."""
    process = launch(data_dir, *options, port=port, program=program, **settings)
    assert process.stdout is not None
    log = log_of(data_dir)
    return RunningServer(_announced(process.stdout.readline(), log), data_dir, log, process, program)


@contextmanager
def serving(data_dir: Path, *options: str, program: str = PROGRAM, **settings: str) -> Iterator[RunningServer]:
    """Serve on a free port until the block ends."""
    server = start(data_dir, *options, port=0, program=program, **settings)
    try:
        yield server
    finally:
        server.stop()


def end_whatever_runs(data_dir: Path) -> None:
    """End the server of a directory, and its database, after a test that failed before it could."""
    try:
        owner = psutil.Process(int((data_dir / "owner").read_text()))
        if str(data_dir) in owner.cmdline():
            owner.kill()
        EmbeddedPostgres(data_dir / "postgres", data_dir / "postgres").stop()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        pass
    finally:
        _collect(data_dir)


def _collect(data_dir: Path) -> None:
    """Kill and wait for what was launched on the directory, so that no later test has to hear of it."""
    for process in LAUNCHED.pop(data_dir, ()):
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def log_of(data_dir: Path) -> Path:
    """Where a server of these tests writes its log."""
    return data_dir / "server.log"


def command(data_dir: Path, *arguments: str, program: str = PROGRAM) -> list[str]:
    return [sys.executable, "-m", program, "--data-dir", str(data_dir), *arguments]


def environment(**settings: str) -> dict[str, str]:
    """The environment of this process with these INTERNEG_ variables and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INTERNEG_")}
    return {**kept, **{f"INTERNEG_{name.upper()}": value for name, value in settings.items()}}


def _announced(line: str, log: Path) -> str:
    prefix = "interneg serves GraphQL at "
    assert line.startswith(prefix), f"The server did not start: {line}\n{log.read_text()}"
    return line.removeprefix(prefix).partition("/graphql")[0]
