"""The emulator as a process, and sessions of the real SDK on it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from vastdb.session import Session

from deploy.vastdb_emulator.process import EmulatorProcess
from tests.deploy.vastdb_emulator.sdk import connect

NUMBERS = count(1)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let the SDK leave the sockets of failed requests to the garbage collector, as it does."""
    item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    """The emulator that most tests share; each has a schema of its own."""
    with EmulatorProcess(tmp_path_factory.mktemp("vastdb") / "data") as emulator:
        yield emulator


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[EmulatorProcess]:
    """An emulator of the test's own, to be killed, restarted or upset."""
    with EmulatorProcess(tmp_path / "data") as emulator:
        yield emulator


@pytest.fixture
def session(running: EmulatorProcess) -> Session:
    """A session of the SDK on the shared emulator."""
    return connect(running.endpoint)


@pytest.fixture
def schema(session: Session) -> str:
    """The name of a new schema in the bucket vastdb."""
    name = f"test_{next(NUMBERS)}"
    with session.transaction() as tx:
        tx.bucket("vastdb").create_schema(name)
    return name
