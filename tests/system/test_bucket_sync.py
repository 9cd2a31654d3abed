"""Somebody works on the bucket of a real S3 server, which tells a real interneg server: the tables follow."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config

from tests.contracts.object_stores import ACCESS_KEY, SECRET_KEY, running_versitygw
from tests.system.client import Client
from tests.system.server import RunningServer, start
from tests.waiting import until

TOKEN = "events-token"
BUCKET = "assets"
FILES = """query($assetId: String!) { asset(databaseId: "shows", assetId: $assetId) {
  files(first: 50) { edges { node { path sizeBytes s3VersionId permanentlyDeleted versions { s3VersionId } } } } } }"""
PROBLEMS = "{ bucketSyncProblems { edges { node { key code } } } }"


@contextmanager
def _s3_server(directory: Path, webhook_port: int) -> Iterator[str]:
    """versitygw with bucket notifications to a port that takes connections already."""
    webhook = f"http://versitygw:{TOKEN}@127.0.0.1:{webhook_port}/events/s3"
    with running_versitygw(directory, "--event-webhook-url", webhook) as url:
        yield url


@pytest.fixture
def s3(data_dir: Path) -> Iterator[tuple[Any, RunningServer]]:
    """A client of the S3 server, and an interneg server that both keeps its objects there and is told of them."""
    # The S3 server wants to reach its webhook when it starts, and the interneg server its S3 server.
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _s3_server(data_dir.parent / "s3", port) as endpoint_url:
            taken.close()
            settings = {
                "s3_endpoint_url": endpoint_url,
                "s3_access_key": ACCESS_KEY,
                "s3_secret_key": SECRET_KEY,
                "s3_events_token": TOKEN,
            }
            server = start(data_dir, port=port, **settings)
            client = boto3.client(
                "s3",
                endpoint_url=endpoint_url,
                aws_access_key_id=ACCESS_KEY,
                aws_secret_access_key=SECRET_KEY,
                region_name="us-east-1",
                config=Config(request_checksum_calculation="when_required"),
            )
            yield client, server
            client.close()
            server.stop()


@pytest.mark.timeout(300)
def test_the_tables_follow_what_others_do_to_the_bucket(s3: tuple[Any, RunningServer]) -> None:
    storage, server = s3
    with httpx.Client(timeout=30) as http:
        client = Client(server.url, http)

        def files(asset_id: str) -> dict[str, Any]:
            found = client.one(FILES, assetId=asset_id)
            return {} if found is None else {one["node"]["path"]: one["node"] for one in found["files"]["edges"]}

        def version_of_plain() -> str:
            return str(files("shot_010")["plain.exr"]["s3VersionId"])

        client.create_asset("shows", "shot_010")
        keys = ["shot_010/renders/plate #1 é+.0001.exr", "shot_010/plain.exr", "new-shot/a.exr", "shot_010/100%.exr"]
        first = {key: storage.put_object(Bucket=BUCKET, Key=key, Body=b"one")["VersionId"] for key in keys}
        until(lambda: (len(files("shot_010")), len(files("new-shot"))), lambda counts: counts == (3, 1))
        assert {path: one["s3VersionId"] for path, one in files("shot_010").items()} == {
            key.removeprefix("shot_010/"): version for key, version in first.items() if key.startswith("shot_010/")
        }

        second = storage.put_object(Bucket=BUCKET, Key="shot_010/plain.exr", Body=b"second")["VersionId"]
        until(version_of_plain, lambda found: found == second)
        storage.delete_object(Bucket=BUCKET, Key="shot_010/plain.exr", VersionId=second)
        until(version_of_plain, lambda found: found == first["shot_010/plain.exr"])
        assert len(files("shot_010")["plain.exr"]["versions"]) == 1

        marker = storage.delete_object(Bucket=BUCKET, Key="shot_010/plain.exr")["VersionId"]
        until(lambda: files("shot_010"), lambda found: "plain.exr" not in found)
        storage.delete_object(Bucket=BUCKET, Key="shot_010/plain.exr", VersionId=marker)
        until(lambda: files("shot_010"), lambda found: "plain.exr" in found)

        head = client.head()
        done = client.upload(("shows", "shot_010"), {"uploaded.exr": b"by us"})
        until(lambda: files("shot_010"), lambda found: "uploaded.exr" in found)
        time.sleep(1)
        names = [one["node"]["eventType"] for one in client.one(EVENTS, after=str(head))["edges"]]
        assert names.count("FileUploaded") == 1
        assert "FileVersionObserved" not in names
        assert files("shot_010")["uploaded.exr"]["s3VersionId"] == done["files"][0]["s3VersionId"]

        storage.put_object(Bucket=BUCKET, Key="no-folder.exr", Body=b"x")
        until(lambda: client.one(PROBLEMS)["edges"], bool)
        assert [one["node"] for one in client.one(PROBLEMS)["edges"]] == [
            {"key": "no-folder.exr", "code": "NO_ASSET_FOLDER"}
        ]
        _check_import(storage, server, client)


EVENTS = "query($after: Position) { events(after: $after, first: 100) { edges { node { eventType } } } }"


def _check_import(storage: Any, server: RunningServer, client: Client) -> None:
    """A bucket of which nothing was told is reconciled by the command, on the S3 server."""
    storage.create_bucket(Bucket="vendors")
    storage.put_bucket_versioning(Bucket="vendors", VersioningConfiguration={"Status": "Enabled"})
    for number in range(30):
        storage.put_object(Bucket="vendors", Key=f"scans/take_{number % 3}/f.{number:04}.exr", Body=b"x")
    environment = {
        "s3_endpoint_url": storage.meta.endpoint_url,
        "s3_access_key": ACCESS_KEY,
        "s3_secret_key": SECRET_KEY,
    }
    arguments = ("import", "bucket", "vendors", "--prefix", "scans/", "--database", "shows")
    dry = server.run(*arguments, "--dry-run", **environment)
    assert (dry.returncode, dry.stdout) == (
        0,
        "Nothing was recorded, as this was a dry run. 30 keys: 30 new, 3 new assets.\n",
    ), dry.stderr
    once = server.run(*arguments, **environment)
    assert (once.returncode, once.stdout) == (0, "30 keys: 30 new, 3 new assets.\n"), once.stderr
    head = client.head()
    again = server.run(*arguments, **environment)
    assert (again.returncode, again.stdout) == (0, "30 keys: 30 unchanged.\n"), again.stderr
    found = client.one(FILES, assetId="take_1")
    assert len(found["files"]["edges"]) == 10
    types = {one["node"]["eventType"] for one in client.one(EVENTS, after=str(head))["edges"]}
    assert not types & {"FileVersionObserved", "AssetCreated"}
