"""What endpoints say: the documents of answers and callbacks, and what becomes of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.executions.convention import METADATA, check_output
from domain.executions.errors import OutputInvalid
from domain.executions.events import ExecutionFile
from domain.executions.execution import Execution
from domain.executions.reports import Failure, record_step_failure, record_step_success
from domain.files.events import StoredObject
from domain.ledger import Ledger
from domain.stream import Outcome
from domain.uploads.plan import part_size, parts
from processors.objects.errors import MultipartMissing
from processors.objects.limits import MAX_EXPIRES_SECONDS
from processors.objects.store import ObjectStore, SignedRequest
from processors.uploads.start import content_type
from processors.workflows.jobs import StepJob
from processors.workflows.staging import Staging, marks, staged
from processors.workflows.tables import PendingUpload, add_uploads, pending_uploads

MAX_FILES = 10_000
"""Files an endpoint may announce in one request."""


class GivenEntries(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Entries that an endpoint sends in its answer instead of a document among its files."""

    metadata: list[dict[str, str]]
    path: str | None = None
    """The file they are about; null is the asset."""
    type: str = "metadata"
    """metadata or attribute"""
    update_type: str = "update"


class Success(msgspec.Struct, frozen=True, tag_field="type", tag="success", rename="camel"):
    """The step is done. What was sent by the signed requests becomes its outputs."""

    metadata: list[GivenEntries] = []
    log: str | None = None


class Failed(msgspec.Struct, frozen=True, tag_field="type", tag="failure", rename="camel"):
    """The step can't be done."""

    message: str
    code: str = "PIPELINE_FAILED"
    log: str | None = None


class Heartbeat(msgspec.Struct, frozen=True, tag_field="type", tag="heartbeat"):
    """The step is being worked on."""


class Progress(msgspec.Struct, frozen=True, tag_field="type", tag="progress"):
    """How far the step is; a heartbeat too."""

    percent: int | None = None
    message: str | None = None


class AnnouncedFile(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A file that an endpoint wants to send."""

    path: str
    size_bytes: int


class Announcement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files that an endpoint wants to send."""

    files: list[AnnouncedFile]


Callback = Success | Failed | Heartbeat | Progress
callback_decoder = msgspec.json.Decoder(Callback)
announcement_decoder = msgspec.json.Decoder(Announcement)
answer_decoder = msgspec.json.Decoder(Success | Failed)


@dataclass(frozen=True)
class Answers:
    """Turns what an endpoint says into outputs and events."""

    ledger: Ledger
    objects: ObjectStore
    staging: Staging
    pool: ConnectionPool[Connection[Any]]

    def announce(self, job: StepJob, execution: Execution, announced: Announcement) -> list[dict[str, Any]]:
        """Signed requests for every part of the announced files. Raises OutputInvalid, UploadTooLarge, Invalid."""
        step = execution.step
        assert step is not None
        if not 1 <= len(announced.files) <= MAX_FILES:
            raise OutputInvalid("files", f"are {len(announced.files)}; 1 to {MAX_FILES} can be announced at once")
        checked = [(check_output(execution.request, step, file.path), file.size_bytes) for file in announced.files]
        sizes = [part_size(size, wanted=None, field=("files", str(i))) for i, (_, size) in enumerate(checked)]
        pending = [self._opened(job, execution, path, size) for path, size in checked]
        with self.pool.connection() as connection:
            add_uploads(connection, job.execution_id, job.at, uploads=pending)
        bucket = self.staging.bucket(execution)
        return [
            {"path": one.path, "parts": list(self._parts(bucket, one, size))}
            for one, size in zip(pending, sizes, strict=True)
        ]

    def succeed(self, job: StepJob, execution: Execution, answer: Success) -> Outcome:
        """Record the step with everything that was sent. Raises OutputInvalid."""
        given = {_entries_path(entries): msgspec.json.encode(entries) for entries in answer.metadata}
        outputs = (*self._sent(job, execution), *self.staging.put(execution, job.at, files=given))
        log = self._log(job, execution, answer.log)
        return record_step_success(self.ledger, job.execution_id, job.at, outputs=outputs, log=log, order=job.order())

    def fail(self, job: StepJob, execution: Execution, answer: Failed) -> Outcome:
        """Record that the endpoint gave up."""
        failure = Failure(answer.code[:64], answer.message, self._log(job, execution, answer.log))
        return record_step_failure(self.ledger, job.execution_id, job.at, failure=failure, order=job.order())

    def _log(self, job: StepJob, execution: Execution, text: str | None) -> StoredObject | None:
        return self.staging.put_log(execution, job.at, text.encode() if text else None)

    def _opened(self, job: StepJob, execution: Execution, path: str, size_bytes: int) -> PendingUpload:
        key = self.staging.key(execution, job.at, path)
        if size_bytes == 0:
            return PendingUpload(path, key, None, 0)
        multipart_id = self.objects.create_multipart(
            self.staging.bucket(execution), key, content_type=content_type(path), metadata=marks(execution)
        )
        return PendingUpload(path, key, multipart_id, size_bytes)

    def _parts(self, bucket: str, one: PendingUpload, size: int) -> Any:
        for part in parts(one.size_bytes, size) if one.multipart_id else ():
            request = self.objects.sign_part(
                bucket,
                one.s3_key,
                multipart_id=one.multipart_id or "",
                part_number=part.part_number,
                size_bytes=part.size_bytes,
                expires_seconds=min(86_400, MAX_EXPIRES_SECONDS),
            )
            yield {"partNumber": part.part_number, "offset": part.offset, "sizeBytes": part.size_bytes} | _told(request)

    def _sent(self, job: StepJob, execution: Execution) -> tuple[ExecutionFile, ...]:
        with self.pool.connection() as connection:
            pending = pending_uploads(connection, job.execution_id, job.at)
        bucket = self.staging.bucket(execution)
        return tuple(self._assembled(bucket, one, marks(execution)) for one in pending)

    def _assembled(self, bucket: str, one: PendingUpload, metadata: Mapping[str, str]) -> ExecutionFile:
        if one.multipart_id is None:
            kind = content_type(one.path)
            return staged(self.objects.put(bucket, one.s3_key, b"", content_type=kind, metadata=metadata), one.path)
        try:
            stored = self.objects.parts(bucket, one.s3_key, multipart_id=one.multipart_id)
        except MultipartMissing:
            # An earlier attempt to record the answer assembled it.
            return staged(self.objects.head(bucket, one.s3_key), one.path)
        arrived = sum(part.size_bytes for part in stored)
        if arrived != one.size_bytes:
            raise OutputInvalid(one.path, f"was announced with {one.size_bytes} bytes, and {arrived} were sent")
        etags = [(part.part_number, part.etag) for part in stored]
        version = self.objects.complete_multipart(bucket, one.s3_key, multipart_id=one.multipart_id, parts=etags)
        return staged(version, one.path)


def _told(request: SignedRequest) -> dict[str, Any]:
    return {"url": request.url, "method": request.method, "headers": dict(request.headers)}


def _entries_path(entries: GivenEntries) -> str:
    """The path of the document that stands for them."""
    if entries.type not in ("metadata", "attribute"):
        raise OutputInvalid(entries.path or "metadata", f"has entries of the type {entries.type[:40]!r}")
    if entries.path is None:
        if entries.type == "attribute":
            raise OutputInvalid("metadata", "has attributes of the asset, which only files have")
        return f"asset{METADATA}"
    return f"{entries.path}.{entries.type}.json"
