"""Upload sessions end in one state, and the store holds what that state says, whoever calls at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived
from domain.buckets.bucket import bucket_id
from domain.buckets.commands import register_bucket
from domain.databases.commands import create_database
from domain.errors import DomainError
from domain.files.file import FILES
from domain.stream import Outcome
from domain.uploads.commands import DeclaredFile, abort_upload, load_upload
from domain.uploads.errors import UploadClosed
from domain.uploads.events import UploadType
from domain.uploads.plan import MIB, parts
from domain.uploads.upload import UploadState
from processors.objects.errors import MultipartMissing
from processors.objects.store import ObjectStore, ObjectVersion, StoredPart
from processors.uploads.complete import SentFile, complete
from processors.uploads.ending import RemainsWorker
from processors.uploads.start import start
from tests.contracts.object_stores import StoreUnderTest
from tests.domain.library import given_asset, order
from tests.doubles.memory_ledger import MemoryLedger

SHOT = ("shows", "shot_010")
BODIES = {"a.exr": b"frame", "large.bin": b"L" * (5 * MIB) + b"tail", "empty.txt": b""}
CALLERS = 8
JOB = {"position": 1, "correlation_id": "c", "upload_id": "upload-1"}


@pytest.fixture
def ledger(under_test: StoreUnderTest) -> MemoryLedger:
    """A library whose asset lives in the bucket of the test."""
    ledger = MemoryLedger()
    register_bucket(ledger, under_test.bucket, base_assets_prefix="/", order=order())
    create_database(
        ledger, "shows", description="All shows", default_bucket_id=bucket_id(under_test.bucket, "/"), order=order()
    )
    given_asset(ledger)
    return ledger


def _started(under_test: StoreUnderTest, ledger: MemoryLedger) -> list[SentFile]:
    """A session whose parts were all sent; gives what completes it."""
    files = [DeclaredFile(path, len(body), part_size_bytes=5 * MIB) for path, body in BODIES.items()]
    start(
        ledger,
        under_test.store,
        "upload-1",
        asset=SHOT,
        upload_type=UploadType.ASSET_FILE,
        files=files,
        lifetime=timedelta(days=1),
        order=order(),
    )
    sent = []
    for file in load_upload(ledger, "upload-1")[1].files:
        etags = []
        for part in parts(file.size_bytes, file.part_size_bytes):
            request = under_test.store.sign_part(
                under_test.bucket,
                file.s3_key,
                multipart_id=file.multipart_id or "",
                part_number=part.part_number,
                size_bytes=part.size_bytes,
                expires_seconds=60,
            )
            answer = under_test.send(request, BODIES[file.path][part.offset : part.offset + part.size_bytes])
            etags.append((part.part_number, answer.headers["etag"]))
        sent.append(SentFile(file.path, tuple(etags)))
    return sent


def test_of_many_starts_at_once_with_one_key_one_opens_a_session_and_nothing_else_stays_open(
    under_test: StoreUnderTest, ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, bucket = under_test.store, under_test.bucket
    create = store.create_multipart
    everybody_is_here = Barrier(CALLERS)
    opened: list[str] = []

    def create_together(*arguments: Any, **options: Any) -> str:
        everybody_is_here.wait()
        opened.append(create(*arguments, **options))
        return opened[-1]

    def start_one(upload_id: str) -> Outcome:
        return start(
            ledger,
            store,
            upload_id,
            asset=SHOT,
            upload_type=UploadType.ASSET_FILE,
            files=[DeclaredFile("a.exr", 5)],
            lifetime=timedelta(days=1),
            order=order(idempotency_key="once"),
        )

    monkeypatch.setattr(store, "create_multipart", create_together)
    with ThreadPoolExecutor(CALLERS) as pool:
        outcomes = list(pool.map(start_one, [f"upload-{number}" for number in range(CALLERS)]))
    (started,) = {outcome.result["uploadId"] for outcome in outcomes}
    (file,) = load_upload(ledger, started)[1].files
    assert [multipart for multipart in opened if _is_open(store, bucket, file.s3_key, multipart)] == [file.multipart_id]


def test_a_start_that_is_refused_in_the_end_leaves_nothing_open(
    under_test: StoreUnderTest, ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, bucket = under_test.store, under_test.bucket
    create = store.create_multipart
    opened: list[tuple[str, str]] = []

    def archive_meanwhile(bucket: str, key: str, **options: Any) -> str:
        archive_asset(ledger, *SHOT, order=order())
        opened.append((key, create(bucket, key, **options)))
        return opened[-1][1]

    monkeypatch.setattr(store, "create_multipart", archive_meanwhile)
    with pytest.raises(AssetAlreadyArchived):
        start(
            ledger,
            store,
            "upload-1",
            asset=SHOT,
            upload_type=UploadType.ASSET_FILE,
            files=[DeclaredFile("a.exr", 5)],
            lifetime=timedelta(days=1),
            order=order(),
        )
    assert [_is_open(store, bucket, *one) for one in opened] == [False]


def _is_open(store: ObjectStore, bucket: str, key: str, multipart_id: str) -> bool:
    try:
        store.parts(bucket, key, multipart_id=multipart_id)
    except MultipartMissing:
        return False
    return True


def _at_once(calls: list[Callable[[], object]]) -> list[str | None]:
    """The name of each call's refusal, None for what was done."""
    barrier = Barrier(len(calls))

    def call(one: Callable[[], object]) -> str | None:
        barrier.wait()
        try:
            one()
        except DomainError as error:
            return type(error).__name__
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def _stored(under_test: StoreUnderTest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for version in under_test.store.versions(under_test.bucket, ""):
        found.setdefault(version.key, []).append(version.version_id)
    return found


def test_of_many_completions_at_once_one_counts_and_makes_one_version_a_file(
    under_test: StoreUnderTest, ledger: MemoryLedger
) -> None:
    sent = _started(under_test, ledger)
    answers = _at_once([lambda: complete(ledger, under_test.store, "upload-1", files=sent, order=order())] * CALLERS)
    assert sorted(answers, key=str) == [None] + ["UploadClosed"] * (CALLERS - 1)
    files = {path: ledger.load(FILES, *SHOT, path).state for path in BODIES}
    latest = {f"shot_010/{path}": [file.latest.s3_version_id] for path, file in files.items() if file}
    assert _stored(under_test) == latest
    for path, body in BODIES.items():
        key = f"shot_010/{path}"
        assert under_test.store.open_range(under_test.bucket, key, version_id=None, start=0, length=6 * MIB) == body


def test_a_completion_whose_parts_an_abortion_removes_says_that_the_session_is_closed(
    under_test: StoreUnderTest, ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = _started(under_test, ledger)
    store = under_test.store

    def half_removed(*_: object, **__: object) -> list[StoredPart]:
        """What a store may list while the parts of an aborted session are removed."""
        monkeypatch.undo()
        abort_upload(ledger, "upload-1", order=order())
        return []

    monkeypatch.setattr(store, "parts", half_removed)
    with pytest.raises(UploadClosed):
        complete(ledger, store, "upload-1", files=sent[:1], order=order())


def test_a_completion_that_an_abortion_and_its_removal_overtake_leaves_nothing(
    under_test: StoreUnderTest, ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = _started(under_test, ledger)
    store = under_test.store
    put, join = store.put, store.complete_multipart
    is_put = Event()

    def put_late(*arguments: Any, **options: Any) -> ObjectVersion:
        abort_upload(ledger, "upload-1", order=order())
        RemainsWorker(ledger, store).run(**JOB)
        version = put(*arguments, **options)
        is_put.set()
        return version

    def join_later(*arguments: Any, **options: Any) -> ObjectVersion:
        is_put.wait()
        return join(*arguments, **options)

    monkeypatch.setattr(store, "put", put_late)
    monkeypatch.setattr(store, "complete_multipart", join_later)
    with pytest.raises(UploadClosed):
        complete(ledger, store, "upload-1", files=sent, order=order())
    assert _stored(under_test) == {}


@pytest.mark.parametrize("first", [0, 1])
def test_a_completion_and_an_abortion_at_once_end_in_one_of_both(
    under_test: StoreUnderTest, ledger: MemoryLedger, first: int
) -> None:
    sent = _started(under_test, ledger)
    calls: list[Callable[[], object]] = [
        lambda: complete(ledger, under_test.store, "upload-1", files=sent, order=order()),
        lambda: abort_upload(ledger, "upload-1", order=order()),
    ]
    answers = _at_once(calls[first:] + calls[:first])
    state = load_upload(ledger, "upload-1")[1].state
    assert sorted(answers, key=str) == [None, "UploadClosed"]
    RemainsWorker(ledger, under_test.store).run(**JOB)
    if state is UploadState.COMPLETED:
        assert {key: len(versions) for key, versions in _stored(under_test).items()} == {
            f"shot_010/{path}": 1 for path in BODIES
        }
    else:
        assert state is UploadState.ABORTED
        assert _stored(under_test) == {}


def test_what_a_session_without_files_left_is_removed_and_nothing_else(
    under_test: StoreUnderTest, ledger: MemoryLedger
) -> None:
    sent = _started(under_test, ledger)
    store, bucket = under_test.store, under_test.bucket
    others = store.put(bucket, "shot_010/a.exr", b"other", content_type="image/x-exr", metadata={"uploadid": "another"})
    beside = store.put(bucket, "shot_010/a.exr.txt", b"x", content_type="text/plain", metadata={"uploadid": "upload-1"})
    upload = load_upload(ledger, "upload-1")[1]
    large = next(file for file in upload.files if file.path == "large.bin")
    etags = next(file.parts for file in sent if file.path == "large.bin")
    store.complete_multipart(bucket, large.s3_key, multipart_id=large.multipart_id or "", parts=etags)
    abort_upload(ledger, "upload-1", order=order())
    for _ in range(2):
        RemainsWorker(ledger, store).run(**JOB)
    assert _stored(under_test) == {"shot_010/a.exr": [others.version_id], "shot_010/a.exr.txt": [beside.version_id]}
    first = upload.files[0]
    with pytest.raises(MultipartMissing):
        store.parts(bucket, first.s3_key, multipart_id=first.multipart_id or "")
