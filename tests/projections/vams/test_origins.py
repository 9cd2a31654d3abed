"""Rows of where imported things came from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from domain.imports.events import OriginRecorded
from projections.vams.sheets import ORIGINS
from tests.projections.vams.tape import Tape, at, rows

MADE = datetime(2024, 3, 5, tzinfo=UTC)


def test_a_thing_has_the_origin_that_was_recorded_last(tables: Connection[Any]) -> None:
    tape = Tape()
    for author in ("ada", "grace"):
        tape.add(
            OriginRecorded(
                source="vams",
                subject_kind="asset-version",
                subject=("shows", "shot_010", "1"),
                source_key=("shows:shot_010", "3"),
                made_at=MADE,
                made_by=author,
                attributes={"description": "As it was"},
            )
        )
    tape.fold(tables)
    (row,) = rows(tables, ORIGINS)
    assert (row.subject, row.source_key) == ("shows:shot_010:1", ["shows:shot_010", "3"])
    assert (row.made_at, row.made_by, row.recorded_at, row.position) == (MADE, "grace", at(2), 2)
    assert row.attributes == {"description": "As it was"}  # type: ignore[comparison-overlap]
