"""Folds where imported things came from."""

from __future__ import annotations

from domain.event import Recorded
from domain.imports.events import OriginRecorded
from projections.vams.import_rows import OriginRow
from projections.vams.json_text import json_text
from projections.vams.sheets import Sheets


def recorded(sheets: Sheets, entry: Recorded, event: OriginRecorded) -> None:
    """A row, in place of what an earlier import said of the same thing."""
    row = OriginRow(
        event.source,
        event.subject_kind,
        ":".join(event.subject),
        list(event.source_key),
        event.made_at,
        event.made_by,
        json_text(event.attributes),
        entry.cause.at,
        entry.position,
    )
    sheets.origins.put(row, entry.position)
