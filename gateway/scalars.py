"""The schema's own scalars and how they read and write their values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

Position = NewType("Position", int)
Long = NewType("Long", int)
Json = NewType("Json", object)

LARGEST_LONG = 2**53 - 1


def format_datetime(value: datetime) -> str:
    """RFC 3339 in UTC with microseconds, as the planned reads give it."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_datetime(value: Any) -> datetime:
    """An instant. Raises ValueError without an offset, as a time without one names no instant."""
    if not isinstance(value, str):
        raise ValueError("A DateTime is text in RFC 3339 form.")
    parsed = datetime.fromisoformat(value)
    if parsed.tzinfo is None:
        raise ValueError(f"The DateTime {value!r} has no offset: write Z or +00:00 at its end.")
    return parsed.astimezone(UTC)


def parse_position(value: Any) -> Position:
    """A place in the log. Raises ValueError for anything but a decimal number from 0."""
    if isinstance(value, bool) or not str(value).isdecimal() or int(value) >= 2**63:
        raise ValueError(f"A Position is a decimal string from 0, not {value!r}.")
    return Position(int(value))


def parse_long(value: Any) -> Long:
    """A whole number that JSON numbers keep exactly. Raises ValueError beyond 53 bits."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_LONG:
        raise ValueError(f"A Long is a whole number between -(2^53-1) and 2^53-1, not {value!r}.")
    return Long(value)


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant as RFC 3339 text in UTC, with microseconds: 2026-11-21T09:30:00.000000Z.",
        serialize=format_datetime,
        parse_value=parse_datetime,
    ),
    Position: strawberry.scalar(
        name="Position",
        description="A place in the event log, as decimal text as it outgrows 53 bits; 0 is before the first event.",
        serialize=str,
        parse_value=parse_position,
    ),
    Long: strawberry.scalar(
        name="Long",
        description="A whole number of up to 53 bits, sent as a JSON number.",
        serialize=int,
        parse_value=parse_long,
    ),
    Json: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
