"""What the event store can fail with, split by what the caller can do.

LedgerError
├── LedgerUnavailable   nothing was recorded; try again later
├── AppendUnknown       perhaps recorded; repeat with the same idempotency key
├── LedgerClosed        nothing was recorded; this process is shutting down
├── LogMoved            nothing was recorded; somebody else writes to the log
└── PoisonEvent         the log holds an event that this release cannot read
"""

from __future__ import annotations


class LedgerError(Exception):
    """Base of the event store's own failures. A taken revision is eventsourcing's IntegrityError instead."""


class LedgerUnavailable(LedgerError):
    """The database could not be used, and nothing was recorded."""

    is_transient = True

    def __init__(self, reason: object) -> None:
        super().__init__(f"The ledger's database cannot be used: {reason}. Nothing was recorded; try again later.")


class AppendUnknown(LedgerError):
    """The connection was lost between sending events and hearing that they are committed."""

    is_transient = True

    def __init__(self, events: int) -> None:
        super().__init__(
            f"The database connection was lost while {events} events were appended, so they may or may not "
            "be recorded: repeat the command with the same idempotency key to find out."
        )
        self.events = events


class LedgerClosed(LedgerError):
    """The writer of this process takes no more events."""

    def __init__(self) -> None:
        super().__init__("This process is shutting down and recorded nothing: send the command to another one.")


class LogMoved(LedgerError):
    """Events were to be appended at positions that somebody else took."""

    def __init__(self, after: int, next_position: int) -> None:
        super().__init__(
            f"Events were to follow position {after}, but the log's next position is {next_position}: another process "
            "writes to it. Nothing of this part was recorded; stop the other process first."
        )


class PoisonEvent(LedgerError):
    """The event at `position` cannot be decoded by this release. Nothing skips it silently."""

    def __init__(self, position: int, topic: str, cause: Exception) -> None:
        super().__init__(
            f"The event at position {position} with the topic {topic!r} cannot be read ({cause}): "
            "run a release that knows it, then restart what stopped here."
        )
        self.position = position
        self.topic = topic
        self.cause = cause
