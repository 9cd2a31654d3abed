"""Private room for half-made things, which the next process empties if its owner was killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import weakref
from collections.abc import Iterator
from pathlib import Path

from processors.objects.disk.durable import sync_directory

_LOCK_SUFFIX = ".lock"


class Workspace:
    """One process's directory of drafts, on the same file system as what they become.

    A lock beside it is held for as long as the process lives, so whoever can take the lock knows the drafts
    to be abandoned. Opening a workspace removes the abandoned ones.
    """

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(parent)
        lock, descriptor = _locked_file(parent)
        self._directory = lock.with_suffix("")
        self._directory.mkdir()
        self.close = weakref.finalize(self, _close, self._directory, lock, descriptor)
        """Removes the drafts and gives up the lock; called for its owner when that forgets to."""

    @contextlib.contextmanager
    def draft(self) -> Iterator[Path]:
        """A new empty directory; what has not been renamed away when the block ends is removed."""
        directory = self._directory / secrets.token_hex(16)
        directory.mkdir()
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def discard(self, path: Path) -> None:
        """Make a file or directory vanish in one step, then erase it; one that is not there is left so."""
        with self.draft() as grave, contextlib.suppress(FileNotFoundError):
            path.rename(grave / "discarded")
            sync_directory(path.parent)


def _locked_file(parent: Path) -> tuple[Path, int]:
    while True:
        lock = parent / f"{secrets.token_hex(8)}{_LOCK_SUFFIX}"
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        # Another process may have taken the new file for an abandoned one before it was locked.
        if lock.exists():
            return lock, descriptor
        os.close(descriptor)


def _remove_abandoned(parent: Path) -> None:
    for lock in parent.glob(f"*{_LOCK_SUFFIX}"):
        try:
            descriptor = os.open(lock, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            _close(lock.with_suffix(""), lock, descriptor)


def _close(directory: Path, lock: Path, descriptor: int) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    lock.unlink(missing_ok=True)
    os.close(descriptor)
