"""Why a large log was not generated.

NotGenerated
├── LogTooLong      the log has events enough already
└── GatewayAtWork   processors would react to what is generated
"""

from __future__ import annotations


class NotGenerated(Exception):
    """No log was generated."""


class LogTooLong(NotGenerated):
    """Its streams would have to be held in memory."""

    def __init__(self, head: int, *, most: int) -> None:
        super().__init__(
            f"The log has {head} events already, and at most {most} are taken: generate into a data directory or "
            "database of its own."
        )


class GatewayAtWork(NotGenerated):
    """A processor would ask the object store for files that are not there."""

    def __init__(self, processor: str) -> None:
        super().__init__(
            f"The processor {processor} of this installation is at work: stop `interneg serve` and `interneg work` "
            "while a log is generated."
        )
