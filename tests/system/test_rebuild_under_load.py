"""Prints are struck again while clients read and write: no query fails, and none sees fewer rows than before."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import psycopg
import pytest

from gateway import embedded_postgres
from projections.vams.projection import TablesProjection
from tests.system import pictures
from tests.system.accounts import PROJECTIONS, client_of, verify_projections, wait_for_media
from tests.system.client import Client
from tests.system.server import PROGRAM, ROOT, RunningServer, command, environment, serving

ASSETS, PICTURES, WRITERS = 600, 12, 4
WAIT_SECONDS = 120.0
COUNTS = {
    "assets": "{ assets { totalCount } }",
    "files": '{ asset(databaseId: "load", assetId: "pictures") { files { totalCount } } }',
    "search": "{ search { totalCount } }",
    "words": '{ search(query: "turntable") { totalCount } }',
    "frames": "{ frames { totalCount } }",
}
REBUILD = """mutation($input: RebuildProjectionInput!) { rebuildProjection(input: $input) {
  projection { name } position errors { code message path } } }"""
IS_REBUILDING = """SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
  AND (classid::bigint << 32 | objid::bigint) = hashtextextended('consumers.prints.' || %s, 0)"""
LONGEST_REBUILD_SECONDS = 1.5
FOLLOWERS = "{ projections { name generation state failure } }"


@pytest.fixture(scope="module")
def library() -> Iterator[Path]:
    """A stopped server's directory that holds enough for a rebuild to take its time."""
    with tempfile.TemporaryDirectory(prefix="interneg-rebuild-") as directory:
        with serving(Path(directory)) as server, client_of(server) as client, ThreadPoolExecutor(WRITERS) as writers:
            client.create_asset("load", "pictures")
            random = Random(5)
            done = client.upload(("load", "pictures"), {f"{n:02}.exr": pictures.exr(random) for n in range(PICTURES)})
            assert len(done["files"]) == PICTURES
            list(writers.map(lambda number: _create(client, f"asset-{number:04}"), range(ASSETS)))
            wait_for_media(client, PICTURES)
        yield Path(directory)


@pytest.fixture
def served(library: Path) -> Iterator[RunningServer]:
    with serving(library) as server:
        yield server


def test_rebuilds_by_command_and_by_mutation_go_unnoticed(served: RunningServer) -> None:
    with client_of(served) as client, _under_load(client) as readers:
        for name in PROJECTIONS:
            before = _generation(client, name)
            rebuilt = served.run("projections", "rebuild", name)
            assert (rebuilt.returncode, rebuilt.stdout) == (0, f"{name} is generation {before + 1} now.\n")
            client.done(REBUILD, name=name)
            _wait_for_generation(client, name, before + 2)
    for name, reader in readers.items():
        _check(name, reader.result())
    verify_projections(served)


def test_prints_of_another_shape_are_struck_before_anything_is_served(library: Path) -> None:
    with serving(library) as server, client_of(server) as client:
        generations = {name: _generation(client, name) for name in PROJECTIONS}
        counts = {name: _count(client, document) for name, document in COUNTS.items()}
    with serving(library, program="tests.system.reshaped") as server, client_of(server) as client:
        assert {name: _count(client, document) for name, document in COUNTS.items()} == counts
        assert all(_generation(client, name) > before for name, before in generations.items())
        assert server.log.read_text().count("Rebuilding it before serving.") == len(PROJECTIONS)
        verify_projections(server)
        refused = replace(server, program=PROGRAM).run("projections", "verify", "tables")
        live, code = TablesProjection.shape + 1, TablesProjection.shape
        assert (refused.returncode, refused.stderr.splitlines()[-1]) == (
            1,
            f"interneg: The live print of 'tables' has shape {live}, this code makes shape {code}: "
            "rebuild it before serving.",
        )


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=pytest.mark.soak)])
@pytest.mark.timeout(3600)
def test_rebuilds_killed_again_and_again_end_as_one_left_alone(served: RunningServer, kills: int) -> None:
    """What each ends as is compared with a print struck afresh, in one go, by verify."""
    random = Random(kills)
    struck = 0
    with client_of(served) as client, _under_load(client) as readers:
        for name in PROJECTIONS:
            before = _generation(client, name)
            struck += sum(_killed_while_rebuilding(served, name, random) for _ in range(kills))
            rebuilt = served.run("projections", "rebuild", name)
            assert rebuilt.returncode == 0, rebuilt.stderr
            assert _generation(client, name) > before
    for name, reader in readers.items():
        _check(name, reader.result())
    verify_projections(served)
    assert struck > 0


def _killed_while_rebuilding(server: RunningServer, name: str, random: Random) -> bool:
    """Kill a rebuild at a moment after it has begun; False when it was done by then."""
    with server.log.open("a") as log:
        rebuilding = subprocess.Popen(
            command(server.data_dir, "projections", "rebuild", name),
            cwd=ROOT,
            env=environment(),
            stdout=log,
            stderr=log,
        )
    url = embedded_postgres.running_uri(server.data_dir / "postgres")
    assert url is not None
    with psycopg.connect(url, autocommit=True) as connection:
        while rebuilding.poll() is None and not connection.execute(IS_REBUILDING, (name,)).fetchone():
            time.sleep(0.01)
    time.sleep(random.uniform(0, LONGEST_REBUILD_SECONDS))
    rebuilding.kill()
    return rebuilding.wait() == -signal.SIGKILL


@contextmanager
def _under_load(client: Client) -> Iterator[dict[str, Future[list[int]]]]:
    """Count with every document, and create assets, again and again until the block ends; gives what was counted."""
    stop = Event()
    with ThreadPoolExecutor(len(COUNTS) + 1) as pool:
        writer = pool.submit(_write, client, stop)
        try:
            yield {name: pool.submit(_counted, client, document, stop) for name, document in COUNTS.items()}
        finally:
            stop.set()
        assert writer.result() > 0


def _write(client: Client, stop: Event) -> int:
    names = count(int(time.time() * 1000))
    written = 0
    while not stop.is_set():
        _create(client, f"late-{next(names)}")
        written += 1
    return written


def _counted(client: Client, document: str, stop: Event) -> list[int]:
    found = []
    while not stop.is_set():
        found.append(_count(client, document))
    return found


def _count(client: Client, document: str) -> int:
    value = client.one(document)
    while "totalCount" not in value:
        (value,) = value.values()
    return int(value["totalCount"])


def _check(name: str, counted: list[int]) -> None:
    fewer = [(n, counted[n - 1], counted[n]) for n in range(1, len(counted)) if counted[n] < counted[n - 1]]
    assert fewer == [], f"{name} shrank at {fewer[:3]} of {len(counted)} queries"
    assert len(counted) > 20
    least = {"assets": ASSETS + 1, "files": PICTURES, "search": ASSETS + 1 + PICTURES, "words": ASSETS}
    assert counted[0] >= least.get(name, PICTURES)
    is_growing = name in ("assets", "search", "words")
    assert (counted[-1] > counted[0]) == is_growing


def _create(client: Client, asset_id: str) -> Any:
    entries = [{"key": "pass", "value": "beauty"}]
    return client.create_asset("load", asset_id, assetName=f"turntable {asset_id}", metadata=entries)


def _generation(client: Client, name: str) -> int:
    return next(int(one["generation"]) for one in client.one(FOLLOWERS) if one["name"] == name)


def _wait_for_generation(client: Client, name: str, generation: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while _generation(client, name) < generation:
        assert time.monotonic() < deadline, client.one(FOLLOWERS)
        time.sleep(0.05)
    assert _generation(client, name) == generation
