"""Failures of the service itself, typed by what the caller can do, on the backends that have a service."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.vastdb_emulator import process
from deploy.vastdb_emulator.process import EmulatorProcess
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.errors import AccessRefused, OutOfSpace, Unavailable
from projections.columnar.store import ColumnarStore
from projections.columnar.vast_db.config import VastDBConfig
from projections.columnar.vast_db.store import VastDBStore
from tests.contracts.columnar.backends import IMAGE_KEYS, IMAGES, REPOSITORY, Backend, ids, image_rows
from tests.contracts.columnar.test_outages import CALLS

pytestmark = pytest.mark.leaves_sockets

NEW = [{**image_rows()[0], "image_id": "new"}]


@pytest.fixture(scope="module", params=["5.4", "5.5"])
def emulator(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    """One of these tests' own, to be upset."""
    with EmulatorProcess(tmp_path_factory.mktemp("vastdb"), version=request.param) as emulator:
        yield emulator


@pytest.fixture
def config(emulator: EmulatorProcess) -> Iterator[VastDBConfig]:
    """A schema of the test's own; no fault is left after it."""
    yield VastDBConfig(
        endpoint=emulator.endpoint,
        access_key=process.ACCESS_KEY,
        secret_key=process.SECRET_KEY,
        bucket="vastdb",
        schema=f"faults_{uuid4().hex}",
        timeout_seconds=5,
        attempt_seconds=0.5,
    )
    emulator.inject()


@pytest.fixture
def images(config: VastDBConfig) -> ColumnarStore:
    store = VastDBStore(config)
    store.create_table("images", IMAGES, partition_by=IMAGE_KEYS)
    store.write("images", image_rows())
    return store


def fails(store: ColumnarStore, kind: type[Unavailable], calls: list[Callable[[ColumnarStore], object]]) -> None:
    for call in calls:
        with pytest.raises(kind):
            call(store)


def test_a_cluster_that_is_down_is_unavailable_and_found_again(
    images: ColumnarStore, config: VastDBConfig, emulator: EmulatorProcess
) -> None:
    emulator.kill()
    fails(images, Unavailable, CALLS)
    fails(VastDBStore(config), Unavailable, CALLS[:1])
    emulator.start()
    assert ids(images.read("images")) == ids(image_rows())
    assert images.write("images", NEW)
    assert images.count("images") == 13


def test_wrong_credentials_are_refused_and_name_no_secret(images: ColumnarStore, config: VastDBConfig) -> None:
    settings = {**asdict(config), "secret_key": "hush"}
    wrong = VastDBStore(VastDBConfig(**settings))
    fails(wrong, AccessRefused, CALLS[:7])
    with pytest.raises(AccessRefused) as refused:
        wrong.count("images")
    assert "hush" not in str(refused.value)
    assert "hush" not in repr(VastDBConfig(**settings))
    assert images.count("images") == 12


@pytest.mark.parametrize("fault", ["lose-before@commit", "lose-after@commit", "lose-after@commit*2"])
@pytest.mark.parametrize("is_overwrite", [False, True])
def test_a_lost_commit_happens_once(
    images: ColumnarStore, emulator: EmulatorProcess, fault: str, is_overwrite: bool
) -> None:
    emulator.inject(fault)
    images.write("images", NEW, overwrite=is_overwrite)
    emulator.inject()
    assert images.count("images", {"image_id": "new"}) == 1
    assert images.count("images") == (10 if is_overwrite else 13)


def test_a_cluster_without_room_takes_nothing(images: ColumnarStore, emulator: EmulatorProcess) -> None:
    for overwrite in (False, True):
        emulator.inject("out-of-space@insert")
        with pytest.raises(OutOfSpace):
            images.write("images", NEW, overwrite=overwrite)
    emulator.inject("out-of-space@commit*9")
    with pytest.raises(OutOfSpace):
        images.write("images", NEW)
    emulator.inject()
    assert ids(images.read("images")) == ids(image_rows())


@pytest.mark.parametrize(
    "fault", ["truncate@select+1", "fail-query@select+1", "internal-error@select*9", "slow-down*99"]
)
def test_a_read_that_breaks_is_unavailable_and_never_shorter(
    images: ColumnarStore, emulator: EmulatorProcess, fault: str
) -> None:
    for call in CALLS[1:4]:
        emulator.inject(fault)
        try:
            call(images)
        except Unavailable:
            pass
        else:
            # The SDK repeated the request that broke, so the answer must be whole.
            assert ids(images.read("images")) == ids(image_rows())
    emulator.inject()
    assert ids(images.read("images")) == ids(image_rows())


def test_a_cluster_that_is_busy_for_a_moment_is_asked_again(images: ColumnarStore, emulator: EmulatorProcess) -> None:
    emulator.inject("slow-down@insert", "slow-down@select", "conflict@update")
    assert images.write("images", NEW, overwrite=True)
    assert images.count("images", {"image_id": "new"}) == 1


def test_a_full_disk_takes_nothing(tmp_path: Path) -> None:
    """A process that may write no file beyond 64 KiB meets what one on a full disk meets."""
    backend = Backend(asdict(DuckDBParquetConfig(root=str(tmp_path / "columnar"))))
    store = backend.open()
    store.create_table("images", IMAGES, partition_by=IMAGE_KEYS)
    store.write("images", image_rows())
    program = f"""
import os, resource, signal
from projections.columnar.errors import OutOfSpace
from projections.columnar.duckdb_delta.store import DuckDBParquetConfig, DuckDBParquetStore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = DuckDBParquetStore(DuckDBParquetConfig(root={str(tmp_path / "columnar")!r}))
row = next(store.read("images"))
resource.setrlimit(resource.RLIMIT_FSIZE, ({2**16}, {resource.RLIM_INFINITY}))
for overwrite in (False, True):
    try:
        store.write("images", [{{**row, "note": os.urandom({2**17}).hex()}}], overwrite=overwrite)
    except OutOfSpace as error:
        print("out of space")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert done.stdout == "out of space\n" * 2, done.stderr
    assert ids(backend.open().read("images")) == ids(image_rows())
    assert len(list((tmp_path / "columnar" / "images").glob("*.parquet"))) == 4
