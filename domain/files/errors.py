"""Refusals about files."""

from __future__ import annotations

from domain.errors import Archived, Conflict, Invalid, NotFound


class FileNotFound(NotFound):
    """The asset holds no file at this path."""

    def __init__(self, path: str, *, field: tuple[str, ...] = ("path",)) -> None:
        super().__init__("file", path, path=field)


class FileVersionNotFound(NotFound):
    """The file never had this object version."""

    def __init__(self, version_id: str) -> None:
        super().__init__("file version", version_id, path=("s3VersionId",))


class FileExtensionRefused(Conflict):
    """The database blocks files of this extension, or takes others only; `allowed` are those, empty for any other."""

    def __init__(self, path: str, allowed: tuple[str, ...], *, field: tuple[str, ...]) -> None:
        policy = f"takes {', '.join(allowed)}" if allowed else "blocks files of this extension"
        super().__init__(f"{path!r} may not be stored here: this database {policy}.", path=field)


class FileAlreadyArchived(Archived):
    """The file is archived and was to be archived, changed or given a new version."""

    def __init__(self, path: str, *, field: tuple[str, ...] = ("path",)) -> None:
        super().__init__(f"The file {path!r} is archived: unarchive it first.", path=field)


class FileNotArchived(Conflict):
    """The file is not archived, so it can't be unarchived."""

    def __init__(self, path: str, *, field: tuple[str, ...] = ("path",)) -> None:
        super().__init__(f"The file {path!r} is not archived.", path=field)


class FileBeingErased(Conflict):
    """The path belonged to a file that was permanently deleted, and its bytes are still being erased."""

    def __init__(self, path: str, *, field: tuple[str, ...] = ("path",)) -> None:
        message = f"The bytes of the deleted file {path!r} are still being erased: try again in a moment."
        super().__init__(message, path=field)


class FileVersionIsLatest(Conflict):
    """The object version is on top, so there is nothing to revert."""

    def __init__(self, version_id: str) -> None:
        super().__init__(f"The version {version_id!r} is the latest one already.", path=("s3VersionId",))


class FileRevertInProgress(Conflict):
    """A revert of the file is being carried out."""

    def __init__(self) -> None:
        super().__init__(
            "Another revert of this file is being carried out: wait until File.reverts shows it done or failed.",
            path=("path",),
        )


class PrimaryTypeInvalid(Invalid):
    """The role is none of the known ones, or its text breaks a rule."""


class FilePreviewInvalid(Invalid):
    """A file is named like the preview of another and can't be one."""


class DeletionNotConfirmed(Invalid):
    """Something was to be deleted for ever without its confirmation."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"This deletes {what} for ever and can't be undone: confirm it by true.", path=("confirmPermanentDelete",)
        )
