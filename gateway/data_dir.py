"""The data directory of the embedded mode belongs to one server at a time."""

from __future__ import annotations

import fcntl
import os
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
