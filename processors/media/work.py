"""One media job: fetch the object, make its pictures in the sandbox, store them, record what was made."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import msgspec

from domain.cause import ActorKind, Cause, Order
from domain.ledger import Ledger
from domain.media.commands import MediaKey, Produced, record_failure, record_renditions
from domain.media.events import Rendition, RenditionKind
from processors.media.consumer import NAME
from processors.media.rejections import MediaRejected, RejectionCode
from processors.media.results import RECIPE, SUFFIXES, MediaResult, RenditionFile
from processors.media.reuse import made_of_source, taken_over
from processors.media.sandbox import MediaSandbox
from processors.objects.errors import ObjectMissing
from processors.objects.store import ObjectStore

LARGEST_SOURCE_BYTES = 8 << 30


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue keeps of a request."""

    position: int
    correlation_id: str
    path: str
    s3_bucket: str
    s3_key: str
    s3_version_id: str
    attempt: int
    rendition_stem: str

    @property
    def key(self) -> MediaKey:
        """Which attempt at which object version."""
        return MediaKey(self.s3_bucket, self.s3_key, self.s3_version_id, self.attempt)


class MediaWorker:
    """Runs media jobs. Running one twice records its outcome once, and stores its pictures as one more version."""

    def __init__(self, ledger: Ledger, objects: ObjectStore, sandbox: MediaSandbox, *, scratch: Path) -> None:
        self._ledger = ledger
        self._objects = objects
        self._sandbox = sandbox
        self._scratch = scratch

    def run(self, **arguments: object) -> None:
        """Make the pictures, or record why there are none. Raises StoreUnavailable, which the queue retries."""
        job = msgspec.convert(arguments, Job)
        started = time.monotonic()
        if self._take_over(job):
            return
        with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
            try:
                result = self._render(job, Path(folder))
            except MediaRejected as rejected:
                self._fail(job, code=rejected.code, message=rejected.message)
            except ObjectMissing:
                self._fail(job, code="SOURCE_MISSING", message="The object version is no longer in the bucket.")
            else:
                self._record(job, result, seconds=time.monotonic() - started)

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Record that a service failed in every attempt; requestRenditions asks again."""
        message = f"A service failed in every attempt, last with: {error}"
        self._fail(msgspec.convert(arguments, Job), code="SERVICE_FAILED", message=message)

    def _take_over(self, job: Job) -> bool:
        """Whether the pictures of the file's source were taken over, so that nothing is left to do."""
        made = made_of_source(self._ledger, job.key)
        produced = made and taken_over(self._objects, made, path=job.path, key=job.key, stem=job.rendition_stem)
        if not produced:
            return False
        record_renditions(self._ledger, job.key, produced=produced, order=_order(job))
        return True

    def _render(self, job: Job, folder: Path) -> MediaResult:
        source = folder / f"source{PurePosixPath(job.path).suffix}"
        pictures = folder / "pictures"
        pictures.mkdir()
        size_bytes = self._objects.head(job.s3_bucket, job.s3_key, version_id=job.s3_version_id).size_bytes
        if size_bytes > LARGEST_SOURCE_BYTES:
            raise MediaRejected(RejectionCode.TOO_LARGE, f"{size_bytes} bytes; {LARGEST_SOURCE_BYTES} are allowed.")
        self._objects.download(job.s3_bucket, job.s3_key, version_id=job.s3_version_id, to=source)
        return self._sandbox.run(source, pictures, name=job.path)

    def _record(self, job: Job, result: MediaResult, *, seconds: float) -> None:
        produced = Produced(
            inspection=result.inspection,
            renditions=tuple(self._stored(job, picture) for picture in result.renditions),
            recipe=RECIPE,
            processing_seconds=round(seconds, 6),
        )
        outcome = record_renditions(self._ledger, job.key, produced=produced, order=_order(job))
        if "deleted" in outcome.result:
            # The source was permanently deleted while this worked, perhaps after its erasure looked for pictures.
            for made in produced.renditions:
                self._objects.delete_version(job.s3_bucket, made.s3_key, version_id=made.s3_version_id)

    def _stored(self, job: Job, picture: RenditionFile) -> Rendition:
        key = f"{job.rendition_stem}{SUFFIXES[picture.kind]}{picture.path.suffix}"
        source = {"source-version-id": job.s3_version_id, "generator": f"interneg {RECIPE}"}
        version = self._objects.put(
            job.s3_bucket, key, picture.path, content_type=picture.content_type, metadata=source
        )
        return Rendition(
            kind=RenditionKind(picture.kind),
            s3_key=key,
            s3_version_id=version.version_id,
            content_type=picture.content_type,
            width=picture.width,
            height=picture.height,
            size_bytes=picture.size_bytes,
            color_space=picture.color_space,
            source_color_space=picture.source_color_space,
            color_rule=picture.color_rule,
            view=picture.view,
        )

    def _fail(self, job: Job, *, code: str, message: str) -> None:
        record_failure(self._ledger, job.key, code=code, message=message, order=_order(job))


def _order(job: Job) -> Order:
    cause = Cause(
        actor_kind=ActorKind.PROCESSOR,
        actor_id=NAME,
        correlation_id=job.correlation_id,
        at=datetime.now(UTC),
        causation_position=job.position,
    )
    return Order(cause=cause)
