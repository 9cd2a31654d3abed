"""What became of a key that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a key ended; a key that is both changed and vanished counts by the first that holds."""

    NEW = "NEW"
    """The log knows a file more."""
    VANISHED = "VANISHED"
    """Versions are gone from the store for good."""
    ARCHIVED = "ARCHIVED"
    """A delete marker lies on top."""
    RESTORED = "RESTORED"
    """No delete marker lies on top any more."""
    CHANGED = "CHANGED"
    """The file has versions more, or another one on top."""
    UNCHANGED = "UNCHANGED"
    """The log knew all of it, or will by the one who does it."""
    PASSED_OVER = "PASSED_OVER"
    """No file at all: a folder, a rendition, a folder kept for other things."""
    IGNORED = "IGNORED"
    """Its asset or database is archived or deleted, so that nothing is recorded of it."""
    REFUSED = "REFUSED"
    """It can't be a file; the code and message say why."""
    STALE = "STALE"
    """The log moved on after the store was looked at: look again."""


@dataclass(frozen=True)
class Verdict:
    """How one key ended. `code` is empty where the kind says all."""

    kind: Kind
    code: str = ""
    message: str = ""


NEWS = (Kind.NEW, Kind.VANISHED, Kind.ARCHIVED, Kind.RESTORED, Kind.CHANGED)
PROBLEMS = (Kind.IGNORED, Kind.REFUSED)
"""The kinds that a person has to know of."""
