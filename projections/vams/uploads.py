"""Folds the events of upload sessions."""

from __future__ import annotations

import msgspec

from domain.event import Recorded
from domain.uploads.events import (
    FileOutcome,
    UploadAborted,
    UploadCompleted,
    UploadEvent,
    UploadExpired,
    UploadStarted,
)
from domain.uploads.upload import UploadState
from projections.vams.json_text import json_text
from projections.vams.rows import UploadRow
from projections.vams.sheets import Sheets


class UploadFile(msgspec.Struct, rename="camel"):
    """One file of a session, as `asset_uploads_storage.files` holds it."""

    path: str
    size_bytes: int
    part_size_bytes: int
    s3_key: str
    multipart_id: str | None
    error_code: str | None = None
    error_message: str | None = None
    s3_version_id: str | None = None


def started(sheets: Sheets, entry: Recorded, event: UploadStarted) -> None:
    """An open session."""
    files = [
        UploadFile(file.path, file.size_bytes, file.part_size_bytes, file.s3_key, file.multipart_id)
        for file in event.files
    ]
    row = UploadRow(
        upload_id=event.upload_id,
        database_id=event.database_id,
        asset_id=event.asset_id,
        user_id=entry.cause.actor_id,
        upload_type=event.upload_type,
        s3_bucket=event.s3_bucket,
        state=UploadState.STARTED,
        created_at=entry.cause.at,
        expires_at=event.expires_at,
        files=json_text(files),
        revision=entry.revision,
        position=entry.position,
    )
    sheets.uploads.put(row, entry.position)


def completed(sheets: Sheets, entry: Recorded, event: UploadCompleted) -> None:
    """Every file has its outcome."""
    row = sheets.uploads.get((event.upload_id,))
    outcomes = {outcome.path: outcome for outcome in event.files}
    files = msgspec.json.decode(row.files, type=list[UploadFile])
    failed = any(outcome.error_code for outcome in event.files)
    _close(
        sheets,
        entry,
        event,
        state=UploadState.COMPLETED_WITH_ERRORS if failed else UploadState.COMPLETED,
        files=json_text([_ended(file, outcomes.get(file.path)) for file in files]),
    )


def aborted(sheets: Sheets, entry: Recorded, event: UploadAborted) -> None:
    """Nothing became of it."""
    row = sheets.uploads.get((event.upload_id,))
    _close(sheets, entry, event, state=UploadState.ABORTED, files=row.files)


def expired(sheets: Sheets, entry: Recorded, event: UploadExpired) -> None:
    """Its time is over."""
    row = sheets.uploads.get((event.upload_id,))
    _close(sheets, entry, event, state=UploadState.EXPIRED, files=row.files)


def _close(sheets: Sheets, entry: Recorded, event: UploadEvent, *, state: UploadState, files: str) -> None:
    row = sheets.uploads.get((event.upload_id,))
    closed = row._replace(state=state, files=files, revision=entry.revision, position=entry.position)
    sheets.uploads.put(closed, entry.position)


def _ended(file: UploadFile, outcome: FileOutcome | None) -> UploadFile:
    if outcome is None:
        return file
    return msgspec.structs.replace(
        file,
        error_code=outcome.error_code,
        error_message=outcome.error_message,
        s3_version_id=outcome.s3_version_id,
    )
