"""Refusals about files."""

from __future__ import annotations

from domain.errors import Conflict, NotFound


class FileNotFound(NotFound):
    """The asset holds no file at this path."""

    def __init__(self, path: str) -> None:
        super().__init__("file", path, path=("path",))


class FileVersionNotFound(NotFound):
    """The file never had this object version."""

    def __init__(self, version_id: str) -> None:
        super().__init__("file version", version_id, path=("s3VersionId",))


class FileExtensionRefused(Conflict):
    """The database restricts uploads to other extensions."""

    def __init__(self, path: str, allowed: tuple[str, ...], *, field: tuple[str, ...]) -> None:
        super().__init__(f"{path!r} may not be stored here: this database takes {', '.join(allowed)}.", path=field)
