"""What a metadata value can be compared as: a number, a moment or a place, by its type."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.metadata import MetadataEntry, MetadataValueType


@dataclass(frozen=True)
class Comparable:
    """At most one of number, moment and place is there; none for a value that only compares as text."""

    number: float | None = None
    moment: datetime | None = None
    """Aware, UTC."""
    latitude: float | None = None
    longitude: float | None = None


TEXT = Comparable()


def comparable(entry: MetadataEntry) -> Comparable:
    """How the entry compares beyond equality of its text. The entry conforms to its type, or is empty."""
    if not entry.value:
        return TEXT
    match entry.value_type:
        case MetadataValueType.NUMBER:
            return Comparable(number=float(entry.value))
        case MetadataValueType.DATE:
            return Comparable(moment=moment(entry.value))
        case MetadataValueType.GEOPOINT:
            longitude, latitude = json.loads(entry.value)["coordinates"][:2]
        case MetadataValueType.LLA:
            place = json.loads(entry.value)
            latitude, longitude = place["lat"], place["long"]
        case _:
            return TEXT
    return Comparable(latitude=float(latitude), longitude=float(longitude))


def moment(text: str) -> datetime | None:
    """An ISO 8601 date or time; without a zone it is UTC. None when the moment in UTC is outside the years 1 to 9999.

    Raises ValueError for any other text.
    """
    given = datetime.fromisoformat(text)
    aware = given if given.tzinfo else given.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return None
