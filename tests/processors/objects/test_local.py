"""What the local store promises beyond the contract: any key, many writers, nothing left lying about."""

from __future__ import annotations

import errno
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.objects.errors import MultipartMissing, StoreRejected, StoreUnavailable
from processors.objects.local import LocalObjectStore
from processors.objects.signing import PartGrant
from processors.objects.store import ObjectVersion

BUCKET = "library"
any_key = st.text(st.characters(codec="utf-8"), min_size=1, max_size=300).filter(lambda key: len(key.encode()) <= 1024)


def put(store: LocalObjectStore, key: str, body: bytes = b"body") -> ObjectVersion:
    return store.put(BUCKET, key, body, content_type="text/plain", metadata={})


def read(store: LocalObjectStore, key: str, version_id: str | None = None) -> bytes:
    return store.open_range(BUCKET, key, version_id=version_id, start=0, length=10**6)


def send(store: LocalObjectStore, key: str, multipart_id: str, *, body: bytes) -> str:
    grant = PartGrant(
        bucket=BUCKET, key=key, multipart_id=multipart_id, part_number=1, size_bytes=len(body), expires_at=0
    )
    reception = store.receive_part(grant)
    try:
        reception.write(body)
        return reception.commit().etag
    finally:
        reception.close()


def files(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_key)
def test_any_key_is_kept(store: LocalObjectStore, key: str) -> None:
    stored = put(store, key, key.encode())
    assert read(store, key, stored.version_id) == key.encode()
    assert next(store.versions(BUCKET, key)).version_id == stored.version_id


@pytest.mark.parametrize("key", ["/" * 1024, "../" * 341, "x" * 1024, "\0" * 1024, ".", "..", "a/../../b", "trail/"])
def test_a_key_no_path_could_have_is_kept_inside_the_root(store: LocalObjectStore, root: Path, key: str) -> None:
    put(store, key, b"odd")
    assert read(store, key) == b"odd"
    assert [v.key for v in store.objects(BUCKET, "")] == [key]
    assert [path.name for path in root.parent.iterdir()] == ["objects"]


def test_an_object_may_have_objects_below_it(store: LocalObjectStore) -> None:
    for key in ("a", "a/b", "a/b/c", "a/"):
        put(store, key, key.encode())
    assert [(v.key, read(store, v.key)) for v in store.objects(BUCKET, "")] == [
        ("a", b"a"),
        ("a/", b"a/"),
        ("a/b", b"a/b"),
        ("a/b/c", b"a/b/c"),
    ]
    store.delete_version(BUCKET, "a/b", version_id=store.head(BUCKET, "a/b").version_id)
    assert [v.key for v in store.objects(BUCKET, "")] == ["a", "a/", "a/b/c"]


def test_writers_of_one_key_get_a_version_each_in_one_order(store: LocalObjectStore, root: Path) -> None:
    other = LocalObjectStore(root, "http://gateway.test", b"s" * 32)
    together = threading.Barrier(16)

    def write(writer: int) -> list[str]:
        together.wait()
        mine = other if writer % 2 else store
        return [put(mine, "key", b"%d-%d" % (writer, turn)).version_id for turn in range(8)]

    with ThreadPoolExecutor(16) as pool:
        written = list(pool.map(write, range(16)))
    listed = [v.version_id for v in store.versions(BUCKET, "key")]
    assert len(listed) == len(set(listed)) == 128
    for writer, version_ids in enumerate(written):
        assert [v for v in reversed(listed) if v in version_ids] == version_ids
        assert [read(store, "key", v) for v in version_ids] == [b"%d-%d" % (writer, t) for t in range(8)]
    other.close()


def test_writers_and_erasers_do_not_trip_over_pruned_directories(store: LocalObjectStore) -> None:
    together = threading.Barrier(8)

    def churn(writer: int) -> None:
        together.wait()
        for _ in range(60):
            made = put(store, f"deep/er/{writer % 2}")
            store.delete_version(BUCKET, made.key, version_id=made.version_id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(churn, range(8)))
    assert list(store.versions(BUCKET, "")) == []


