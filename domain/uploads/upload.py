"""The upload aggregate: open until it is completed, aborted or out of time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.stream import Aggregate
from domain.uploads.errors import UploadAlreadyExpired, UploadClosed, UploadStillOpen
from domain.uploads.events import (
    PlannedFile,
    UploadAborted,
    UploadCompleted,
    UploadEvent,
    UploadExpired,
    UploadStarted,
    UploadType,
)


class UploadState(StrEnum):
    """Where a session stands."""

    STARTED = "STARTED"
    COMPLETED = "COMPLETED"
    COMPLETED_WITH_ERRORS = "COMPLETED_WITH_ERRORS"
    ABORTED = "ABORTED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True)
class Upload:
    """What commands need to know of a session."""

    upload_id: str
    database_id: str
    asset_id: str
    upload_type: UploadType
    s3_bucket: str
    files: tuple[PlannedFile, ...]
    expires_at: datetime
    state: UploadState = UploadState.STARTED
    made: frozenset[str] = frozenset()
    """The object versions that became files, or the preview."""

    @property
    def key(self) -> dict[str, str]:
        """The natural key, as every event of the session carries it."""
        return {"upload_id": self.upload_id, "database_id": self.database_id, "asset_id": self.asset_id}

    def require_open(self, now: datetime) -> None:
        """Raise UploadClosed or UploadAlreadyExpired unless the session can still be completed or aborted."""
        if self.state is UploadState.EXPIRED or (self.state is UploadState.STARTED and now >= self.expires_at):
            raise UploadAlreadyExpired(self.upload_id, self.expires_at.isoformat())
        if self.state is not UploadState.STARTED:
            raise UploadClosed(self.upload_id, self.state.value)

    def expire(self, now: datetime) -> tuple[UploadExpired, ...]:
        """The end of an open session whose time is over, nothing for one that ended. Raises UploadStillOpen."""
        if self.state is not UploadState.STARTED:
            return ()
        if now < self.expires_at:
            raise UploadStillOpen(self.upload_id, self.expires_at.isoformat())
        return (UploadExpired(**self.key),)


def evolve(upload: Upload | None, event: UploadEvent) -> Upload:
    """The session after the event."""
    if isinstance(event, UploadStarted):
        return Upload(
            event.upload_id,
            event.database_id,
            event.asset_id,
            event.upload_type,
            event.s3_bucket,
            event.files,
            event.expires_at,
        )
    assert upload is not None
    match event:
        case UploadCompleted():
            failed = any(file.error_code for file in event.files)
            state = UploadState.COMPLETED_WITH_ERRORS if failed else UploadState.COMPLETED
            made = frozenset(file.s3_version_id for file in event.files if file.s3_version_id)
            return replace(upload, state=state, made=made)
        case UploadAborted():
            return replace(upload, state=UploadState.ABORTED)
        case UploadExpired():
            return replace(upload, state=UploadState.EXPIRED)
    raise TypeError(f"{type(event).__name__} is not an event of an upload")


UPLOADS = Aggregate("upload", evolve)
