"""Refusals about uploads."""

from __future__ import annotations

from domain.errors import Conflict, Invalid, LimitExceeded, NotFound


class UploadNotFound(NotFound):
    """No upload session has this id."""

    def __init__(self, upload_id: str) -> None:
        super().__init__("upload", upload_id, path=("uploadId",))


class UploadClosed(Conflict):
    """The session was completed or aborted before."""

    def __init__(self, upload_id: str, state: str) -> None:
        super().__init__(f"The upload {upload_id!r} is {state} already: start another.", path=("uploadId",))


class UploadAlreadyExpired(Conflict):
    """The session's time is over."""

    def __init__(self, upload_id: str, expired_at: str) -> None:
        super().__init__(f"The upload {upload_id!r} expired at {expired_at}: start another.", path=("uploadId",))


class UploadStillOpen(Conflict):
    """The session's time is not over yet, so it can't expire."""

    def __init__(self, upload_id: str, expires_at: str) -> None:
        super().__init__(f"The upload {upload_id!r} is open until {expires_at}.", path=("uploadId",))


class UploadFileUnknown(Invalid):
    """A file was completed that the session never declared."""

    def __init__(self, path: str, *, field: tuple[str, ...]) -> None:
        super().__init__(f"This upload declared no file {path!r}.", path=field)


class UploadPartMismatch(Conflict):
    """What arrived is not what was declared; the session stays open so that the part can be sent again."""


class UploadTooLarge(LimitExceeded):
    """The declared size is over a limit."""
