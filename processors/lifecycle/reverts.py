"""One revert: put the bytes of old object versions on top in the store, then record the version they make."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
from psycopg_pool import ConnectionPool

from domain.assets.errors import AssetNotFound
from domain.assets.events import AssetRevertRequested
from domain.assets.reverts import (
    FileToRevert,
    RevertedFile,
    files_to_revert,
    is_open,
    record_revert,
    record_revert_failure,
    revert_request,
)
from domain.cause import Order
from domain.errors import Conflict
from domain.event import Recorded
from domain.files.events import StoredObject
from domain.files.file import FILES
from domain.ledger import Ledger
from processors.lifecycle.kinds import JobKind, WantedJob, answering, asset_lock
from processors.lifecycle.paths import paths_at
from processors.objects.errors import ObjectMissing, StoreRejected
from processors.objects.marks import COPIED_FROM
from processors.objects.store import ObjectStore, ObjectVersion

PARALLEL_COPIES = 8


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue keeps of a request."""

    position: int
    correlation_id: str
    database_id: str
    asset_id: str
    revert_id: int


class RevertWorker:
    """Runs reverts. One that is run again copies only what is not on top yet, and is recorded once."""

    def __init__(self, ledger: Ledger, objects: ObjectStore, pool: ConnectionPool[Any]) -> None:
        self._ledger = ledger
        self._objects = objects
        self._pool = pool

    def run(self, **arguments: object) -> None:
        """Do it, or record why it can't be done. Raises StoreUnavailable, which the queue retries."""
        job = msgspec.convert(arguments, Job)
        request = revert_request(self._ledger, job.database_id, job.asset_id, revert_id=job.revert_id)
        if not is_open(self._ledger, request):
            return
        try:
            self._revert(job, request)
        except AssetNotFound:
            return  # It was permanently deleted meanwhile; what was copied is erased with it.
        except (Conflict, StoreRejected) as refusal:
            self._fail(job, request, message=str(refusal))

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Record that a service failed in every attempt; revertAssetVersion asks again."""
        job = msgspec.convert(arguments, Job)
        request = revert_request(self._ledger, job.database_id, job.asset_id, revert_id=job.revert_id)
        if is_open(self._ledger, request):
            self._fail(job, request, message=f"A service failed in every attempt, last with: {error}")

    def _revert(self, job: Job, request: AssetRevertRequested) -> None:
        wanted = files_to_revert(self._ledger, request, paths=self._paths(request))
        with ThreadPoolExecutor(PARALLEL_COPIES) as pool:
            results = list(pool.map(self._put_on_top, wanted))
        files = [RevertedFile(file.path, stored) for file, stored in zip(wanted, results, strict=True) if stored]
        skipped = [file.path for file, stored in zip(wanted, results, strict=True) if stored is None]
        if skipped and not files:
            self._fail(job, request, message="The bytes of none of the version's files exist any more.")
            return
        try:
            record_revert(self._ledger, request, files=files, skipped_paths=skipped, order=_order(job))
        except (AssetNotFound, Conflict):
            self._take_back(request, files)
            raise

    def _paths(self, request: AssetRevertRequested) -> Sequence[str]:
        if request.files is not None:
            return ()
        with self._pool.connection() as connection:
            return paths_at(connection, request.database_id, request.asset_id, position=request.version_position)

    def _put_on_top(self, file: FileToRevert) -> StoredObject | None:
        """The wanted bytes as the latest object version; None when they no longer exist."""
        if file.is_deleted:
            return None
        wanted = file.wanted
        bucket, key = wanted.s3_bucket, wanted.s3_key
        try:
            source = self._objects.head(bucket, key, version_id=wanted.s3_version_id)
        except ObjectMissing:
            return None
        if file.latest is not None and file.latest.s3_version_id == wanted.s3_version_id:
            return wanted
        top = self._top(bucket, key)
        if top is not None and top.metadata.get(COPIED_FROM) == wanted.s3_version_id:
            return _stored(top, wanted)
        metadata = {**source.metadata, COPIED_FROM: wanted.s3_version_id}
        try:
            copy = self._objects.copy(bucket, key, version_id=wanted.s3_version_id, to_key=key, metadata=metadata)
        except ObjectMissing:
            return None
        return _stored(copy, wanted)

    def _take_back(self, request: AssetRevertRequested, files: Sequence[RevertedFile]) -> None:
        """Erase the copies that the log does not know and will not."""
        streams = self._ledger.load_many(FILES, [(request.database_id, request.asset_id, file.path) for file in files])
        for file, stream in zip(files, streams, strict=True):
            if stream.state is None or file.stored.s3_version_id not in stream.state.versions:
                at = file.stored
                self._objects.delete_version(at.s3_bucket, at.s3_key, version_id=at.s3_version_id)

    def _top(self, bucket: str, key: str) -> ObjectVersion | None:
        try:
            return self._objects.head(bucket, key)
        except ObjectMissing:
            return None

    def _fail(self, job: Job, request: AssetRevertRequested, *, message: str) -> None:
        record_revert_failure(self._ledger, request, message=message, order=_order(job))


def _stored(copy: ObjectVersion, wanted: StoredObject) -> StoredObject:
    return StoredObject(
        s3_bucket=copy.bucket,
        s3_key=copy.key,
        s3_version_id=copy.version_id,
        size_bytes=copy.size_bytes,
        etag=copy.etag,
        last_modified=copy.last_modified,
        content_type=copy.content_type,
        content_sha256=wanted.content_sha256,
    )


def _order(job: Job) -> Order:
    return answering(position=job.position, correlation_id=job.correlation_id)


def _wanted(batch: Sequence[Recorded]) -> list[WantedJob]:
    """A job for each request."""
    return [
        WantedJob(
            asset_lock(entry.event.database_id, entry.event.asset_id),
            {
                "position": entry.position,
                "correlation_id": entry.cause.correlation_id,
                "database_id": entry.event.database_id,
                "asset_id": entry.event.asset_id,
                "revert_id": entry.event.revert_id,
            },
        )
        for entry in batch
        if isinstance(entry.event, AssetRevertRequested)
    ]


KIND = JobKind("reverts", _wanted)
