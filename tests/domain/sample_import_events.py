"""One event of every class of imports, with every field filled."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.event import Event
from domain.imports.events import OriginRecorded

IMPORT_SAMPLES: tuple[Event, ...] = (
    OriginRecorded(
        source="vams",
        subject_kind="asset-version",
        subject=("shows", "shot_010", "1"),
        source_key=("shows:shot_010", "3"),
        made_at=datetime(2024, 4, 1, 10, tzinfo=UTC),
        made_by="ada@example.org",
        attributes={"description": "The opening", "specifiedPipelines": ["thumbs"]},
    ),
)
