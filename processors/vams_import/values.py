"""Reads values that VAMS wrote in more than one way: booleans, lists, moments and composite keys."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

DELETED = "#deleted"
LONG_DATE = "%B %d %Y - %H:%M:%S"
EARLIEST_EPOCH = 100_000_000
MILLISECONDS_FROM = 100_000_000_000
"""A number this large is milliseconds; as seconds it would be after the year 5138."""


def truth(value: Any, *, otherwise: bool = False) -> bool:
    """A boolean, or one of the texts that stand for one; `otherwise` for what says nothing."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if value is not None else ""
    if text in ("true", "1", "yes", "enabled"):
        return True
    return False if text in ("false", "0", "no", "disabled") else otherwise


def texts(value: Any) -> list[str]:
    """A list, or the same as one text with commas; without blanks at ends, empty ones and repetitions."""
    given = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return list(dict.fromkeys(text for one in given if (text := str(one).strip())))


def text(value: Any) -> str:
    """A text; the empty one for nothing."""
    return "" if value is None else str(value)


def moment(value: Any) -> datetime | None:
    """The instant of an ISO 8601 date, of VAMS's long form or of seconds since 1970, in UTC; None for no such thing."""
    written = text(value).strip().strip('"')
    return _epoch(written) or _iso(written) or _long(written)


def is_date_alone(value: Any) -> bool:
    """Whether it names a day and no time of it."""
    written = text(value).strip().strip('"')
    return len(written) == 10 and _iso(written) is not None


def active_id(database_id: str) -> tuple[str, bool]:
    """The id without the mark of what was archived or deleted, and whether it had it."""
    return database_id.removesuffix(DELETED), database_id.endswith(DELETED)


def parts(composite: str, count: int) -> list[str] | None:
    """The parts of a composite key, the last of which may hold colons; None when there are fewer."""
    found = composite.split(":", count - 1)
    return found if len(found) == count else None


def snapshot_key(composite: str, *, key: Any, paths: Collection[str]) -> tuple[str, str, str] | None:
    """Type, file path and metadata key out of `type:filePath:metadataKey`, either of the last two with colons.

    The row's own `metadataKey` decides, or else one of the paths that the version is known to have, or else the last
    colon. None for something else.
    """
    kind, colon, rest = composite.partition(":")
    if not colon or ":" not in rest:
        return None
    if isinstance(key, str) and rest.endswith(f":{key}"):
        return kind, rest[: -len(key) - 1], key
    known = [path for path in paths if rest.startswith(f"{path}:")]
    path = max(known, key=len) if known else rest.rpartition(":")[0]
    return kind, path, rest[len(path) + 1 :]


def _epoch(written: str) -> datetime | None:
    try:
        number = float(written)
    except ValueError:
        return None
    seconds = number / 1000 if number >= MILLISECONDS_FROM else number
    return datetime.fromtimestamp(seconds, UTC) if EARLIEST_EPOCH <= seconds < MILLISECONDS_FROM else None


def _iso(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _long(written: str) -> datetime | None:
    try:
        return datetime.strptime(written, LONG_DATE).replace(tzinfo=UTC)
    except ValueError:
        return None
