"""Events as subscriptions deliver them, straight from the feed and equal to what the query `events` answers."""

from __future__ import annotations

import msgspec

from domain.event import Recorded
from domain.subjects import other_asset_of, subject_of
from gateway.events.reads import types_of
from gateway.events.types import Event, EventFilter
from gateway.scalars import Position


def live_event(recorded: Recorded) -> Event:
    """The event as GraphQL shows it."""
    cause, event = recorded.cause, recorded.event
    causation = cause.causation_position
    return Event(
        position=Position(recorded.position),
        event_type=type(event).__name__,
        topic=event.TOPIC,
        recorded_at=cause.at,
        actor=cause.actor,
        actor_kind=cause.actor_kind,
        actor_id=cause.actor_id,
        correlation_id=cause.correlation_id,
        causation_position=None if causation is None else Position(causation),
        reason=getattr(event, "reason", None),
        **subject_of(event)._asdict(),
        payload=msgspec.to_builtins(event),
    )


def involves(recorded: Recorded, database_id: str, asset_id: str) -> bool:
    """Whether the event is about this asset or anything in it."""
    asset = (database_id, asset_id)
    return asset in (subject_of(recorded.event)[:2], other_asset_of(recorded.event))


def matches(recorded: Recorded, wanted: EventFilter | None) -> bool:
    """Whether the event meets all conditions that are given."""
    return wanted is None or (
        _is_any_of(recorded, wanted) and _is_about(recorded, wanted) and _is_within(recorded, wanted)
    )


def _is_any_of(recorded: Recorded, wanted: EventFilter) -> bool:
    name, cause = type(recorded.event).__name__, recorded.cause
    topics = None if wanted.topics is None else types_of(wanted.topics)
    return all(
        values is None or value in values
        for value, values in (
            (name, wanted.event_types),
            (name, topics),
            (cause.actor, wanted.actors),
            (cause.correlation_id, wanted.correlation_ids),
        )
    )


def _is_about(recorded: Recorded, wanted: EventFilter) -> bool:
    subject = subject_of(recorded.event)
    if wanted.path is not None and subject.path != wanted.path:
        return False
    asset = (wanted.database_id, wanted.asset_id)
    about = (subject[:2], other_asset_of(recorded.event) or (None, None))
    return any(all(want in (None, value) for want, value in zip(asset, one, strict=True)) for one in about)


def _is_within(recorded: Recorded, wanted: EventFilter) -> bool:
    at, position = recorded.cause.at, recorded.position
    return (
        (wanted.recorded_at_gte is None or at >= wanted.recorded_at_gte)
        and (wanted.recorded_at_lt is None or at < wanted.recorded_at_lt)
        and (wanted.position_gte is None or position >= wanted.position_gte)
        and (wanted.position_lte is None or position <= wanted.position_lte)
    )
