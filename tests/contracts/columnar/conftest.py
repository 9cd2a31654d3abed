"""Backends of the columnar store for the one contract suite; every test gets a root of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import pytest

from deploy.vastdb_emulator import process
from deploy.vastdb_emulator.process import EmulatorProcess
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.store import ColumnarStore
from projections.columnar.vast_db.config import VastDBConfig
from tests.contracts.columnar.backends import IMAGE_KEYS, IMAGES, REPOSITORY, Backend, image_rows

ACCESS_KEY, SECRET_KEY = "columnar-tests", "columnar-tests-secret"
ABANDONED_SECONDS = 2


@pytest.fixture(params=["duckdb-local", "duckdb-s3", "vast-emulator-5.4", "vast-emulator-5.5"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    if request.param == "duckdb-local":
        return Backend(asdict(DuckDBParquetConfig(root=str(tmp_path / "columnar"))))
    if request.param == "duckdb-s3":
        return Backend(_on_s3(request.getfixturevalue("s3_endpoint")))
    emulators: Callable[[str], EmulatorProcess] = request.getfixturevalue("emulators")
    return Backend(_on_vast(emulators(request.param.removeprefix("vast-emulator-")).endpoint))


def _on_s3(endpoint: str) -> dict[str, Any]:
    config = DuckDBParquetConfig(
        root=f"s3://columnar/{uuid4().hex}",
        s3_endpoint=endpoint,
        s3_access_key=ACCESS_KEY,
        s3_secret_key=SECRET_KEY,
        s3_use_ssl=False,
    )
    return asdict(config)


def _on_vast(endpoint: str) -> dict[str, Any]:
    config = VastDBConfig(
        endpoint=endpoint,
        access_key=process.ACCESS_KEY,
        secret_key=process.SECRET_KEY,
        bucket="vastdb",
        schema=f"contract_{uuid4().hex}",
    )
    return asdict(config)


@pytest.fixture(scope="session")
def emulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], EmulatorProcess]]:
    """An emulator of each version that is asked for; it ends the transactions of the dead after two seconds."""
    with emulators_with("--transaction-timeout", str(ABANDONED_SECONDS), folders=tmp_path_factory) as of_version:
        yield of_version


@contextmanager
def emulators_with(*arguments: str, folders: pytest.TempPathFactory) -> Iterator[Callable[[str], EmulatorProcess]]:
    """Emulators by version, each started when it is first asked for and stopped with the block."""
    with ExitStack() as stack:
        running: dict[str, EmulatorProcess] = {}

        def of_version(version: str) -> EmulatorProcess:
            if version not in running:
                folder = folders.mktemp("vastdb")
                running[version] = stack.enter_context(EmulatorProcess(folder, version=version, arguments=arguments))
            return running[version]

        yield of_version


@pytest.fixture
def store(backend: Backend) -> ColumnarStore:
    return backend.open()


@pytest.fixture
def images(store: ColumnarStore) -> ColumnarStore:
    """A store with the table "images" filled."""
    store.create_table("images", IMAGES, partition_by=IMAGE_KEYS)
    store.write("images", image_rows())
    return store


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real S3 server on loopback with a bucket called columnar."""
    binary = os.environ.get("INTERNEG_VERSITYGW") or str(REPOSITORY / ".tmp" / "bin" / "versitygw")
    if shutil.which(binary) is None:
        missing("no versitygw: run deploy/install_versitygw.sh or set INTERNEG_VERSITYGW")
    base = tmp_path_factory.mktemp("versitygw")
    (base / "objects" / "columnar").mkdir(parents=True)
    (base / "sidecar").mkdir()
    port = free_port()
    command = [
        binary,
        "--access",
        ACCESS_KEY,
        "--secret",
        SECRET_KEY,
        "--port",
        f"127.0.0.1:{port}",
        "--quiet",
    ]
    command += ["posix", "--sidecar", str(base / "sidecar"), str(base / "objects")]
    with (base / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            await_port(port, server, base / "log")
            yield f"127.0.0.1:{port}"
        finally:
            server.kill()
            server.wait()


def missing(reason: str) -> NoReturn:
    """Skip, or fail where a run must not go without its services."""
    if os.environ.get("INTERNEG_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_port(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"versitygw does not listen: {log.read_text()}")


@pytest.fixture(autouse=True)
def _soak_only_on_request(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("soak") and "soak" not in (request.config.getoption("markexpr") or ""):
        pytest.skip("a long drill: run it with -m soak")
