"""Close an upload session: compare what arrived with what was declared, assemble the objects, record the files.

What the client can still mend (a missing or wrong part) refuses the whole call and changes nothing. What it can't mend
in this session (bytes that differ from the declared sha256, a file it left out) ends that file alone with an error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from domain.cause import Order
from domain.errors import DomainError, Invalid
from domain.files.events import StoredObject
from domain.files.file import FILES
from domain.files.paths import check_path
from domain.ledger import Ledger
from domain.stream import Outcome
from domain.uploads.acceptance import CompletedFile
from domain.uploads.commands import SEPARATOR, complete_upload, load_upload
from domain.uploads.errors import UploadFileUnknown, UploadPartMismatch
from domain.uploads.events import PlannedFile
from domain.uploads.plan import parts
from domain.uploads.upload import UPLOADS, Upload, UploadState
from processors.objects.errors import MultipartMissing, ObjectMissing
from processors.objects.store import ObjectStore, ObjectVersion
from processors.uploads.ending import remove
from processors.uploads.start import PARALLEL_CALLS, content_type, object_metadata

DIGEST_CHUNK_BYTES = 8 << 20
LEFT_OUT = "The file was not among the completed ones."


@dataclass(frozen=True)
class SentFile:
    """A file as the client completes it: its parts as (number, etag) in ascending order."""

    path: str
    parts: tuple[tuple[int, str], ...]


def complete(ledger: Ledger, store: ObjectStore, upload_id: str, *, files: Sequence[SentFile], order: Order) -> Outcome:
    """Close the session. Safe to repeat after a crash: objects that were assembled already are recognised.

    Calls for one session go one after the other, in all processes: stores give no two an unbroken view of one object.
    Raises UploadNotFound, UploadClosed, UploadAlreadyExpired, UploadFileUnknown, UploadPartMismatch,
    AssetAlreadyArchived, Contended.
    """
    with ledger.exclusively(UPLOADS, upload_id):
        return ledger.remembered(order) or _complete(ledger, store, upload_id, files=files, order=order)


def _complete(
    ledger: Ledger, store: ObjectStore, upload_id: str, *, files: Sequence[SentFile], order: Order
) -> Outcome:
    _, upload = load_upload(ledger, upload_id)
    upload.require_open(order.cause.at)
    try:
        completed = _stored(ledger, store, upload, _by_path(upload, files))
        outcome = complete_upload(ledger, upload_id, files=completed, order=order)
    except DomainError:
        _, now = load_upload(ledger, upload_id)
        if now.state is not UploadState.STARTED:
            # The removal at the end of the session may have come before what this call made.
            remove(ledger, store, now)
        now.require_open(order.cause.at)
        raise
    _erase_refused(store, completed, outcome)
    return outcome


def _stored(
    ledger: Ledger, store: ObjectStore, upload: Upload, sent: Mapping[str, tuple[int, SentFile]]
) -> list[CompletedFile]:
    """What became of each file in the store, after every one that was sent was compared."""
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
        list(pool.map(lambda file: _compare(store, upload, file, sent), _listed(upload, sent)))
        deletions = _deletions(ledger, upload)
        made = list(pool.map(lambda file: _completed(store, upload, file, sent), upload.files))
    return [replace(file, deletions=deletions[file.path]) for file in made]


def _by_path(upload: Upload, files: Sequence[SentFile]) -> dict[str, tuple[int, SentFile]]:
    declared = {file.path for file in upload.files}
    sent: dict[str, tuple[int, SentFile]] = {}
    for index, file in enumerate(files):
        field = ("files", str(index), "path")
        path = check_path(file.path, field=field)
        if path not in declared:
            raise UploadFileUnknown(path, field=field)
        if path in sent:
            raise Invalid(f"The path {path!r} is given twice.", path=field)
        sent[path] = (index, file)
    return sent


def _listed(upload: Upload, sent: Mapping[str, tuple[int, SentFile]]) -> list[PlannedFile]:
    return [file for file in upload.files if file.path in sent]


def _compare(store: ObjectStore, upload: Upload, file: PlannedFile, sent: Mapping[str, tuple[int, SentFile]]) -> None:
    index, given = sent[file.path]
    field = ("files", str(index), "parts")
    planned = parts(file.size_bytes, file.part_size_bytes)
    if [number for number, _ in given.parts] != [part.part_number for part in planned]:
        raise UploadPartMismatch(
            f"{file.path!r} has the parts 1 to {len(planned)}, in order; {len(given.parts)} were given.", path=field
        )
    arrived = _arrived(store, upload, file)
    if arrived is None:
        return
    for n, ((number, etag), part) in enumerate(zip(given.parts, planned, strict=True)):
        stored_etag, stored_bytes = arrived.get(number, (None, 0))
        if stored_etag != etag.strip('"') or stored_bytes != part.size_bytes:
            raise UploadPartMismatch(
                f"Part {number} of {file.path!r} should be {part.size_bytes} bytes with ETag {etag}; the store has "
                f"{f'{stored_bytes} bytes with ETag {stored_etag}' if stored_etag else 'nothing'}: send it again.",
                path=(*field, str(n)),
            )


def _arrived(store: ObjectStore, upload: Upload, file: PlannedFile) -> dict[int, tuple[str, int]] | None:
    """Parts in the store by number; None when there is nothing to compare: no parts, or assembled already."""
    if file.multipart_id is None:
        return None
    try:
        stored = store.parts(upload.s3_bucket, file.s3_key, multipart_id=file.multipart_id)
    except MultipartMissing as missing:
        if _assembled(store, upload, file):
            return None
        raise _gone(file) from missing
    return {part.part_number: (part.etag, part.size_bytes) for part in stored}


def _gone(file: PlannedFile) -> UploadPartMismatch:
    message = f"The store no longer holds the parts of {file.path!r}: abort this upload and start another."
    return UploadPartMismatch(message, path=("files",))


def _completed(
    store: ObjectStore, upload: Upload, file: PlannedFile, sent: Mapping[str, tuple[int, SentFile]]
) -> CompletedFile:
    if file.path not in sent:
        if file.multipart_id is not None:
            store.abort_multipart(upload.s3_bucket, file.s3_key, multipart_id=file.multipart_id)
        return CompletedFile(file.path, None, "UPLOAD_FILE_LEFT_OUT", LEFT_OUT)
    version = _assembled(store, upload, file) or _assemble(store, upload, file, sent[file.path][1])
    digest = _digest(store, version) if file.sha256 else None
    if digest != file.sha256:
        store.delete_version(version.bucket, version.key, version_id=version.version_id)
        message = f"The bytes have sha256 {digest}, not the declared {file.sha256}: upload the file again."
        return CompletedFile(file.path, None, "UPLOAD_SHA256_MISMATCH", message)
    return CompletedFile(file.path, stored_object(version, content_sha256=digest))


def _assemble(store: ObjectStore, upload: Upload, file: PlannedFile, given: SentFile) -> ObjectVersion:
    if file.multipart_id is None:
        metadata = object_metadata((upload.database_id, upload.asset_id), upload.upload_id)
        return store.put(upload.s3_bucket, file.s3_key, b"", content_type=content_type(file.path), metadata=metadata)
    etags = [(number, etag.strip('"')) for number, etag in given.parts]
    try:
        return store.complete_multipart(upload.s3_bucket, file.s3_key, multipart_id=file.multipart_id, parts=etags)
    except MultipartMissing as missing:
        raise _gone(file) from missing


def _assembled(store: ObjectStore, upload: Upload, file: PlannedFile) -> ObjectVersion | None:
    """The object this session made at the file's key before a crash, None when it made none."""
    try:
        version = store.head(upload.s3_bucket, file.s3_key)
    except ObjectMissing:
        return None
    return version if version.metadata.get("uploadid") == upload.upload_id else None


