"""Why a file gave no pictures, in words its owner can act on."""

from __future__ import annotations

from enum import StrEnum

from domain.media.inspection import Inspection


class RejectionCode(StrEnum):
    """What was wrong; each is a fact about the file or about the limits it met, never about the worker."""

    EMPTY = "EMPTY"
    UNREADABLE = "UNREADABLE"
    TRUNCATED = "TRUNCATED"
    TOO_LARGE = "TOO_LARGE"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    TIMED_OUT = "TIMED_OUT"
    CRASHED = "CRASHED"


class MediaRejected(Exception):
    """A file from which no pictures can be made; `inspection` is what its header told before that."""

    def __init__(self, code: RejectionCode, message: str, inspection: Inspection | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.inspection = inspection
