"""How fast the tables are rebuilt from a large log, beside COPY of the same rows into tables of the same shape."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from projections.printing import Target
from projections.vams.projection import TablesProjection
from tests.benchmarks.replay.installation import Installation

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(0)]

FLOOR = 999_999
"""The generation of the print that is only copied into."""
TIMES = 4
PEAK_MIB = 1024
BLOCK = 1 << 20


def test_rebuilding_is_within_four_times_a_copy_of_the_rows(
    installation: Installation, tmp_path: Path, say: Callable[[str], None]
) -> None:
    with installation.opened() as opened, opened.pool.connection() as connection:
        rebuilt = installation.rebuild("tables")
        rows, floor = _copied(connection, tmp_path)
    say(f"tables: {rebuilt.events:,} events in {rebuilt.seconds:.1f} s, {rebuilt.rate:,.0f} events/s")
    say(f"  of these {rebuilt.cpu_seconds:.1f} s in Python; peak memory {rebuilt.peak_mib} MiB")
    say(f"  COPY of its {rows:,} rows: {floor:.1f} s, {rebuilt.events / floor:,.0f} events/s")
    say(f"  {rebuilt.seconds / floor:.2f} times the floor\n")
    assert rebuilt.seconds / floor < TIMES
    assert rebuilt.peak_mib < PEAK_MIB


def _copied(connection: Connection[Any], directory: Path) -> tuple[int, float]:
    """The rows of the live print, and the seconds to copy them into an empty print with all of its indexes."""
    projection = TablesProjection()
    target = Target(FLOOR, is_live=False)
    with connection.transaction():
        projection.create(connection, generation=FLOOR)
        projection.complete(connection, generation=FLOOR)
        names = list(projection.row_counts(connection, target=target))
    for name in names:
        _dump(connection, SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(Identifier("tables", name)), directory / name)
    began = time.perf_counter()
    with connection.transaction():
        rows = sum(
            _load(
                connection,
                SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(Identifier(projection.schema(target), name)),
                directory / name,
            )
            for name in names
        )
    took = time.perf_counter() - began
    with connection.transaction():
        projection.drop(connection, generation=FLOOR)
    return rows, took


def _dump(connection: Connection[Any], query: Any, file: Path) -> None:
    with connection.cursor() as cursor, cursor.copy(query) as copy, file.open("wb") as out:
        for block in copy:
            out.write(block)


def _load(connection: Connection[Any], query: Any, file: Path) -> int:
    with connection.cursor() as cursor:
        with cursor.copy(query) as copy, file.open("rb") as rows:
            while block := rows.read(BLOCK):
                copy.write(block)
        return cursor.rowcount
