"""Every object store keeps this contract; S3 defines it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from processors.objects.errors import ObjectMissing, StoreRejected
from processors.objects.store import ListedVersion, ObjectVersion
from tests.contracts.object_stores import StoreUnderTest

KEYS = [
    "plain.txt",
    "UPPER.txt",
    "upper.TXT",
    "shot 010/beauty #1.exr",
    "a+b=c&d?e%20f;g",
    "%2e%2e/%00",
    "~!*'()[]{}^`\\|<>\"",
    "日本語/ärger/🎞.exr",
    "é-composed",
    "é-decomposed",
    "line\nbreak\ttab",
    "/".join("d" * 200),
    "日" * 80,
]


def put(under_test: StoreUnderTest, key: str, body: bytes | Path = b"body") -> ObjectVersion:
    return under_test.store.put(under_test.bucket, key, body, content_type="text/plain", metadata={})


def listed(under_test: StoreUnderTest, prefix: str = "") -> list[ListedVersion]:
    return list(under_test.store.versions(under_test.bucket, prefix))


def test_a_put_is_described_as_it_was_stored(under_test: StoreUnderTest) -> None:
    before = datetime.now(UTC)
    stored = under_test.store.put(
        under_test.bucket,
        "shot/a.exr",
        b"pixels",
        content_type="image/x-exr",
        metadata={"databaseid": "show", "uploadid": "u 1"},
    )
    assert stored == ObjectVersion(
        bucket=under_test.bucket,
        key="shot/a.exr",
        version_id=stored.version_id,
        etag=hashlib.md5(b"pixels").hexdigest(),
        size_bytes=6,
        last_modified=stored.last_modified,
        content_type="image/x-exr",
        metadata={"databaseid": "show", "uploadid": "u 1"},
    )
    assert stored.last_modified.tzinfo is UTC
    assert stored.last_modified.microsecond == 0
    assert timedelta(seconds=-1) <= stored.last_modified - before <= timedelta(seconds=5)
    assert under_test.store.head(under_test.bucket, "shot/a.exr") == stored
    assert under_test.store.head(under_test.bucket, "shot/a.exr", version_id=stored.version_id) == stored


def test_a_file_goes_up_and_comes_down_whole(under_test: StoreUnderTest, tmp_path: Path) -> None:
    body = bytes(range(256)) * 20_000
    (tmp_path / "up").write_bytes(body)
    stored = put(under_test, "big", tmp_path / "up")
    assert (stored.size_bytes, stored.etag) == (len(body), hashlib.md5(body).hexdigest())
    (tmp_path / "down").write_bytes(b"older content")
    under_test.store.download(under_test.bucket, "big", version_id=stored.version_id, to=tmp_path / "down")
    assert (tmp_path / "down").read_bytes() == body


def test_a_download_of_nothing_leaves_the_target_as_it_was(under_test: StoreUnderTest, tmp_path: Path) -> None:
    (tmp_path / "down").write_bytes(b"older content")
    with pytest.raises(ObjectMissing):
        under_test.store.download(under_test.bucket, "absent", version_id=None, to=tmp_path / "down")
    assert [path.name for path in tmp_path.iterdir()] == ["down"]
    assert (tmp_path / "down").read_bytes() == b"older content"


def test_an_empty_object_is_an_object(under_test: StoreUnderTest) -> None:
    stored = put(under_test, "empty", b"")
    assert (stored.size_bytes, stored.etag) == (0, hashlib.md5(b"").hexdigest())
    read = under_test.store.open_range(under_test.bucket, "empty", version_id=None, start=0, length=9)
    assert read == b""


@pytest.mark.parametrize("key", KEYS)
def test_a_key_comes_back_as_it_was_given(under_test: StoreUnderTest, key: str) -> None:
    body = key.encode()
    stored = put(under_test, key, body)
    assert stored.key == key
    read = under_test.store.open_range(under_test.bucket, key, version_id=None, start=0, length=5000)
    assert read == body
    assert [(v.key, v.version_id) for v in listed(under_test, key)] == [(key, stored.version_id)]
    url = under_test.store.sign_download(
        under_test.bucket, key, version_id=stored.version_id, expires_seconds=60, file_name=None
    )
    assert under_test.client.get(url).content == body


def test_each_put_is_a_version_of_its_own(under_test: StoreUnderTest) -> None:
    first, second = put(under_test, "a", b"one"), put(under_test, "a", b"twofold")
    assert first.version_id != second.version_id
    bodies = [
        under_test.store.open_range(under_test.bucket, "a", version_id=version_id, start=0, length=9)
        for version_id in (first.version_id, second.version_id, None)
    ]
    assert bodies == [b"one", b"twofold", b"twofold"]


@pytest.mark.parametrize("version_id", [None, "no-such-version", "0" * 32, "../../etc"])
def test_what_is_absent_is_missing(under_test: StoreUnderTest, version_id: str | None) -> None:
    put(under_test, "there")
    key = "absent" if version_id is None else "there"
    with pytest.raises(ObjectMissing) as refused:
        under_test.store.head(under_test.bucket, key, version_id=version_id)
    assert (refused.value.key, refused.value.version_id) == (key, version_id)
    with pytest.raises(ObjectMissing):
        under_test.store.open_range(under_test.bucket, key, version_id=version_id, start=0, length=1)


def redated(found: ObjectVersion, stored: ObjectVersion) -> ObjectVersion:
    """What was found, with the date of what was stored: versitygw dates a version anew whenever it moves it."""
    return msgspec.structs.replace(found, last_modified=stored.last_modified)


def test_a_delete_hides_and_keeps(under_test: StoreUnderTest) -> None:
    stored = put(under_test, "a", b"one")
    marker = under_test.store.delete(under_test.bucket, "a")
    assert marker is not None
    for version_id in (None, marker):
        with pytest.raises(ObjectMissing):
            under_test.store.head(under_test.bucket, "a", version_id=version_id)
    kept = under_test.store.head(under_test.bucket, "a", version_id=stored.version_id)
    assert redated(kept, stored) == stored
    assert list(under_test.store.objects(under_test.bucket, "")) == []


def test_erasing_the_marker_brings_the_object_back(under_test: StoreUnderTest) -> None:
    stored = put(under_test, "a", b"one")
    marker = under_test.store.delete(under_test.bucket, "a")
    assert marker is not None
    under_test.store.delete_version(under_test.bucket, "a", version_id=marker)
    assert redated(under_test.store.head(under_test.bucket, "a"), stored) == stored


def test_an_erased_version_is_gone_and_erasing_it_again_is_no_error(under_test: StoreUnderTest) -> None:
    first, second = put(under_test, "a", b"one"), put(under_test, "a", b"two")
    for _ in range(2):
        under_test.store.delete_version(under_test.bucket, "a", version_id=second.version_id)
    with pytest.raises(ObjectMissing):
        under_test.store.head(under_test.bucket, "a", version_id=second.version_id)
    assert redated(under_test.store.head(under_test.bucket, "a"), first) == first
    third = put(under_test, "a", b"three")
    assert third.version_id not in (first.version_id, second.version_id)
    under_test.store.delete_version(under_test.bucket, "a", version_id=second.version_id)
    assert under_test.store.head(under_test.bucket, "a") == third


def test_erasing_everything_leaves_nothing_to_list(under_test: StoreUnderTest) -> None:
    for key in ("deep/er/a", "deep/er/a", "deep/b"):
        put(under_test, key)
    for version in listed(under_test):
        under_test.store.delete_version(under_test.bucket, version.key, version_id=version.version_id)
    assert listed(under_test) == []
    assert put(under_test, "deep/er/a", b"again").size_bytes == 5


def test_versions_are_listed_by_key_and_newest_first(under_test: StoreUnderTest) -> None:
    keys = ["a-b", "a/b", "a/c/d", "a0", "B", "é", "日"]
    made = {key: put(under_test, key, key.encode()) for key in reversed(keys)}
    newer = put(under_test, "a/b", b"newer")
    under_test.store.delete(under_test.bucket, "é")
    lines = [(v.key, v.size_bytes, v.is_latest, v.is_delete_marker) for v in listed(under_test)]
    assert lines == [
        ("B", 1, True, False),
        ("a-b", 3, True, False),
        ("a/b", 5, True, False),
        ("a/b", 3, False, False),
        ("a/c/d", 5, True, False),
        ("a0", 2, True, False),
        ("é", 0, True, True),
        ("é", 2, False, False),
        ("日", 3, True, False),
    ]
    first = listed(under_test, "a/")[0]
    assert first == ListedVersion(
        bucket=under_test.bucket,
        key="a/b",
        version_id=newer.version_id,
        etag=newer.etag,
        size_bytes=5,
        last_modified=newer.last_modified,
        is_latest=True,
        is_delete_marker=False,
    )
    assert [v.version_id for v in listed(under_test, "a/c/d")] == [made["a/c/d"].version_id]


def test_a_prefix_cuts_anywhere_in_a_key(under_test: StoreUnderTest) -> None:
    for key in ("shot/a1", "shot/a2", "shot/b", "shots"):
        put(under_test, key)
    keys = {prefix: [v.key for v in listed(under_test, prefix)] for prefix in ("shot", "shot/", "shot/a", "x")}
    assert keys == {
        "shot": ["shot/a1", "shot/a2", "shot/b", "shots"],
        "shot/": ["shot/a1", "shot/a2", "shot/b"],
        "shot/a": ["shot/a1", "shot/a2"],
        "x": [],
    }


def test_objects_are_the_latest_versions_that_are_not_deleted(under_test: StoreUnderTest) -> None:
    put(under_test, "a")
    latest = put(under_test, "a", b"newer")
    put(under_test, "gone")
    under_test.store.delete(under_test.bucket, "gone")
    found = [(v.key, v.version_id) for v in under_test.store.objects(under_test.bucket, "")]
    assert found == [("a", latest.version_id)]


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, 4, b"0123"), (3, 2, b"34"), (8, 100, b"89"), (9, 1, b"9"), (10, 1, b""), (500, 5, b"")],
)
def test_a_range_ends_where_the_body_ends(under_test: StoreUnderTest, start: int, length: int, expected: bytes) -> None:
    put(under_test, "a", b"0123456789")
    read = under_test.store.open_range(under_test.bucket, "a", version_id=None, start=start, length=length)
    assert read == expected


@pytest.mark.parametrize("key", ["", "k" * 1025, "é" * 513, "\ud800"])
def test_an_impossible_key_is_rejected(under_test: StoreUnderTest, key: str) -> None:
    with pytest.raises(StoreRejected):
        put(under_test, key)
    assert listed(under_test) == []


@pytest.mark.parametrize(
    ("content_type", "metadata"),
    [
        ("", {}),
        ("text/plain\r\nset-cookie: a=b", {}),
        ("text/plain", {"Upper": "v"}),
        ("text/plain", {"name": "é"}),
        ("text/plain", {"name": " padded"}),
        ("text/plain", {"name": "v" * 2048}),
    ],
)
def test_what_cannot_travel_as_a_header_is_rejected(
    under_test: StoreUnderTest, content_type: str, metadata: dict[str, str]
) -> None:
    store, bucket = under_test.store, under_test.bucket
    with pytest.raises(StoreRejected):
        store.put(bucket, "a", b"", content_type=content_type, metadata=metadata)
    with pytest.raises(StoreRejected):
        store.create_multipart(bucket, "a", content_type=content_type, metadata=metadata)
    assert listed(under_test) == []


def test_an_absent_bucket_takes_nothing(under_test: StoreUnderTest) -> None:
    with pytest.raises(StoreRejected):
        under_test.store.put("no-such-bucket", "a", b"", content_type="a/b", metadata={})
    with pytest.raises(StoreRejected):
        under_test.store.create_multipart("no-such-bucket", "a", content_type="a/b", metadata={})
    with pytest.raises(StoreRejected):
        list(under_test.store.versions("no-such-bucket", ""))
    with pytest.raises(ObjectMissing):
        under_test.store.head("no-such-bucket", "a")


def test_ensuring_a_bucket_again_keeps_what_is_in_it(under_test: StoreUnderTest) -> None:
    stored = put(under_test, "a")
    under_test.store.ensure_bucket(under_test.bucket)
    assert under_test.store.head(under_test.bucket, "a") == stored


@pytest.mark.parametrize("bucket", ["", "ab", "Upper", "a/b", "..", "a..b", "-ab", "b" * 64])
def test_an_impossible_bucket_name_is_rejected(under_test: StoreUnderTest, bucket: str) -> None:
    with pytest.raises(StoreRejected):
        under_test.store.ensure_bucket(bucket)
