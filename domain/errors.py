"""Refusals the domain can give. A class says what was true; the gateway gives each exactly one code.

DomainError
├── NotFound        what was named does not exist (or may not be seen)
├── Conflict        the state of things does not allow it
│   ├── AlreadyExists
│   └── Archived
├── Invalid         the input breaks a rule, whatever the state
├── LimitExceeded
└── Denied
"""

from __future__ import annotations


class DomainError(Exception):
    """Base of every expected refusal. `path` names the input field at fault, outermost first."""

    def __init__(self, message: str, *, path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class NotFound(DomainError):
    """What was named does not exist, or the caller may not know that it does."""

    def __init__(self, kind: str, key: str, *, path: tuple[str, ...] = ()) -> None:
        super().__init__(f"There is no {kind} {key!r}.", path=path)


class Conflict(DomainError):
    """The current state does not allow the change."""


class AlreadyExists(Conflict):
    """The identity is taken."""


class Archived(Conflict):
    """The thing is archived; unarchive it first."""


class Invalid(DomainError):
    """The input breaks a rule."""


class LimitExceeded(DomainError):
    """The input is larger than a setting allows."""


class Denied(DomainError):
    """The actor may not do this."""


class RevisionMismatch(Conflict):
    """The aggregate has moved on since the caller read it."""

    def __init__(self, *, expected: int, actual: int) -> None:
        super().__init__(
            f"The revision is {actual}, not the expected {expected}: read it again and repeat the change.",
            path=("expectedRevision",),
        )


class IdempotencyKeyReused(Conflict):
    """The key was used before, for other input."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The idempotency key {key!r} was used before with different input: use a new key for a new command.",
            path=("idempotencyKey",),
        )


class Contended(Conflict):
    """Others kept changing the same aggregate, or one has been working on it for long."""


class UnknownTopic(Exception):
    """The log holds an event this release does not know; a newer release wrote it."""

    def __init__(self, *, topic: str) -> None:
        super().__init__(f"No event class has the topic {topic!r}: this process is older than the log.")
        self.topic = topic
