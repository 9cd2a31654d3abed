"""A real OpenSearch: one whose URL is given, or a node of our own on a fresh directory."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.required import require

RUN = Path(__file__).parents[2] / "deploy" / "opensearch" / "run.sh"
NO_JDK, NOT_INSTALLED = 3, 2


MAJORS = [pytest.param("3", id="opensearch"), pytest.param("2", id="opensearch-2", marks=pytest.mark.opensearch_2)]
"""What fixtures that give a node are parametrized by."""

URL_GIVEN = {"3": "INTERNEG_TEST_OPENSEARCH_URL", "2": "INTERNEG_TEST_OPENSEARCH_2_URL"}


@dataclass
class Node:
    """A node that can be ended and begun again on its data."""

    directory: Path
    port: int
    major: str = "3"
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What it says."""
        return self.directory / "node.log"

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin, and return once it answers. Skips the test, or fails where services are required."""
        with self.log.open("w") as log:
            command = [str(RUN), str(self.directory / "node"), str(self.port), self.major]
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        while "OpenSearch answers" not in self.log.read_text():
            status = self.process.poll()
            require(status not in (NO_JDK, NOT_INSTALLED), self.log.read_text().strip())
            if status is not None:
                raise RuntimeError(f"OpenSearch did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.1)

    def pause(self) -> None:
        """Let it answer nobody, until it is resumed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it without warning."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@contextmanager
def running_node(major: str = "3") -> Iterator[Node]:
    """A node of this major version on a directory of its own, both gone afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="interneg-opensearch-"))
    node = Node(directory, _free_port(), major)
    try:
        node.start()
        yield node
    finally:
        if node.process is not None and node.process.poll() is None:
            node.kill()
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def opensearch_url(major: str = "3") -> Iterator[str]:
    """The URL of an OpenSearch of this major version that tests may fill."""
    given = os.environ.get(URL_GIVEN[major])
    if given:
        yield given
        return
    with running_node(major) as node:
        yield node.url


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
