"""A product that takes notifications, whose bucket others write to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.gateway.product import Product, product
from tests.system.client import Client

TOKEN = "a long random token"
BUCKET = "assets"


@dataclass(frozen=True)
class Bystander:
    """Somebody who writes to the bucket without asking, and the sender of the bucket's notifications."""

    running: Product

    @property
    def client(self) -> Client:
        return self.running.client

    def put(self, key: str, body: bytes = b"bytes") -> str:
        """Store a version; gives its id."""
        stored = self.running.parts.objects.put(BUCKET, key, body, content_type="image/x-exr", metadata={})
        return stored.version_id

    def delete(self, key: str) -> str:
        """Put a delete marker on top; gives its id."""
        marker = self.running.parts.objects.delete(BUCKET, key)
        assert marker is not None
        return marker

    def erase(self, key: str, version_id: str) -> None:
        """Erase a version or marker for good."""
        self.running.parts.objects.delete_version(BUCKET, key, version_id=version_id)

    def post(self, content: bytes | None = None, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        """Send a request as it is."""
        sent = {"content": content} if content is not None else body
        given = {"authorization": f"Bearer {TOKEN}"} if headers is None else headers
        return self.client.http.post(f"{self.client.url}/events/s3", headers=given, **sent)

    def tell(self, *keys: str, name: str = "s3:ObjectCreated:Put", bucket: str = BUCKET) -> Any:
        """Notify of the keys in one request; gives the answer."""
        answer = self.post(json={"Records": [record(key, name=name, bucket=bucket) for key in keys]})
        assert answer.status_code == 200, answer.text
        self.settle()
        return answer.json()

    def settle(self) -> None:
        """Return when the server knows of everything that a test recorded behind its back."""
        while self.client.head() < self.running.ledger.head():
            time.sleep(0.01)

    @contextmanager
    def nothing_recorded(self) -> Iterator[None]:
        """The block leaves the log as it is."""
        before = self.running.ledger.head()
        yield
        assert self.running.ledger.head() == before

    def problems(self, **arguments: str) -> list[Any]:
        """What the query bucketSyncProblems shows."""
        document = """query($bucketName: String, $code: String) {
          bucketSyncProblems(bucketName: $bucketName, code: $code) { edges { node {
            bucketName key code message eventName excerpt occurrences } } } }"""
        return [edge["node"] for edge in self.client.one(document, **arguments)["edges"]]


def record(key: str, *, name: str = "s3:ObjectCreated:Put", bucket: str = BUCKET) -> dict[str, Any]:
    """An S3 record."""
    return {"eventSource": "aws:s3", "eventName": name, "s3": {"bucket": {"name": bucket}, "object": {"key": key}}}


@pytest.fixture(scope="module")
def bystander(product_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bystander]:
    settings = {"s3_events_token": TOKEN, "s3_events_max_records": 50, "s3_events_max_bytes": 100_000}
    followers = ("uploads", "bucket-sync", "jobs")
    with product(product_database_url, tmp_path_factory.mktemp("sync"), *followers, **settings) as running:
        running.client.create_asset("shows", "shot_010")
        yield Bystander(running)
