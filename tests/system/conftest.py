"""A server for each module of tests, a client of it, and the sample files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.required import require
from tests.system.client import Client
from tests.system.server import RunningServer, end_whatever_runs, serving


@pytest.fixture(scope="session")
def samples() -> Path:
    named = os.environ.get("INTERNEG_SAMPLES")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "samples"
    require(folder.is_dir(), f"there are no sample files in {folder}; set INTERNEG_SAMPLES")
    return folder


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """For a server of the test's own; on a short path, so that the database's socket is beside its data."""
    with tempfile.TemporaryDirectory(prefix="interneg-test-") as directory:
        yield Path(directory) / "data"
        end_whatever_runs(Path(directory) / "data")


@pytest.fixture(scope="module")
def running_server() -> Iterator[RunningServer]:
    directory = Path(tempfile.mkdtemp(prefix="interneg-system-"))
    with serving(directory) as server:
        yield server
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def client(running_server: RunningServer) -> Iterator[Client]:
    with httpx.Client(timeout=30) as http:
        yield Client(running_server.url, http)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of the server's log with every test that failed on it."""
    report = yield
    server = item.funcargs.get("running_server")
    if report.failed and isinstance(server, RunningServer):
        lines = server.log.read_text().splitlines()[-80:]
        report.sections.append((f"log of the server, {server.log}", "\n".join(lines)))
    return report
