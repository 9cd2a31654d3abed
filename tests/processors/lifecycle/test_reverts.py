"""A revert puts old bytes on top in a real store and records exactly the files it put there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from psycopg_pool import ConnectionPool

from domain.assets.commands import archive_asset
from domain.assets.events import (
    AssetReverted,
    AssetRevertFailed,
    AssetRevertRequested,
    AssetVersionCreated,
    ChosenFile,
)
from domain.assets.reverts import revert_asset_version
from domain.assets.versions import create_asset_version
from domain.event import Event, Recorded
from domain.files.commands import ObservedFile, register_files
from domain.files.events import FileVersionObserved, StoredObject
from domain.ledger import Ledger
from gateway.ledger.opening import open_ledger
from processors.jobs.queue import JobQueue
from processors.lifecycle import paths
from processors.lifecycle.consumer import LifecycleProcessor
from processors.lifecycle.reverts import RevertWorker
from processors.objects.errors import StoreUnavailable
from processors.objects.local import LocalObjectStore
from processors.objects.marks import COPIED_FROM
from processors.objects.store import ObjectVersion
from tests.domain.library import ASSET, given_asset, given_database, order

SHOT = ("shows", "shot_010")
BUCKET = "media"


class Failing(LocalObjectStore):
    """The local store, whose copies fail once it has made `copies` of them."""

    copies = 1_000

    def copy(
        self,
        bucket: str,
        key: str,
        *,
        version_id: str | None,
        to_key: str,
        to_bucket: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectVersion:
        if self.copies == 0:
            raise StoreUnavailable(f"copy {key!r}", "the test says so")
        self.copies -= 1
        return super().copy(bucket, key, version_id=version_id, to_key=to_key, to_bucket=to_bucket, metadata=metadata)


@dataclass
class Place:
    """A ledger, a store, and the processor between them."""

    ledger: Any
    objects: Failing
    pool: ConnectionPool[Any]
    worker: RevertWorker
    queue: JobQueue
    feed: Any

    def put(self, path: str, body: bytes) -> str:
        """Store and register a version of a file; gives its id."""
        made = self.objects.put(BUCKET, f"library/shot_010/{path}", body, content_type="image/x-exr", metadata={})
        register_files(self.ledger, *SHOT, files=[ObservedFile(path, _stored(made))], order=order())
        return made.version_id

    def revert(self, number: int) -> dict[str, Any]:
        """Ask for a revert and follow the log up to it; gives the job that the processor enqueued."""
        revert_asset_version(self.ledger, (*SHOT, number), comment="Back", with_metadata=False, order=order())
        follower = LifecycleProcessor(self.queue)
        with self.pool.connection() as connection, connection.transaction():
            follower.commit(self._log(0), connection)
            query = "DELETE FROM procrastinate_jobs WHERE task_name = 'reverts' RETURNING args"
            (args,) = connection.execute(query).fetchone() or ({},)
        return dict(args)

    def body(self, path: str) -> bytes:
        """What is on top in the store."""
        key = f"library/shot_010/{path}"
        return self.objects.open_range(BUCKET, key, version_id=None, start=0, length=100)

    def top(self, path: str) -> str:
        """The object version on top in the store."""
        return self.objects.head(BUCKET, f"library/shot_010/{path}").version_id

    def events(self, after: int) -> list[Event]:
        return [entry.event for entry in self._log(after)]

    def _log(self, after: int) -> Sequence[Recorded]:
        assert self.feed.wait(self.ledger.head() - 1, 10)
        found: Sequence[Recorded] = self.feed.read(after, 1_000)
        return found


def _stored(made: ObjectVersion) -> StoredObject:
    return StoredObject(
        s3_bucket=made.bucket,
        s3_key=made.key,
        s3_version_id=made.version_id,
        size_bytes=made.size_bytes,
        etag=made.etag,
        last_modified=made.last_modified,
        content_type=made.content_type,
    )


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    objects = Failing(tmp_path, "http://localhost", b"s" * 32)
    objects.ensure_bucket(BUCKET)
    queue = JobQueue(database_url, {})
    with (
        open_ledger(database_url) as log,
        ConnectionPool(database_url, min_size=1, kwargs={"autocommit": True}) as pool,
    ):
        with pool.connection() as connection:
            queue.migrate(connection)
            paths.migrate(connection)
        ledger: Ledger = log.ledger
        given_database(ledger)
        given_asset(ledger)
        yield Place(ledger, objects, pool, RevertWorker(ledger, objects, pool), queue, log.feed)
    objects.close()


def test_old_bytes_are_on_top_again_and_the_new_version_holds_exactly_them(place: Place) -> None:
    place.put("a.exr", b"a, first")
    kept = place.put("b.exr", b"b, only")
    create_asset_version(place.ledger, *SHOT, comment="First", order=order())
    place.put("a.exr", b"a, second")
    place.put("c.exr", b"c, later")
    job = place.revert(1)
    place.worker.run(**job)
    assert (place.body("a.exr"), place.body("b.exr"), place.body("c.exr")) == (b"a, first", b"b, only", b"c, later")
    observed, version, done = place.events(job["position"])
    assert isinstance(observed, FileVersionObserved)
    assert (observed.path, observed.stored.s3_version_id) == ("a.exr", place.top("a.exr"))
    assert version == AssetVersionCreated(
        **ASSET,
        asset_version_id=2,
        comment="Back (reverted from v1)",
        files=(
            ChosenFile(path="a.exr", s3_version_id=place.top("a.exr")),
            ChosenFile(path="b.exr", s3_version_id=kept),
        ),
    )
    assert done == AssetReverted(**ASSET, revert_id=1, reverted_from=1, asset_version_id=2)


def test_a_job_that_ran_already_changes_nothing(place: Place) -> None:
    place.put("a.exr", b"first")
    create_asset_version(place.ledger, *SHOT, comment="First", order=order())
    place.put("a.exr", b"second")
    job = place.revert(1)
    place.worker.run(**job)
    head, top = place.ledger.head(), place.top("a.exr")
    place.worker.run(**job)
    assert (place.ledger.head(), place.top("a.exr")) == (head, top)


def test_an_interrupted_job_goes_on_with_the_copies_it_made(place: Place) -> None:
    names = [f"f{number}.exr" for number in range(6)]
    first = {name: place.put(name, f"first {name}".encode()) for name in names}
    create_asset_version(place.ledger, *SHOT, comment="First", order=order())
    for name in names:
        place.put(name, b"second")
    job = place.revert(1)
    place.objects.copies = 3
    with pytest.raises(StoreUnavailable):
        place.worker.run(**job)
    assert place.events(job["position"]) == []
    place.objects.copies = 1_000
    place.worker.run(**job)
    assert place.objects.copies == 1_000 - 3
    assert [place.body(name) for name in names] == [f"first {name}".encode() for name in names]
    *_, version, done = place.events(job["position"])
    assert isinstance(version, AssetVersionCreated)
    assert version.files == tuple(ChosenFile(path=name, s3_version_id=place.top(name)) for name in names)
    assert isinstance(done, AssetReverted)
    copied = [place.objects.head(BUCKET, f"library/shot_010/{name}").metadata[COPIED_FROM] for name in names]
    assert copied == list(first.values())


def test_files_whose_bytes_are_gone_are_reported_and_left_out(place: Place) -> None:
    gone = place.put("a.exr", b"first")
    place.put("b.exr", b"b")
    create_asset_version(place.ledger, *SHOT, comment="First", order=order())
    latest = place.put("a.exr", b"second")
    place.objects.delete_version(BUCKET, "library/shot_010/a.exr", version_id=gone)
    job = place.revert(1)
    place.worker.run(**job)
    version, done = place.events(job["position"])
    assert isinstance(version, AssetVersionCreated)
    assert version.files == (ChosenFile(path="b.exr", s3_version_id=place.top("b.exr")),)
    assert done == AssetReverted(**ASSET, revert_id=1, reverted_from=1, asset_version_id=2, skipped_paths=("a.exr",))
    assert place.top("a.exr") == latest


def test_a_version_of_which_nothing_is_left_is_not_made_again(place: Place) -> None:
    gone = place.put("a.exr", b"first")
    create_asset_version(place.ledger, *SHOT, comment="First", order=order())
    place.objects.delete_version(BUCKET, "library/shot_010/a.exr", version_id=gone)
    job = place.revert(1)
    place.worker.run(**job)
    message = "The bytes of none of the version's files exist any more."
    assert place.events(job["position"]) == [AssetRevertFailed(**ASSET, revert_id=1, message=message)]


def test_a_revert_of_an_asset_that_was_archived_meanwhile_is_given_up(place: Place) -> None:
    place.put("a.exr", b"first")
    create_asset_version(place.ledger, *SHOT, comment="First", order=order())
    job = place.revert(1)
    archive_asset(place.ledger, *SHOT, order=order())
    place.worker.run(**job)
    assert place.events(job["position"] + 1) == [
        AssetRevertFailed(**ASSET, revert_id=1, message="The asset 'shot_010' is archived: unarchive it first.")
    ]


def test_the_last_failed_attempt_is_recorded(place: Place) -> None:
    place.put("a.exr", b"first")
    create_asset_version(place.ledger, *SHOT, comment="First", order=order())
    job = place.revert(1)
    place.worker.give_up(StoreUnavailable("copy 'a'", "it is away"), **job)
    (failed,) = place.events(job["position"])
    assert isinstance(failed, AssetRevertFailed)
    assert failed.message == (
        "A service failed in every attempt, last with: Could not copy 'a': it is away. Try again."
    )


def test_a_request_is_enqueued_once_with_its_position(place: Place) -> None:
    place.put("a.exr", b"first")
    create_asset_version(place.ledger, *SHOT, comment="First", order=order())
    job = place.revert(1)
    (request,) = place.events(job["position"] - 1)
    assert isinstance(request, AssetRevertRequested)
    assert job == {
        "position": place.ledger.head(),
        "correlation_id": "request-1",
        "database_id": "shows",
        "asset_id": "shot_010",
        "revert_id": 1,
    }
