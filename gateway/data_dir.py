"""The data directory of the embedded mode: one server at a time owns it, each process has scratch space in it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DataDirInUse(Exception):
    """Another server runs on this data directory."""

    def __init__(self, data_dir: Path, owner: str) -> None:
        super().__init__(
            f"Another interneg server{f' (process {owner})' if owner else ''} runs on the data directory {data_dir}: "
            "stop it, or set INTERNEG_DATA_DIR to another directory."
        )


@contextmanager
def owned(data_dir: Path) -> Iterator[None]:
    """Hold the directory for this process; the kernel lets go when the process ends, however it ends."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "owner").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DataDirInUse(data_dir, lock.read().strip()) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def scratch(data_dir: Path) -> Iterator[Path]:
    """A folder for temporary files of this process alone; what killed processes left of theirs is removed first."""
    root = data_dir / "scratch"
    root.mkdir(parents=True, exist_ok=True)
    with _locked(root):
        for folder in root.iterdir():
            _remove_unless_used(folder)
        own = Path(tempfile.mkdtemp(dir=root))
        held = _lock(own)
    try:
        yield own
    finally:
        shutil.rmtree(own)
        os.close(held)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    held = _lock(folder)
    try:
        yield
    finally:
        os.close(held)


def _lock(folder: Path, *, blocking: bool = True) -> int:
    """A descriptor that holds the folder until it is closed. Raises BlockingIOError when another process does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if blocking else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    return descriptor


def _remove_unless_used(folder: Path) -> None:
    try:
        held = _lock(folder, blocking=False)
    except BlockingIOError:
        return
    shutil.rmtree(folder)
    os.close(held)
