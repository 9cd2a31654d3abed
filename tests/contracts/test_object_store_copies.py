"""Copies inside a store: new versions with old bytes, which never leave the store."""

from __future__ import annotations

import hashlib

import pytest

from processors.objects.errors import ObjectMissing
from processors.objects.s3 import S3ObjectStore
from tests.contracts.object_stores import StoreUnderTest

SOURCE = "shot 010/beauty é.exr"
METADATA = {"databaseid": "show"}


def _put(under_test: StoreUnderTest, body: bytes) -> str:
    stored = under_test.store.put(under_test.bucket, SOURCE, body, content_type="image/x-exr", metadata=METADATA)
    return stored.version_id


def _body(under_test: StoreUnderTest, key: str) -> bytes:
    return under_test.store.open_range(under_test.bucket, key, version_id=None, start=0, length=1 << 20)


def test_an_old_version_is_put_on_top_of_its_own_key(under_test: StoreUnderTest) -> None:
    old, newer = _put(under_test, b"old"), _put(under_test, b"newer")
    copy = under_test.store.copy(under_test.bucket, SOURCE, version_id=old, to_key=SOURCE)
    assert copy.version_id not in (old, newer)
    assert (copy.size_bytes, copy.etag) == (3, hashlib.md5(b"old").hexdigest())
    assert (copy.content_type, copy.metadata) == ("image/x-exr", METADATA)
    assert under_test.store.head(under_test.bucket, SOURCE) == copy
    assert _body(under_test, SOURCE) == b"old"
    ids = [version.version_id for version in under_test.store.versions(under_test.bucket, SOURCE)]
    assert len(ids) == 3
    assert ids[0] == copy.version_id
    assert set(ids) == {copy.version_id, newer, old}


def test_the_latest_version_goes_to_another_key_with_other_metadata(under_test: StoreUnderTest) -> None:
    _put(under_test, b"body")
    there = {"interneg-copied-from": "1"}
    copy = under_test.store.copy(under_test.bucket, SOURCE, version_id=None, to_key="b/c%20d.exr", metadata=there)
    assert (copy.key, copy.metadata, copy.content_type) == ("b/c%20d.exr", there, "image/x-exr")
    assert _body(under_test, "b/c%20d.exr") == b"body"
    assert under_test.store.head(under_test.bucket, SOURCE).metadata == METADATA


def test_a_copy_outlives_its_source(under_test: StoreUnderTest) -> None:
    old = _put(under_test, b"old")
    under_test.store.copy(under_test.bucket, SOURCE, version_id=old, to_key="kept")
    under_test.store.delete_version(under_test.bucket, SOURCE, version_id=old)
    assert _body(under_test, "kept") == b"old"


def test_an_empty_object_is_copied(under_test: StoreUnderTest) -> None:
    old = _put(under_test, b"")
    assert under_test.store.copy(under_test.bucket, SOURCE, version_id=old, to_key="empty").size_bytes == 0


def test_nothing_is_made_of_what_is_absent(under_test: StoreUnderTest) -> None:
    old = _put(under_test, b"old")
    marker = under_test.store.delete(under_test.bucket, SOURCE)
    under_test.store.delete_version(under_test.bucket, SOURCE, version_id=old)
    for key, version_id in (("absent", None), (SOURCE, old), (SOURCE, marker), (SOURCE, None)):
        with pytest.raises(ObjectMissing):
            under_test.store.copy(under_test.bucket, key, version_id=version_id, to_key="copy")
    assert list(under_test.store.versions(under_test.bucket, "copy")) == []


def test_a_large_object_is_copied_in_parts(under_test: StoreUnderTest) -> None:
    body = bytes(range(256)) * 45_000
    old = _put(under_test, body)
    store = under_test.store
    if isinstance(store, S3ObjectStore):
        store = S3ObjectStore(store._client, signing_client=store._client, copy_part_bytes=5 << 20)
    copy = store.copy(under_test.bucket, SOURCE, version_id=old, to_key="large")
    assert (copy.size_bytes, copy.content_type, copy.metadata) == (len(body), "image/x-exr", METADATA)
    whole = store.open_range(under_test.bucket, "large", version_id=copy.version_id, start=0, length=len(body) + 1)
    assert whole == body


def test_a_copy_goes_to_another_bucket(under_test: StoreUnderTest) -> None:
    old, _ = _put(under_test, b"old"), _put(under_test, b"newer")
    there = f"{under_test.bucket}-there"
    under_test.store.ensure_bucket(there)
    copy = under_test.store.copy(under_test.bucket, SOURCE, version_id=old, to_key="b/copy", to_bucket=there)
    assert (copy.bucket, copy.key, copy.size_bytes, copy.metadata) == (there, "b/copy", 3, METADATA)
    assert under_test.store.head(there, "b/copy") == copy
    assert under_test.store.open_range(there, "b/copy", version_id=None, start=0, length=9) == b"old"
    assert list(under_test.store.versions(under_test.bucket, "b/copy")) == []
    with pytest.raises(ObjectMissing):
        under_test.store.copy(under_test.bucket, SOURCE, version_id="absent", to_key="c", to_bucket=there)


def test_a_large_object_goes_to_another_bucket_in_parts(under_test: StoreUnderTest) -> None:
    body = bytes(range(256)) * 45_000
    old = _put(under_test, body)
    store, there = under_test.store, f"{under_test.bucket}-there"
    store.ensure_bucket(there)
    if isinstance(store, S3ObjectStore):
        store = S3ObjectStore(store._client, signing_client=store._client, copy_part_bytes=5 << 20)
    copy = store.copy(under_test.bucket, SOURCE, version_id=old, to_key="large", to_bucket=there)
    assert (copy.bucket, copy.size_bytes) == (there, len(body))
    assert store.open_range(there, "large", version_id=copy.version_id, start=0, length=len(body) + 1) == body
