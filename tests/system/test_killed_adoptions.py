"""A server is killed while it makes files of the objects below an adopted prefix, and ends with each exactly once."""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.conftest import s3_endpoint_url
from tests.system import transfers
from tests.system.accounts import client_of
from tests.system.client import Client
from tests.system.loading import every_event
from tests.system.server import start
from tests.system.transfers import Where

__all__ = ["s3_endpoint_url"]

PREFIX = "years/2019/shot/"
CREATE = """mutation($input: CreateAssetInput!) { createAsset(input: $input) {
  asset { assetId } position errors { code message path } } }"""
PROGRESS = """{ asset(databaseId: "found", assetId: "shot") { assetType adoption {
  state registeredCount ignoredCount skippedCount failure } } }"""
DRILLS = [
    pytest.param("s3", 1500, (500,), id="s3-1500-objects-1-kill"),
    pytest.param("local", 5000, (500, 2000, 4000), id="local-5000-objects-3-kills", marks=pytest.mark.soak),
    pytest.param("s3", 5000, (500, 2000, 4000), id="s3-5000-objects-3-kills", marks=pytest.mark.soak),
]
"""Which store, how many objects there are, and how many are files, at least, when the server is killed."""


@pytest.mark.parametrize(("kind", "count", "moments"), DRILLS)
@pytest.mark.timeout(600)
def test_kills_in_an_adoption_register_every_object_once(
    request: pytest.FixtureRequest, data_dir: Path, kind: str, count: int, moments: tuple[int, ...]
) -> None:
    s3 = kind == "s3"
    where = transfers.on_s3(data_dir, request.getfixturevalue("s3_endpoint_url")) if s3 else transfers.local(data_dir)
    server = start(data_dir, **where.settings)
    versions = _put(where, count)
    with client_of(server) as client:
        client.create_asset("found", "other")
        values = {"assetName": "Shot", "description": "Found", "isDistributable": True}
        client.done(CREATE, databaseId="found", assetId="shot", bucketExistingKey=PREFIX, **values)
    struck = 0
    for moment in moments:
        with client_of(server) as client:
            found = _wait_until(client, registered=moment)
        struck += found["state"] == "RUNNING"
        server.kill()
        server = start(data_dir, port=server.port, **where.settings)
        sys.stdout.write(f"killed after {found['registeredCount']} of {count} objects\n")
    with client_of(server) as client:
        found = _wait_until(client, registered=None)
        assert found == {
            "state": "DONE",
            "registeredCount": count,
            "ignoredCount": 0,
            "skippedCount": 0,
            "failure": None,
        }
        events = [event["payload"] for event in every_event(client, "FileVersionObserved")]
    server.stop()
    assert Counter((event["path"], event["stored"]["s3_version_id"]) for event in events) == Counter(versions.items())
    assert struck >= 1


def _put(where: Where, count: int) -> dict[str, str]:
    """Objects below the prefix; gives their versions by path."""
    names = transfers.names(count)
    with where.store() as store, ThreadPoolExecutor(transfers.PARALLEL_PUTS) as pool:

        def put(name: str) -> str:
            made = store.put(where.bucket, f"{PREFIX}{name}", b"x", content_type="text/plain", metadata={})
            return made.version_id

        return dict(zip(names, pool.map(put, names), strict=True))


def _wait_until(client: Client, *, registered: int | None) -> Any:
    """The progress once so many objects are files, or once it is over when `registered` is None."""
    deadline = time.monotonic() + 300
    while True:
        found = client.one(PROGRESS)["adoption"]
        is_there = registered is not None and found["registeredCount"] >= registered
        if is_there or found["state"] in ("DONE", "DONE_WITH_ERRORS", "FAILED"):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
