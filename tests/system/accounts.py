"""What must be true of a library after a drill: nothing acknowledged is lost, nothing is there twice, all has ended."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import httpx
import psycopg

from processors.objects.local import LocalObjectStore
from tests.system.client import Client
from tests.system.loading import ASSETS, DATABASE, Acknowledged, Session, every_event
from tests.system.server import RunningServer

PROJECTIONS = ("tables", "search", "columnar")
ENDED = ("RenditionsProduced", "RenditionsFailed")
SECONDS_TO_END = 90.0
ASSET = """query($d: String!, $a: String!, $at: Position) { asset(databaseId: $d, assetId: $a, atLeast: $at) {
  metadata { key } files(first: 1000) { edges { node {
    path versions { s3VersionId } renditions { kind state failure } } } } } }"""
UPLOAD = "query($id: ID!) { upload(uploadId: $id) { state } }"


@contextmanager
def client_of(server: RunningServer) -> Iterator[Client]:
    """A client for the length of the block."""
    with httpx.Client(timeout=30) as http:
        yield Client(server.url, http)


def check_acknowledged(server: RunningServer, acknowledged: Acknowledged) -> None:
    """Whatever the server said it had done is there."""
    with client_of(server) as client:
        assets = _assets(client, acknowledged.position)
        versions = {
            (node["path"], version["s3VersionId"])
            for asset in assets
            for node in _files(asset)
            for version in node["versions"]
        }
        assert {pair for files in acknowledged.uploads.values() for pair in files.items()} <= versions
        assert acknowledged.entries <= {entry["key"] for asset in assets for entry in asset["metadata"]}
        for key, upload_id in acknowledged.upload_ids.items():
            state = client.one(UPLOAD, id=upload_id)["state"]
            assert state == "COMPLETED" if key in acknowledged.uploads else state in ("STARTED", "COMPLETED")


def check_end(server: RunningServer, sessions: Sequence[Session], acknowledged: Acknowledged) -> None:
    """Every file has ended, everything is in the log and the store once, and every projection agrees with the log."""
    uploaded = sum(len(session.files) for session in sessions)
    with client_of(server) as client:
        wait_for_media(client, uploaded)
        _check_log(client, sessions, acknowledged)
        _check_renditions(client)
    _check_objects(server, uploaded)
    assert open_jobs(server) == 0
    verify_projections(server)


def wait_for_media(client: Client, count: int) -> None:
    """Return when so many media attempts have ended."""
    began = time.monotonic()
    while (ended := len(list(every_event(client, *ENDED)))) < count:
        assert time.monotonic() - began < SECONDS_TO_END, f"{ended} of {count} media attempts have ended"
        time.sleep(0.25)


def verify_projections(server: RunningServer) -> None:
    """Strike every projection again, and find the live one the same."""
    for name in PROJECTIONS:
        verified = server.run("projections", "verify", name)
        assert (verified.returncode, verified.stdout.splitlines()[-1:]) == (0, ["No difference."]), (
            verified.stdout + verified.stderr
        )


def open_jobs(server: RunningServer) -> int:
    """Jobs that are due and have not ended well; an upload's timer is due in a week."""
    with psycopg.connect(server.run("db", "url").stdout.strip()) as connection:
        row = connection.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at IS NULL OR scheduled_at <= now()"
        ).fetchone()
    assert row is not None
    return int(row[0])


def _check_log(client: Client, sessions: Sequence[Session], acknowledged: Acknowledged) -> None:
    wanted = Counter((session.asset_id, path) for session in sessions for path in session.files)
    for names in (("FileUploaded",), ("RenditionsRequested",), ENDED):
        assert Counter((event["assetId"], event["path"]) for event in every_event(client, *names)) == wanted
    for name in ("UploadStarted", "UploadCompleted"):
        recorded = Counter(event["payload"]["upload_id"] for event in every_event(client, name))
        assert recorded == Counter(acknowledged.upload_ids.values())
    assert len(list(every_event(client, "AssetMetadataSet"))) == len(sessions)


def _check_renditions(client: Client) -> None:
    for asset in _assets(client, 0):
        for node in _files(asset):
            is_broken = node["path"].startswith("broken")
            state = "FAILED" if is_broken else "READY"
            assert {one["kind"]: one["state"] for one in node["renditions"]} == {"THUMBNAIL": state, "PROXY": state}
            assert {bool(one["failure"]) for one in node["renditions"]} == {is_broken}


def _check_objects(server: RunningServer, uploaded: int) -> None:
    """One object version for each file that was uploaded, however often its completion was repeated."""
    with closing(LocalObjectStore(server.data_dir / "objects", server.url, b"reads only")) as store:
        listed = [version for version in store.versions("assets", "") if "/.proxies/" not in version.key]
    assert len(listed) == len({(version.key, version.version_id) for version in listed}) == uploaded


def _assets(client: Client, position: int) -> list[Any]:
    return [client.one(ASSET, d=DATABASE, a=asset_id, at=str(position)) for asset_id in ASSETS]


def _files(asset: Any) -> list[Any]:
    return [edge["node"] for edge in asset["files"]["edges"]]
