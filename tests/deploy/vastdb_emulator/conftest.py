"""The emulator as a process, and sessions of the real SDK on it; without the SDK only the reason is collected."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from deploy.vastdb_emulator.process import EmulatorProcess

HAS_SDK = find_spec("vastdb") is not None
collect_ignore_glob = [] if HAS_SDK else ["test_[!s]*.py", "test_s[!d]*.py"]
NUMBERS = count(1)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let the SDK leave the sockets of failed requests to the garbage collector, as it does."""
    item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    """The emulator that most tests share; each has a schema of its own."""
    from deploy.vastdb_emulator.process import EmulatorProcess

    with EmulatorProcess(tmp_path_factory.mktemp("vastdb") / "data") as emulator:
        yield emulator


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[EmulatorProcess]:
    """An emulator of the test's own, to be killed, restarted or upset."""
    from deploy.vastdb_emulator.process import EmulatorProcess

    with EmulatorProcess(tmp_path / "data") as emulator:
        yield emulator


@pytest.fixture
def session(running: EmulatorProcess) -> Any:
    """A session of the SDK on the shared emulator."""
    from tests.deploy.vastdb_emulator.sdk import connect

    return connect(running.endpoint)


@pytest.fixture
def schema(session: Any) -> str:
    """The name of a new schema in the bucket vastdb."""
    name = f"test_{next(NUMBERS)}"
    with session.transaction() as tx:
        tx.bucket("vastdb").create_schema(name)
    return name
