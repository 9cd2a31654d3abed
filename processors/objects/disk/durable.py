"""Writes that survive a power cut: the bytes are synced, and so is the directory that names them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Create a small file and sync it; raises FileExistsError. The caller syncs the directory."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "wb") as file:  # noqa: PTH123
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_directory(directory: Path) -> None:
    """Make the names in a directory as lasting as the files."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_directories(directory: Path, *, below: Path) -> None:
    """Create what is missing between `below`, which must exist, and `directory`.

    Raises FileNotFoundError if `below` is missing or somebody removes a level meanwhile.
    """
    missing = []
    while directory != below and not directory.is_dir():
        missing.append(directory)
        directory = directory.parent
    for level in reversed(missing):
        # Not exist_ok: that asks again whether it is there, and by then it may have been pruned.
        with contextlib.suppress(FileExistsError):
            level.mkdir()
        sync_directory(level.parent)


def remove_empty_directories(directory: Path, *, below: Path) -> None:
    """Remove `directory` and its parents as long as they are empty, but never `below`."""
    while directory != below:
        try:
            directory.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return
        directory = directory.parent
