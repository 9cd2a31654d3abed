"""The event that remembers an idempotency key."""

from __future__ import annotations

import msgspec

from domain.event import Event


class OrderAccepted(Event, frozen=True, kw_only=True):
    """A command with this key was carried out; it is the last event of the command's transaction."""

    TOPIC = "order-accepted"
    idempotency_key: str
    fingerprint: str
    result: dict[str, str] = msgspec.field(default_factory=dict)


EVENTS: tuple[type[Event], ...] = (OrderAccepted,)
