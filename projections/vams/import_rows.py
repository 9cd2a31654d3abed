"""The rows of imports, in the columns of their table."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class OriginRow(NamedTuple):
    """Where something came from; `subject` is its natural key here, joined by colons, and `attributes` JSON text."""

    source: str
    subject_kind: str
    subject: str
    source_key: list[str]
    made_at: datetime | None
    made_by: str | None
    attributes: str
    recorded_at: datetime
    position: int
