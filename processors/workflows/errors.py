"""Why a step made nothing."""

from __future__ import annotations

from pathlib import Path


class StepFailed(Exception):
    """The pipeline, or what it made, is at fault; trying again by itself would not help."""

    def __init__(self, code: str, message: str, *, log: Path | bytes | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.log = log
        """What the pipeline printed."""


class StepClosed(Exception):
    """The step was cancelled, timed out or ended otherwise while it was being run; nothing is to be recorded."""


class EndpointFailed(Exception):
    """The endpoint did not take the call; it is called again later."""
