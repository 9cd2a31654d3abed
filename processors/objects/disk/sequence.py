"""A directory of numbered entries, where a single rename decides which entry exists and in which place."""

from __future__ import annotations

import errno
from pathlib import Path

from processors.objects.disk.durable import sync_directory


def numbers(sequence: Path) -> list[int]:
    """The numbers of the entries, ascending; none when the sequence does not exist."""
    try:
        return sorted(int(entry.name) for entry in sequence.iterdir())
    except FileNotFoundError:
        return []


def entry(sequence: Path, number: int) -> Path:
    """Where the entry of that number is."""
    return sequence / f"{number:08d}"


def append(draft: Path, sequence: Path) -> int:
    """Rename a finished, non-empty draft directory to the number after the highest, and return the number.

    Renaming a directory onto a non-empty one fails, so of two writers that want one number the second takes
    the next. Raises FileNotFoundError when the sequence's directory is not there.
    """
    sync_directory(draft)
    number = max(numbers(sequence), default=0)
    while True:
        number += 1
        try:
            draft.rename(entry(sequence, number))
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        else:
            sync_directory(sequence)
            return number
