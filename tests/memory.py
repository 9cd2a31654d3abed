"""The memory of a process that measures itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

LOOK_SECONDS = 0.1


def peak_bytes() -> int:
    """The most memory that this program ever had.

    `ru_maxrss` is no measure of it: it survives exec, so a child of a large process starts with the parent's.
    """
    return _bytes_of("VmHWM", "self")


@contextmanager
def family_peak() -> Iterator[Callable[[], int]]:
    """The most memory that this program and its children had at one moment, files that they map counted once.

    The most that was seen: it is looked at ten times a second.
    """
    peak = 0
    stopped = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not stopped.wait(LOOK_SECONDS):
            children = chain.from_iterable(map(_children, Path("/proc/self/task").iterdir()))
            peak = max(peak, _bytes_of("VmRSS", "self") + sum(_bytes_of("RssAnon", child) for child in children))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield lambda: peak
    finally:
        stopped.set()
        watching.join()


def _children(thread: Path) -> list[str]:
    try:
        return (thread / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _bytes_of(name: str, process: str) -> int:
    """0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)
