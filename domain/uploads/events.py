"""What happened to upload sessions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.event import Event


class UploadType(StrEnum):
    """What the bytes are for."""

    ASSET_FILE = "assetFile"
    ASSET_PREVIEW = "assetPreview"


class PlannedFile(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One file of a session, as it was declared."""

    path: str
    size_bytes: int
    part_size_bytes: int
    """Size of every part but the last, which holds the rest."""
    s3_key: str
    multipart_id: str | None = None
    """None for a file of zero bytes, which has no parts."""
    sha256: str | None = None


class FileOutcome(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How one file of a session ended: with a version, or with an error."""

    path: str
    s3_version_id: str | None = None
    error_code: str | None = None
    error_message: str | None = None


class UploadEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one upload session."""

    upload_id: str
    database_id: str
    asset_id: str


class UploadStarted(UploadEvent, frozen=True, kw_only=True):
    """Parts may be sent until `expires_at`."""

    TOPIC = "upload-started"
    upload_type: UploadType
    s3_bucket: str
    files: tuple[PlannedFile, ...]
    expires_at: datetime


class UploadCompleted(UploadEvent, frozen=True, kw_only=True):
    """The session is closed; every file of it has its outcome."""

    TOPIC = "upload-completed"
    files: tuple[FileOutcome, ...]


class UploadAborted(UploadEvent, frozen=True, kw_only=True):
    """The session was given up; nothing of it became a file."""

    TOPIC = "upload-aborted"
    reason: str | None = None


class UploadExpired(UploadEvent, frozen=True, kw_only=True):
    """The session ran out of time; nothing of it became a file."""

    TOPIC = "upload-expired"


EVENTS: tuple[type[Event], ...] = (UploadStarted, UploadCompleted, UploadAborted, UploadExpired)
