"""What metadata values compare as, by their type: numbers, moments and places; and ranges of the first two."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.metadata import MetadataEntry, MetadataValueType
from projections.search.errors import BoundInvalid

DATE_LENGTH = len("2026-01-31")


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


@dataclass(frozen=True)
class Range:
    """Bounds, inclusive; None is open. The pair of a type that a given bound cannot be read as is None as a whole."""

    numbers: tuple[float | None, float | None] | None
    moments: tuple[datetime | None, datetime | None] | None

    @classmethod
    def of(cls, gte: str | None, lte: str | None) -> Range | None:
        """The range between the bounds; None when neither is given. Raises BoundInvalid."""
        if gte is None and lte is None:
            return None
        low, high = _read("gte", gte), _read("lte", lte)
        numbers = None if _lacks(gte, low[0]) or _lacks(lte, high[0]) else (low[0], high[0])
        moments = None if _lacks(gte, low[1]) or _lacks(lte, high[1]) else (low[1], high[1])
        return cls(numbers, moments)


def _lacks(given: str | None, read: float | datetime | None) -> bool:
    return given is not None and read is None


def _read(name: str, bound: str | None) -> tuple[float | None, datetime | None]:
    if bound is None:
        return None, None
    read = _number(bound), _moment(bound, is_end=name == "lte")
    if read == (None, None):
        raise BoundInvalid(name, bound)
    return read


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _moment(text: str, *, is_end: bool) -> datetime | None:
    try:
        read = moment(text)
    except ValueError:
        return None
    if read is None or not is_end or len(text) > DATE_LENGTH:
        return read
    last_instant = timedelta(days=1) - timedelta(microseconds=1)
    return read + last_instant
