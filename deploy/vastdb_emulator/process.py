"""The emulator as a process of its own, for tests and tools: start, stop, kill, start again, inject faults."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import Request, urlopen

from deploy.vastdb_emulator.transport.faults import FAULTS_PATH

CHECKOUT = Path(__file__).parents[2]
ACCESS_KEY = "emulator"
SECRET_KEY = "emulator-secret"  # noqa: S105 - not a secret: what the emulator takes unless it is told otherwise
STOP_SECONDS = 10
REFUSALS = 1000


class EmulatorUnreachable(Exception):
    """Faults cannot be injected, as the process lets no connection in."""


class EmulatorNotStarted(Exception):
    """The process ended before it listened; the message has what it said."""


class EmulatorProcess:
    """An emulator on a directory. It keeps its port when it is started again, so that clients find it there.

    The Python that runs it must have the SDK; `arguments` are those of the command line.
    """

    def __init__(self, directory: Path, *, version: str = "5.5", port: int = 0, arguments: Sequence[str] = ()) -> None:
        self._directory = directory
        self._version = version
        self._port = port
        self._arguments = tuple(arguments)
        self._process: subprocess.Popen[str] | None = None
        self.endpoint = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The number of the process, which must run."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it listens; EmulatorNotStarted when it ends instead."""
        command = [sys.executable, "-m", "deploy.vastdb_emulator", "--data-dir", str(self._directory)]
        options = ["--version", self._version, "--port", str(self._port), *self._arguments]
        self._process = subprocess.Popen(  # noqa: S603 - our own module under our own Python
            [*command, *options], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise EmulatorNotStarted(f"it ended with code {self._process.wait()}; its last words are on standard error")
        self.endpoint = line.split()[-1]
        self._port = int(self.endpoint.rpartition(":")[2])

    def stop(self) -> None:
        """End it in order, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._reap()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        assert self._process is not None
        self._process.kill()
        self._reap()

    def inject(self, *faults: str) -> None:
        """Plan these faults in place of those still pending; without any, nothing goes wrong any more.

        EmulatorUnreachable when no connection is let in, which a refused one may be the reason for.
        """
        body = json.dumps(faults).encode()
        request = Request(f"{self.endpoint}{FAULTS_PATH}", data=body, method="PUT")  # noqa: S310 - our own http address
        for _ in range(REFUSALS):
            # A connection may be refused because that is the fault which is to end.
            with suppress(URLError, ConnectionResetError), urlopen(request, timeout=STOP_SECONDS):  # noqa: S310
                return
        raise EmulatorUnreachable(f"it refused {REFUSALS} connections at {self.endpoint}")

    def _reap(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.wait(timeout=STOP_SECONDS)
        self._process.stdout.close()
        self._process = None
