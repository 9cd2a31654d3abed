"""The jobs of upload sessions that ended without a file: the timer that ends them, and the removal of their bytes."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import msgspec

from domain.cause import ActorKind, Cause, Order
from domain.files.file import FILES
from domain.ledger import Ledger
from domain.uploads.commands import expire_upload, load_upload
from domain.uploads.events import PlannedFile
from domain.uploads.upload import Upload, UploadState
from processors.objects.errors import ObjectMissing
from processors.objects.store import ObjectStore
from processors.uploads.consumer import NAME
from processors.uploads.start import PARALLEL_CALLS

logger = logging.getLogger(__name__)
WITHOUT_FILES = (UploadState.ABORTED, UploadState.EXPIRED)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue keeps of a session."""

    position: int
    correlation_id: str
    upload_id: str


@dataclass(frozen=True)
class ExpiryWorker:
    """Ends sessions whose time is over. One that ended before is left as it is."""

    ledger: Ledger

    def run(self, **arguments: object) -> None:
        """Record that the session expired. The queue's clock rang, so the time is over by that clock at least."""
        job = msgspec.convert(arguments, Job)
        _, upload = load_upload(self.ledger, job.upload_id)
        expire_upload(self.ledger, job.upload_id, order=_order(job, max(datetime.now(UTC), upload.expires_at)))

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Leave it to people: the session can't be completed any more, but still shows as open."""
        logger.error("The upload %s could not be ended: %s. abortUpload ends it.", arguments.get("upload_id"), error)


@dataclass(frozen=True)
class RemainsWorker:
    """Removes the parts, and objects that were assembled but never became files, of sessions without files."""

    ledger: Ledger
    objects: ObjectStore

    def run(self, **arguments: object) -> None:
        """Remove what is there. Raises StoreUnavailable, which the queue retries."""
        job = msgspec.convert(arguments, Job)
        _, upload = load_upload(self.ledger, job.upload_id)
        if upload.state in WITHOUT_FILES:
            remove(self.ledger, self.objects, upload)

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Leave it to people: bytes that nothing refers to stay in the store."""
        logger.error("The remains of upload %s could not be removed: %s", arguments.get("upload_id"), error)


def remove(ledger: Ledger, objects: ObjectStore, upload: Upload) -> None:
    """Remove the parts of an upload that ended, and every version that it made and the log does not know.

    Safe at any time, and at once with others.
    """
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
        list(pool.map(partial(_remove, ledger, objects, upload), upload.files))


def _remove(ledger: Ledger, objects: ObjectStore, upload: Upload, file: PlannedFile) -> None:
    if file.multipart_id is not None:
        objects.abort_multipart(upload.s3_bucket, file.s3_key, multipart_id=file.multipart_id)
    known = ledger.load(FILES, upload.database_id, upload.asset_id, file.path).state
    kept = upload.made.union(known.versions if known else ())
    for listed in objects.versions_of(upload.s3_bucket, file.s3_key):
        if listed.is_delete_marker or listed.version_id in kept:
            continue
        if _made_by(objects, upload, file, listed.version_id):
            objects.delete_version(upload.s3_bucket, file.s3_key, version_id=listed.version_id)


def _made_by(objects: ObjectStore, upload: Upload, file: PlannedFile, version_id: str) -> bool:
    try:
        version = objects.head(upload.s3_bucket, file.s3_key, version_id=version_id)
    except ObjectMissing:
        return False
    return version.metadata.get("uploadid") == upload.upload_id


def _order(job: Job, at: datetime) -> Order:
    cause = Cause(
        actor_kind=ActorKind.PROCESSOR,
        actor_id=NAME,
        correlation_id=job.correlation_id,
        at=at,
        causation_position=job.position,
    )
    return Order(cause=cause)
