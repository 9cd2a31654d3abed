"""Refusals about folders."""

from __future__ import annotations

from domain.errors import AlreadyExists, NotFound


class FolderAlreadyExists(AlreadyExists):
    """Somebody made this folder before, or a file has its path."""

    def __init__(self, path: str) -> None:
        super().__init__(f"There is a folder or a file {path!r} already.", path=("path",))


class FolderNotFound(NotFound):
    """Nobody made this folder; one that is there because of its files goes with them."""

    def __init__(self, path: str) -> None:
        super().__init__("folder that was made", path, path=("path",))