def test_completing_from_many_sides_makes_one_version(store: LocalObjectStore) -> None:
    multipart_id = store.create_multipart(BUCKET, "a", content_type="a/b", metadata={})
    etag = send(store, "a", multipart_id, body=b"x")
    together = threading.Barrier(8)

    def complete(_: int) -> str:
        together.wait()
        return store.complete_multipart(BUCKET, "a", multipart_id=multipart_id, parts=[(1, etag)]).version_id

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(complete, range(8)))
    assert made == {v.version_id for v in store.versions(BUCKET, "")}
    assert len(made) == 1


def test_a_completed_upload_is_remembered_while_its_version_exists(store: LocalObjectStore) -> None:
    multipart_id = store.create_multipart(BUCKET, "a", content_type="a/b", metadata={})
    etag = send(store, "a", multipart_id, body=b"x")
    made = store.complete_multipart(BUCKET, "a", multipart_id=multipart_id, parts=[(1, etag)])
    put(store, "a", b"newer")
    again = store.complete_multipart(BUCKET, "a", multipart_id=multipart_id, parts=[(1, etag)])
    assert again == made
    store.delete_version(BUCKET, "a", version_id=made.version_id)
    with pytest.raises(MultipartMissing):
        store.complete_multipart(BUCKET, "a", multipart_id=multipart_id, parts=[(1, etag)])


def test_parts_sent_at_once_leave_one(store: LocalObjectStore, root: Path) -> None:
    multipart_id = store.create_multipart(BUCKET, "a", content_type="a/b", metadata={})
    with ThreadPoolExecutor(8) as pool:
        etags = set(pool.map(lambda n: send(store, "a", multipart_id, body=b"%d" % n), range(16)))
    (part,) = store.parts(BUCKET, "a", multipart_id=multipart_id)
    assert part.etag in etags
    assert files(root / "buckets") == ["body", "part.json", "upload.json"]


def test_a_version_takes_two_files_and_leaves_none(store: LocalObjectStore, root: Path) -> None:
    stored = put(store, "deep/er/a")
    assert files(root / "buckets") == ["body", "manifest.json"]
    assert files(root / "drafts") == [next((root / "drafts").glob("*.lock")).name]
    store.delete_version(BUCKET, "deep/er/a", version_id=stored.version_id)
    assert list((root / "buckets" / BUCKET / "objects").iterdir()) == []


def test_times_are_the_clock_cut_to_seconds_in_utc(root: Path) -> None:
    store = LocalObjectStore(root, "http://gateway.test", b"s" * 32, clock=lambda: 1_800_000_000.9)
    store.ensure_bucket(BUCKET)
    assert put(store, "a").last_modified == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
    store.close()


def test_a_second_store_on_the_root_finds_everything(store: LocalObjectStore, root: Path) -> None:
    stored = put(store, "a")
    other = LocalObjectStore(root, "http://elsewhere.test", b"t" * 32)
    assert other.head(BUCKET, "a") == stored
    other.close()


def test_opening_a_root_spares_the_drafts_of_the_living(store: LocalObjectStore, root: Path) -> None:
    multipart_id = store.create_multipart(BUCKET, "a", content_type="a/b", metadata={})
    grant = PartGrant(bucket=BUCKET, key="a", multipart_id=multipart_id, part_number=1, size_bytes=1, expires_at=0)
    reception = store.receive_part(grant)
    LocalObjectStore(root, "http://gateway.test", b"s" * 32).close()
    reception.write(b"x")
    assert reception.commit().size_bytes == 1
    reception.close()


def test_a_body_over_the_limit_of_one_put_is_rejected(store: LocalObjectStore, tmp_path: Path) -> None:
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(5 * 1024**3 + 1)
    with pytest.raises(StoreRejected, match="multipart"):
        store.put(BUCKET, "a", sparse, content_type="a/b", metadata={})


def test_a_file_that_is_not_there_is_the_callers_error(store: LocalObjectStore, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.put(BUCKET, "a", tmp_path / "absent", content_type="a/b", metadata={})


def test_a_failing_disk_is_unavailable_and_its_path_stays_private(store: LocalObjectStore, root: Path) -> None:
    uploads = root / "buckets" / BUCKET / "uploads"
    uploads.rmdir()
    uploads.write_bytes(b"in the way")
    with pytest.raises(StoreUnavailable) as refused:
        store.create_multipart(BUCKET, "a", content_type="a/b", metadata={})
    assert isinstance(refused.value.__cause__, OSError)
    assert refused.value.__cause__.errno == errno.ENOTDIR
    assert str(root) not in str(refused.value)
