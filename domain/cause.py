"""Who asked for a change, in answer to what, and when: the part of an event that every event has."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class ActorKind(StrEnum):
    """What kind of party acts; stored with every event."""

    USER = "user"
    API_KEY = "api-key"
    PROCESSOR = "processor"
    SYSTEM = "system"


class Cause(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Why an event happened. The clock is the caller's: the domain reads none."""

    actor_kind: ActorKind
    actor_id: str
    correlation_id: str
    """The same for everything that one request set in motion."""
    at: datetime
    """Aware, UTC."""
    causation_position: int | None = None
    """The log position this answers; None when a person or the outside world started it."""

    @property
    def actor(self) -> str:
        """Kind and id in one string, as `user:ada`."""
        return f"{self.actor_kind}:{self.actor_id}"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What a command is given beside its own arguments."""

    cause: Cause
    idempotency_key: str | None = None
    """Repeating a command of the same actor with the same key returns the first outcome and records nothing."""
    fingerprint: str = ""
    """Digest of the command's input; the same key with another fingerprint is refused."""
    expected_revision: int | None = None
    """Refuse unless the aggregate is at this revision; None accepts any."""
