"""One aggregate's history as a command sees it: loaded state, revision, and the change to be appended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from domain.cause import Order
from domain.errors import RevisionMismatch
from domain.event import Event

S = TypeVar("S")


@dataclass(frozen=True)
class Aggregate(Generic[S]):
    """How a noun's streams are found and folded."""

    kind: str
    evolve: Callable[[S | None, Any], S]
    """State after the event; None stands for a stream without events."""
    is_kept: bool = False
    """Keep folded states in memory, so that loading a long stream reads only what is new; states must be immutable."""


@dataclass(frozen=True)
class Change:
    """Events to append to one stream that is now at `revision`."""

    stream_id: UUID
    revision: int
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Stream(Generic[S]):
    """A loaded stream. `state` is None when it has no event; revision is then 0."""

    id: UUID
    revision: int
    state: S | None

    def then(self, *events: Event) -> Change:
        """The change that appends these events, valid only while the stream stays at its revision."""
        return Change(self.id, self.revision, events)

    def expect(self, order: Order) -> None:
        """Raise RevisionMismatch unless the order accepts this revision."""
        if order.expected_revision is not None and order.expected_revision != self.revision:
            raise RevisionMismatch(expected=order.expected_revision, actual=self.revision)


@dataclass(frozen=True)
class Decision:
    """What a command decided: all changes are appended together or none is."""

    changes: tuple[Change, ...]
    result: Mapping[str, str] = field(default_factory=dict)
    """What a repeated command with the same idempotency key must answer, beside the position."""
    held: tuple[Stream[Any], ...] = ()
    """Streams that the decision read and leaves alone: the changes count only while none of these has moved on."""


@dataclass(frozen=True)
class Outcome:
    """What a command did. `position` is that of its last event, or of the log's head when it changed nothing."""

    position: int
    result: Mapping[str, str]
    replayed: bool = False
    """True when the idempotency key had been used before and nothing was recorded now."""
