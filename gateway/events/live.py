"""Events as subscriptions deliver them, straight from the feed and equal to what the query `events` answers."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.event import Event as DomainEvent
from domain.event import Recorded
from gateway.events.types import Event, EventFilter
from gateway.scalars import Position


def live_event(recorded: Recorded) -> Event:
    """The event as GraphQL shows it."""
    cause = recorded.cause
    causation = cause.causation_position
    return Event(
        position=Position(recorded.position),
        event_type=type(recorded.event).__name__,
        recorded_at=cause.at,
        actor=cause.actor,
        correlation_id=cause.correlation_id,
        causation_position=None if causation is None else Position(causation),
        database_id=subject(recorded.event, "database_id"),
        asset_id=subject(recorded.event, "asset_id"),
        path=subject(recorded.event, "path"),
        payload=msgspec.to_builtins(recorded.event),
    )


def subject(event: DomainEvent, name: str) -> str | None:
    """What the event is about, None when it has no such field."""
    value: Any = getattr(event, name, None)
    return value if isinstance(value, str) else None


def involves(recorded: Recorded, database_id: str, asset_id: str) -> bool:
    """Whether the event is about this asset or anything in it."""
    event = recorded.event
    return subject(event, "asset_id") == asset_id and subject(event, "database_id") == database_id


def matches(recorded: Recorded, wanted: EventFilter | None) -> bool:
    """Whether the event meets all conditions that are given."""
    if wanted is None:
        return True
    event = recorded.event
    if wanted.event_types is not None and type(event).__name__ not in wanted.event_types:
        return False
    if wanted.correlation_ids is not None and recorded.cause.correlation_id not in wanted.correlation_ids:
        return False
    conditions = {"database_id": wanted.database_id, "asset_id": wanted.asset_id, "path": wanted.path}
    return all(value is None or subject(event, name) == value for name, value in conditions.items())
