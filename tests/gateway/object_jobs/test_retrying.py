"""A job that the store refused for good is shown, and tried again when somebody says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from processors.objects.errors import StoreRejected
from processors.objects.local import LocalObjectStore
from tests.gateway.files.asking import ARCHIVE, named
from tests.gateway.product import Product, product
from tests.gateway.recording import nothing_recorded
from tests.system.client import Client
from tests.waiting import eventually

ASSET = ("shows", "shot_010")
RETRY = """mutation($input: RetryObjectJobInput!) { retryObjectJob(input: $input) {
  objectJob { position kind state failure } position visible errors { code message path } } }"""
JOBS = "{ objectJobs { edges { node { position kind state failure attempts } } } }"
MOVE = """mutation($input: MoveFilesInput!) { moveFiles(input: $input) {
  fileTransfer { transferId } position errors { code message path } } }"""
LEFT_OVER = "query($id: ID!) { fileTransfer(transferId: $id) { state leftOver } }"


@pytest.fixture
def running(database_url: str, tmp_path: Path) -> Iterator[Product]:
    with product(database_url, tmp_path, "lifecycle", "jobs") as found:
        yield found


def job(client: Client) -> dict[str, Any]:
    jobs: list[dict[str, Any]] = [edge["node"] for edge in client.one(JOBS)["edges"]]
    return jobs[0] if jobs else {"state": None}


def refusing() -> Any:
    """The local store puts no delete marker for as long as this block takes."""
    return patch.object(LocalObjectStore, "delete", side_effect=StoreRejected("delete the object", "not yours"))


def test_a_failed_job_is_tried_again(running: Product) -> None:
    client = running.client
    client.create_asset(*ASSET)
    client.upload(ASSET, {"a.exr": b"1"})
    with refusing():
        client.done(ARCHIVE, **named(ASSET, paths=["a.exr"]))
        eventually(lambda: job(client)["state"] == "FAILED")
    failed = job(client)
    assert failed["failure"] == "Could not delete the object: not yours."
    which = {"position": failed["position"], "kind": failed["kind"]}
    with nothing_recorded(client):
        assert client.done(RETRY, **which)["objectJob"]["state"] in ("WAITING", "RUNNING", "DONE")
    eventually(lambda: job(client)["state"] == "DONE")
    assert (job(client)["attempts"], job(client)["failure"]) == (2, None)
    assert client.done(RETRY, **which)["objectJob"]["state"] == "DONE"
    assert job(client)["attempts"] == 2


def test_what_a_move_left_over_is_a_job_that_can_be_tried_again(running: Product) -> None:
    client = running.client
    client.create_asset(*ASSET)
    client.upload(ASSET, {"a.exr": b"1"})
    with refusing():
        moved = client.done(MOVE, **named(ASSET, files=[{"sourcePath": "a.exr", "destinationPath": "b.exr"}]))
        eventually(lambda: job(client)["state"] == "FAILED")
    transfer = client.one(LEFT_OVER, id=moved["fileTransfer"]["transferId"])
    assert transfer["state"] == "DONE"
    assert transfer["leftOver"].startswith("1 moved objects have no delete marker at their old key")
    assert job(client)["kind"] == "MOVED_SOURCES"
    client.done(RETRY, position=job(client)["position"], kind="MOVED_SOURCES")
    eventually(lambda: job(client)["state"] == "DONE")
    tops = {key: versions[0].is_delete_marker for key, versions in _versions(running).items()}
    assert tops == {"shot_010/a.exr": True, "shot_010/b.exr": False}


def test_a_job_that_is_not_there_is_named(running: Product) -> None:
    with nothing_recorded(running.client):
        error = running.client.refused(RETRY, position="99", kind="FILE_ERASURE")
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["position"])
    assert error["message"] == "There is no job FILE_ERASURE at position '99'."


def _versions(running: Product) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for version in running.parts.objects.versions(running.parts.settings.bucket, ""):
        found.setdefault(version.key, []).append(version)
    return found
