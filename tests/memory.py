"""The memory of a process that measures itself."""

from __future__ import annotations

from pathlib import Path


def peak_bytes() -> int:
    """The most memory that this program ever had.

    `ru_maxrss` is no measure of it: it survives exec, so a child of a large process starts with the parent's.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
