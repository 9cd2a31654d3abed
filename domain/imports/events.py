"""What imports record beside the ordinary events of what they bring."""

from __future__ import annotations

from datetime import datetime

from domain.event import Event
from domain.json import JsonValue


class OriginRecorded(Event, frozen=True, kw_only=True):
    """Something of the library came from another system, where it was made by somebody at some other time.

    It has no database id of its own: the subject's key has.
    """

    TOPIC = "origin-recorded"
    source: str
    """The system: `vams`."""
    subject_kind: str
    """What came: `asset`, `asset-version`, `comment`, …"""
    subject: tuple[str, ...]
    """Its natural key here."""
    source_key: tuple[str, ...]
    """The values of its key attributes there."""
    made_at: datetime | None = None
    """When it was made there; None where nobody knows."""
    made_by: str | None = None
    attributes: dict[str, JsonValue] = {}
    """What it had there that nothing here has a field for, as it was written."""


EVENTS: tuple[type[Event], ...] = (OriginRecorded,)
"""Every event of imports, in the order of the catalogue."""
