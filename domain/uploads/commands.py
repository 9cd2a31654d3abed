"""Commands on upload sessions; processors/uploads moves the bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.assets.asset import Asset
from domain.assets.commands import load_asset
from domain.assets.events import AssetPreviewSet
from domain.cause import Order
from domain.errors import Invalid
from domain.files.commands import check_paths, check_target
from domain.files.events import FileUploaded
from domain.files.file import FILES, File
from domain.files.paths import check_key, extension
from domain.files.previews import base_of
from domain.ledger import Ledger
from domain.stream import Change, Decision, Outcome, Stream
from domain.text import check_text
from domain.uploads.acceptance import CompletedFile, accepted, check_files
from domain.uploads.errors import UploadFileUnknown, UploadNotFound, UploadTooLarge
from domain.uploads.events import (
    FileOutcome,
    PlannedFile,
    UploadAborted,
    UploadCompleted,
    UploadStarted,
    UploadType,
)
from domain.uploads.plan import LIMITS, MAX_PREVIEW_BYTES, PREVIEW_EXTENSIONS, UploadLimits, part_size
from domain.uploads.upload import UPLOADS, Upload


@dataclass(frozen=True)
class DeclaredFile:
    """A file as the caller announces it."""

    path: str
    size_bytes: int
    sha256: str | None = None
    part_size_bytes: int | None = None


SEPARATOR = "\n"


def plan_upload(
    ledger: Ledger,
    database_id: str,
    asset_id: str,
    *,
    upload_type: UploadType,
    files: Sequence[DeclaredFile],
    limits: UploadLimits = LIMITS,
) -> tuple[Asset, tuple[PlannedFile, ...]]:
    """Check everything that can be checked before the store is asked for anything; records nothing.

    Raises what `start_upload` would: AssetNotFound, AssetAlreadyArchived, PathInvalid, FileExtensionRefused,
    FileAlreadyArchived, FileBeingErased, FilePreviewInvalid, UploadTooLarge, Invalid.
    """
    paths = check_paths([file.path for file in files], most=limits.files)
    check_target(ledger, database_id, asset_id, paths if upload_type is UploadType.ASSET_FILE else ())
    _, asset = load_asset(ledger, database_id, asset_id)
    if upload_type is UploadType.ASSET_PREVIEW:
        _check_preview(files)
    else:
        sizes = [file.size_bytes for file in files]
        check_files(ledger, (database_id, asset_id), list(zip(paths, sizes, strict=True)))
    planned = tuple(
        _planned(replace(file, path=path), key=_key(asset, path, upload_type, index=i), index=i, limits=limits)
        for i, (file, path) in enumerate(zip(files, paths, strict=True))
    )
    limits.check_total([file.size_bytes for file in planned])
    return asset, planned


def start_upload(
    ledger: Ledger,
    upload_id: str,
    *,
    asset: tuple[str, str],
    upload_type: UploadType,
    s3_bucket: str,
    files: tuple[PlannedFile, ...],
    lifetime: timedelta,
    order: Order,
) -> Outcome:
    """Open a session with the planned files, whose multipart ids are known now. The result has `uploadId`."""
    database_id, asset_id = asset
    event = UploadStarted(
        upload_id=upload_id,
        database_id=database_id,
        asset_id=asset_id,
        upload_type=upload_type,
        s3_bucket=s3_bucket,
        files=files,
        expires_at=order.cause.at + lifetime,
    )

    def decide() -> Decision:
        held = check_target(ledger, database_id, asset_id, ())
        return Decision((ledger.load(UPLOADS, upload_id).then(event),), {"uploadId": upload_id}, held=(held,))

    return ledger.carry_out(order, decide)


def complete_upload(ledger: Ledger, upload_id: str, *, files: Sequence[CompletedFile], order: Order) -> Outcome:
    """Close the session: every file of it becomes a file version or an error, all in one transaction.

    A file that is archived by now, or was deleted meanwhile, is such an error; the result's `refusedPaths` names them,
    newline separated, as their bytes have to be erased.
    Raises UploadNotFound, UploadClosed, UploadAlreadyExpired, UploadFileUnknown, AssetNotFound, AssetAlreadyArchived.
    """

    def decide() -> Decision:
        stream, upload = load_upload(ledger, upload_id)
        upload.require_open(order.cause.at)
        _check_declared(upload, files)
        asset_stream, asset = load_asset(ledger, upload.database_id, upload.asset_id)
        asset.require_active()
        if upload.upload_type is UploadType.ASSET_PREVIEW:
            return Decision((stream.then(_closing(upload, files)), *_preview(asset_stream, asset, files)))
        states = _states(ledger, upload, files)
        kept = accepted(files, states)
        refused = [file.path for file, now in zip(files, kept, strict=True) if file.stored and not now.stored]
        uploaded = [
            states[file.path].then(FileUploaded(**upload.key, path=file.path, stored=file.stored))
            for file in kept
            if file.stored
        ]
        result = {"refusedPaths": SEPARATOR.join(refused)}
        return Decision((stream.then(_closing(upload, kept)), *uploaded), result, held=(asset_stream,))

    return ledger.carry_out(order, decide)


def abort_upload(ledger: Ledger, upload_id: str, *, reason: str | None = None, order: Order) -> Outcome:
    """Give the session up, also when its time is over but not recorded as such.

    Raises UploadNotFound, UploadClosed, UploadAlreadyExpired, Invalid.
    """
    check_text(reason, name="reason", longest=256)

    def decide() -> Decision:
        stream, upload = load_upload(ledger, upload_id)
        upload.require_open(min(order.cause.at, upload.expires_at - timedelta(microseconds=1)))
        return Decision((stream.then(UploadAborted(**upload.key, reason=reason)),))

    return ledger.carry_out(order, decide)


def expire_upload(ledger: Ledger, upload_id: str, *, order: Order) -> Outcome:
    """End the session because its time is over; nothing when it ended before.

    Raises UploadNotFound, UploadStillOpen.
    """

    def decide() -> Decision:
        stream, upload = load_upload(ledger, upload_id)
        return Decision((stream.then(*upload.expire(order.cause.at)),))

    return ledger.carry_out(order, decide)


def load_upload(ledger: Ledger, upload_id: str) -> tuple[Stream[Upload], Upload]:
    """The stream and state of an existing session. Raises UploadNotFound."""
    stream = ledger.load(UPLOADS, upload_id)
    if stream.state is None:
        raise UploadNotFound(upload_id)
    return stream, stream.state


def _states(ledger: Ledger, upload: Upload, files: Sequence[CompletedFile]) -> dict[str, Stream[File]]:
    """The files of the session, and those that they are previews of, by path."""
    paths = dict.fromkeys(path for file in files for path in (file.path, base_of(file.path)) if path)
    streams = ledger.load_many(FILES, [(upload.database_id, upload.asset_id, path) for path in paths])
    return dict(zip(paths, streams, strict=True))


def _closing(upload: Upload, files: Sequence[CompletedFile]) -> UploadCompleted:
    return UploadCompleted(**upload.key, files=tuple(_outcome(file) for file in files))


def _preview(stream: Stream[Asset], asset: Asset, files: Sequence[CompletedFile]) -> list[Change]:
    return [stream.then(AssetPreviewSet(**asset.key, stored=file.stored)) for file in files if file.stored]


def _outcome(file: CompletedFile) -> FileOutcome:
    return FileOutcome(
        path=file.path,
        s3_version_id=file.stored.s3_version_id if file.stored else None,
        error_code=file.error_code,
        error_message=file.error_message,
    )


def _key(asset: Asset, path: str, upload_type: UploadType, *, index: int) -> str:
    name = path if upload_type is UploadType.ASSET_FILE else f"preview{extension(path)}"
    return check_key(f"{asset.asset_location}{name}", field=("files", str(index), "path"))


def _planned(file: DeclaredFile, *, key: str, index: int, limits: UploadLimits) -> PlannedFile:
    field = ("files", str(index))
    if file.sha256 is not None and not _is_sha256(file.sha256):
        raise Invalid("A sha256 is 64 hexadecimal digits.", path=(*field, "sha256"))
    return PlannedFile(
        path=file.path,
        size_bytes=file.size_bytes,
        part_size_bytes=part_size(file.size_bytes, wanted=file.part_size_bytes, field=field, limits=limits),
        s3_key=key,
        sha256=file.sha256.lower() if file.sha256 else None,
    )


def _check_declared(upload: Upload, files: Sequence[CompletedFile]) -> None:
    declared = {file.path for file in upload.files}
    for index, file in enumerate(files):
        if file.path not in declared:
            raise UploadFileUnknown(file.path, field=("files", str(index), "path"))


def _check_preview(files: Sequence[DeclaredFile]) -> None:
    if len(files) != 1:
        raise Invalid(f"An asset has one preview image, not {len(files)}.", path=("files",))
    if extension(files[0].path) not in PREVIEW_EXTENSIONS:
        raise Invalid(f"A preview is one of {', '.join(PREVIEW_EXTENSIONS)}.", path=("files", "0", "path"))
    if files[0].size_bytes > MAX_PREVIEW_BYTES:
        raise UploadTooLarge(f"A preview has at most {MAX_PREVIEW_BYTES} bytes.", path=("files", "0", "sizeBytes"))


def _is_sha256(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdefABCDEF" for c in text)
