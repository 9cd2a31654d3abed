"""Times as the text that the five tables keep them as."""

from __future__ import annotations

from datetime import UTC, datetime


def whole_seconds(moment: datetime) -> str:
    """`2026-04-01T00:00:00+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def clock_time(moment: datetime) -> str:
    """`2026-04-01T00:00:00.000000+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