def _digest(store: ObjectStore, version: ObjectVersion) -> str:
    digest = hashlib.sha256()
    for start in range(0, version.size_bytes, DIGEST_CHUNK_BYTES):
        length = min(DIGEST_CHUNK_BYTES, version.size_bytes - start)
        digest.update(
            store.open_range(version.bucket, version.key, version_id=version.version_id, start=start, length=length)
        )
    return digest.hexdigest()


def _deletions(ledger: Ledger, upload: Upload) -> dict[str, int]:
    """How often each path was deleted before its bytes are put together, so that no deletion erases them unseen."""
    paths = [file.path for file in upload.files]
    streams = ledger.load_many(FILES, [(upload.database_id, upload.asset_id, path) for path in paths])
    return {path: stream.state.deletions if stream.state else 0 for path, stream in zip(paths, streams, strict=True)}


def _erase_refused(store: ObjectStore, completed: Sequence[CompletedFile], outcome: Outcome) -> None:
    """Erase the bytes of files that were archived or deleted while they were put together."""
    refused = set(outcome.result.get("refusedPaths", "").split(SEPARATOR))
    for file in completed:
        if file.stored and file.path in refused:
            store.delete_version(file.stored.s3_bucket, file.stored.s3_key, version_id=file.stored.s3_version_id)


def stored_object(version: ObjectVersion, *, content_sha256: str | None = None) -> StoredObject:
    """The store's version in the words of the log."""
    return StoredObject(
        s3_bucket=version.bucket,
        s3_key=version.key,
        s3_version_id=version.version_id,
        size_bytes=version.size_bytes,
        etag=version.etag,
        last_modified=version.last_modified,
        content_type=version.content_type,
        content_sha256=content_sha256,
    )
