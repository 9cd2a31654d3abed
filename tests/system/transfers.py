"""A library of many small files, a transfer of all of them, and what must be in the store and the log at its end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from processors.objects.local import LocalObjectStore
from processors.objects.s3 import connect
from processors.objects.secret import load_or_create_secret
from processors.objects.store import ObjectStore
from tests.contracts.object_stores import ACCESS_KEY, SECRET_KEY, s3_connection
from tests.gateway.transfers.asking import COPY, ENDED, MOVE
from tests.system.client import Client
from tests.system.loading import every_event

SOURCE, DESTINATION = ("drill", "from"), ("other", "to")
REGISTER = """mutation($input: RegisterFilesInput!) { registerFiles(input: $input) {
  position errors { code message path } } }"""
PROGRESS = "query($id: ID!) { fileTransfer(transferId: $id) { state doneCount failedCount leftOver } }"
PARALLEL_PUTS = 8


@dataclass(frozen=True)
class Where:
    """The store that a server of the test works with."""

    settings: Mapping[str, Any]
    data_dir: Path
    bucket: str
    endpoint_url: str | None

    @contextmanager
    def store(self) -> Iterator[ObjectStore]:
        """The same objects, seen by the test."""
        if self.endpoint_url:
            yield connect(s3_connection(self.endpoint_url))
            return
        secret = load_or_create_secret(self.data_dir / "objects.secret")
        local = LocalObjectStore(self.data_dir / "objects", "http://nowhere", secret)
        yield local
        local.close()


def local(data_dir: Path) -> Where:
    """The local store."""
    return Where({"bucket": "drilled"}, data_dir, "drilled", None)


def on_s3(data_dir: Path, endpoint_url: str) -> Where:
    """A real S3 server, and a bucket of the test's own on it."""
    bucket = f"drilled-{uuid4().hex[:12]}"
    given = {"s3_endpoint_url": endpoint_url, "s3_access_key": ACCESS_KEY, "s3_secret_key": SECRET_KEY}
    return Where({"bucket": bucket, **given}, data_dir, bucket, endpoint_url)


def names(count: int) -> list[str]:
    return [f"plates/f.{number:05}.bin" for number in range(count)]


def load(client: Client, where: Where, count: int) -> dict[str, str]:
    """Files whose bytes are their names, in two assets' prefixes; gives their versions by path."""
    for asset in (SOURCE, DESTINATION):
        client.create_asset(*asset)
    with where.store() as store, ThreadPoolExecutor(PARALLEL_PUTS) as pool:

        def put(name: str) -> str:
            key = f"{SOURCE[1]}/{name}"
            made = store.put(where.bucket, key, name.encode(), content_type="application/octet-stream", metadata={})
            return made.version_id

        versions = dict(zip(names(count), pool.map(put, names(count)), strict=True))
    listed = [{"path": path, "s3VersionId": version} for path, version in versions.items()]
    client.done(REGISTER, databaseId=SOURCE[0], assetId=SOURCE[1], files=listed)
    return versions


def begin(client: Client, *, is_move: bool) -> str:
    """Ask for everything below plates/ to go to the other database; gives the transfer's id."""
    payload = client.done(
        MOVE if is_move else COPY,
        databaseId=SOURCE[0],
        assetId=SOURCE[1],
        destinationDatabaseId=DESTINATION[0],
        destinationAssetId=DESTINATION[1],
        sourcePrefix="plates/",
        destinationPrefix="moved/",
    )
    return str(payload["fileTransfer"]["transferId"])


def wait_until(client: Client, transfer_id: str, *, done: int | None) -> Any:
    """The progress once so many files are at their destination, or once it is over when `done` is None."""
    deadline = time.monotonic() + 300
    while True:
        found = client.one(PROGRESS, id=transfer_id)
        if found["state"] in ENDED or (done is not None and found["doneCount"] >= done):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.02)


def check_log(client: Client, versions: Mapping[str, str], *, is_move: bool) -> dict[str, str]:
    """Every file arrived once and, of a move, left once; gives the new versions by path."""
    arrived = [event["payload"] for event in every_event(client, "FileMoved" if is_move else "FileCopied")]
    assert Counter(event["path"] for event in arrived) == Counter(
        path.replace("plates/", "moved/") for path in versions
    )
    assert {event["source"]["path"]: event["source_version_id"] for event in arrived} == dict(versions)
    left = [event["path"] for event in every_event(client, "FileMovedAway")]
    assert sorted(left) == (sorted(versions) if is_move else [])
    assert len(list(every_event(client, "FileTransferCompleted"))) == 1
    return {event["path"]: event["stored"]["s3_version_id"] for event in arrived}


def check_store(where: Where, versions: Mapping[str, str], arrived: Mapping[str, str], *, is_move: bool) -> None:
    """Every object version is one that the log names, with the bytes of its source, or the marker on a moved one."""
    with where.store() as store:
        listed = list(store.versions(where.bucket, ""))
        bodies = {v.key: v for v in listed if v.key.startswith(f"{DESTINATION[1]}/")}

        def body(key: str) -> bytes:
            return store.open_range(where.bucket, key, version_id=bodies[key].version_id, start=0, length=100)

        with ThreadPoolExecutor(PARALLEL_PUTS) as pool:
            contents = dict(zip(bodies, pool.map(body, bodies), strict=True))
    objects = {(v.key, v.version_id, v.is_latest) for v in listed if not v.is_delete_marker}
    wanted = {(f"{SOURCE[1]}/{path}", version, not is_move) for path, version in versions.items()}
    wanted |= {(f"{DESTINATION[1]}/{path}", version, True) for path, version in arrived.items()}
    assert objects == wanted, f"besides: {sorted(objects - wanted)}, missing: {sorted(wanted - objects)}"
    markers = [v.key for v in listed if v.is_delete_marker]
    assert Counter(markers) == (Counter(f"{SOURCE[1]}/{path}" for path in versions) if is_move else Counter())
    assert contents == {f"{DESTINATION[1]}/{path}": path.replace("moved/", "plates/").encode() for path in arrived}
