"""One revert of a file: put the bytes of an old object version on top in the store, then record the copy."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.cause import Order
from domain.errors import Conflict, NotFound
from domain.event import Recorded
from domain.files.events import FileRevertRequested, StoredObject
from domain.files.file import FILES
from domain.files.reverts import (
    is_file_revert_open,
    record_file_revert,
    record_file_revert_failure,
    version_to_revert,
)
from domain.ledger import Ledger
from processors.lifecycle.kinds import JobKind, WantedJob, answering, asset_lock
from processors.objects.errors import ObjectMissing, StoreRejected
from processors.objects.marks import COPIED_FROM, REVERT
from processors.objects.store import ObjectStore, ObjectVersion
from processors.uploads.complete import stored_object


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue keeps of a request."""

    position: int
    correlation_id: str
    database_id: str
    asset_id: str
    path: str
    revert_id: int

    @property
    def order(self) -> Order:
        """The order of what the job records."""
        return answering(position=self.position, correlation_id=self.correlation_id)


class FileRevertWorker:
    """Runs reverts of files. One that is run again takes the copy it made before, and is recorded once."""

    def __init__(self, ledger: Ledger, objects: ObjectStore) -> None:
        self._ledger = ledger
        self._objects = objects

    def run(self, **arguments: object) -> None:
        """Do it, or record why it can't be done. Raises StoreUnavailable, which the queue retries."""
        job = msgspec.convert(arguments, Job)
        request = self._request(job)
        if not is_file_revert_open(self._ledger, request):
            return
        wanted = version_to_revert(self._ledger, request)
        try:
            copy = self._on_top(wanted, mark=str(request.revert_id))
        except ObjectMissing:
            self._fail(job, request, "The bytes of the version no longer exist.")
            return
        except StoreRejected as refusal:
            self._fail(job, request, str(refusal))
            return
        stored = msgspec.structs.replace(stored_object(copy), content_sha256=wanted.content_sha256)
        try:
            record_file_revert(self._ledger, request, stored=stored, order=job.order)
        except (Conflict, NotFound) as refusal:
            # It was archived, moved or deleted while its bytes were copied, and the log knows nothing of the copy.
            self._objects.delete_version(copy.bucket, copy.key, version_id=copy.version_id)
            self._fail(job, request, refusal.message)

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Record that a service failed in every attempt; revertFile asks again."""
        job = msgspec.convert(arguments, Job)
        self._fail(job, self._request(job), f"A service failed in every attempt, last with: {error}")

    def _request(self, job: Job) -> FileRevertRequested:
        history = self._ledger.history(FILES, job.database_id, job.asset_id, job.path)
        return next(
            event for event in history if isinstance(event, FileRevertRequested) and event.revert_id == job.revert_id
        )

    def _on_top(self, wanted: StoredObject, *, mark: str) -> ObjectVersion:
        bucket, key = wanted.s3_bucket, wanted.s3_key
        source = self._objects.head(bucket, key, version_id=wanted.s3_version_id)
        marks = {COPIED_FROM: wanted.s3_version_id, REVERT: mark}
        top = self._top(bucket, key)
        if top is not None and marks.items() <= top.metadata.items():
            return top
        metadata = {**source.metadata, **marks}
        return self._objects.copy(bucket, key, version_id=wanted.s3_version_id, to_key=key, metadata=metadata)

    def _top(self, bucket: str, key: str) -> ObjectVersion | None:
        try:
            return self._objects.head(bucket, key)
        except ObjectMissing:
            return None

    def _fail(self, job: Job, request: FileRevertRequested, message: str) -> None:
        record_file_revert_failure(self._ledger, request, message=message, order=job.order)


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
                "path": entry.event.path,
                "revert_id": entry.event.revert_id,
            },
        )
        for entry in batch
        if isinstance(entry.event, FileRevertRequested)
    ]


KIND = JobKind("file-reverts", _wanted)
