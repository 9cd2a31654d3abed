"""What only the S3 store can meet: servers that are misconfigured, elsewhere, closed to us or away."""

from __future__ import annotations

import socket
import uuid

import boto3
import httpx
import msgspec
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from processors.objects.errors import StoreRejected, StoreUnavailable
from processors.objects.s3 import connect
from tests.contracts.object_stores import ACCESS_KEY, SECRET_KEY, s3_connection


@pytest.fixture
def unversioned_bucket(s3_endpoint_url: str) -> str:
    bucket = f"unversioned-{uuid.uuid4().hex[:12]}"
    client = boto3.client(
        "s3",
        endpoint_url=s3_endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )
    client.create_bucket(Bucket=bucket)
    return bucket


def test_a_bucket_without_versioning_is_refused(s3_endpoint_url: str, unversioned_bucket: str) -> None:
    store = connect(s3_connection(s3_endpoint_url))
    with pytest.raises(StoreRejected, match="versioning off"):
        store.ensure_bucket(unversioned_bucket)
    with pytest.raises(StoreRejected, match="versioning off"):
        store.put(unversioned_bucket, "a", b"x", content_type="a/b", metadata={})


def test_a_wrong_secret_is_rejected_and_keeps_its_cause(s3_endpoint_url: str) -> None:
    connection = msgspec.structs.replace(s3_connection(s3_endpoint_url), secret_access_key="wrong")
    with pytest.raises(StoreRejected) as refused:
        connect(connection).ensure_bucket("some-bucket")
    assert isinstance(refused.value.__cause__, ClientError)


def test_a_server_that_is_away_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    store = connect(s3_connection(f"http://127.0.0.1:{port}"))
    with pytest.raises(StoreUnavailable) as refused:
        store.head("some-bucket", "a")
    assert isinstance(refused.value.__cause__, BotoCoreError)


def test_signed_urls_begin_with_the_public_address(s3_endpoint_url: str) -> None:
    port = httpx.URL(s3_endpoint_url).port
    public = f"http://localhost:{port}"
    store = connect(msgspec.structs.replace(s3_connection(s3_endpoint_url), public_endpoint_url=public))
    bucket = f"public-{uuid.uuid4().hex[:12]}"
    store.ensure_bucket(bucket)
    store.put(bucket, "a", b"body", content_type="a/b", metadata={})
    url = store.sign_download(bucket, "a", version_id=None, expires_seconds=60, file_name=None)
    assert url.startswith(f"{public}/{bucket}/a?")
    assert httpx.get(url).content == b"body"


def test_more_versions_than_a_page_holds_are_listed_in_order(s3_endpoint_url: str) -> None:
    store = connect(s3_connection(s3_endpoint_url))
    bucket = f"paged-{uuid.uuid4().hex[:12]}"
    store.ensure_bucket(bucket)
    for number in range(1001):
        store.put(bucket, f"{number % 3}", b"", content_type="a/b", metadata={})
    store.delete(bucket, "1")
    listed = list(store.versions(bucket, ""))
    assert [v.key for v in listed] == ["0"] * 334 + ["1"] * 335 + ["2"] * 333
    assert [i for i, v in enumerate(listed) if v.is_latest] == [0, 334, 669]
    assert [v.key for v in store.objects(bucket, "")] == ["0", "2"]
