"""The unit files and settings of deploy/systemd, and processes that are run as they say, on the services of a test."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
SYSTEMD = CHECKOUT / "deploy" / "systemd"
INSTALLED = "/srv/interneg/.venv/bin/interneg"
STATE = "/var/lib/interneg"
SETTINGS_FILE = "/etc/interneg/interneg.env"
READY_SECONDS = 400.0


def settings() -> dict[str, str]:
    """The variables of interneg.env."""
    lines = (SYSTEMD / "interneg.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True)
class Unit:
    """A template unit, read."""

    path: Path
    values: Mapping[str, list[str]]

    def one(self, name: str) -> str:
        """The only value of this name."""
        (value,) = self.values[name]
        return value


def read_unit(name: str) -> Unit:
    """`serve` or `work`."""
    path = SYSTEMD / f"interneg-{name}@.service"
    values: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            values[key].append(value)
    return Unit(path, values)


@dataclass
class Service:
    """One instance of a unit, as systemd would run it; started again it may be of another release."""

    unit: Unit
    instance: str
    directory: Path
    changes: Mapping[str, str]
    """Settings that are of this test."""
    process: subprocess.Popen[bytes] | None = None
    released: str = field(default="")

    @property
    def log(self) -> Path:
        """What it says."""
        return self.directory / f"{self.unit.path.stem}{self.instance}.log"

    def begin(self, program: str) -> socket.socket:
        """Start the program; gives the socket at which it will say that it is ready."""
        path = self.directory / f"{self.unit.path.stem}{self.instance}.notify"
        path.unlink(missing_ok=True)
        notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notified.bind(str(path))
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command(program),
                cwd=CHECKOUT,
                env={**self.environment(), "NOTIFY_SOCKET": str(path)},
                stdout=log,
                stderr=log,
            )
        self.released = program
        return notified

    def wait_ready(self, notified: socket.socket) -> None:
        """Return when it has said so."""
        assert self.process is not None
        notified.settimeout(0.5)
        deadline = time.monotonic() + READY_SECONDS
        with notified:
            while True:
                try:
                    assert notified.recv(100) == b"READY=1"
                except TimeoutError:
                    assert self.process.poll() is None, self.log.read_text()[-3000:]
                    assert time.monotonic() < deadline, self.log.read_text()[-3000:]
                else:
                    return

    def start(self, program: str) -> None:
        """Begin and wait, as `systemctl start` does."""
        self.wait_ready(self.begin(program))

    def stop(self) -> None:
        """As `systemctl stop` does, and see that it ended well and in time."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(int(self.unit.one("TimeoutStopSec")))
        assert status == 0, self.log.read_text()[-3000:]
        self.process = None

    def restart(self, program: str) -> None:
        """As `systemctl restart` does, after an upgrade of what is installed."""
        self.stop()
        self.start(program)

    def kill(self) -> None:
        """Whatever happened in the test."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def environment(self) -> dict[str, str]:
        """That of this process without our variables, then what the unit says."""
        found = {name: value for name, value in os.environ.items() if not name.startswith("INTERNEG_")}
        for given in self.unit.values["Environment"]:
            found |= dict(word.split("=", 1) for word in self._filled(given).split(" "))
        assert SETTINGS_FILE in self.unit.values["EnvironmentFile"]
        return {**found, **settings(), **self.changes}

    def command(self, program: str, *arguments: str) -> list[str]:
        """The unit's command line, or another of the same program."""
        words = shlex.split(self._filled(self.unit.one("ExecStart")))
        assert words[0] == INSTALLED
        given = [word for name in words[1:] for word in self._words(name)]
        return [sys.executable, "-m", program, *(arguments or given)]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of the release that it last ran, with its settings."""
        return subprocess.run(
            self.command(self.released, *arguments),
            cwd=CHECKOUT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=180,
        )

    def _filled(self, text: str) -> str:
        return text.replace("%i", self.instance).replace(STATE, str(self.directory))

    def _words(self, word: str) -> list[str]:
        return self.environment()[word[1:]].split() if word.startswith("$") else [word]
