"""How fast the tables are rebuilt from a large log, beside COPY of the same rows into tables of the same shape."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from projections.printing import Target
from projections.vams.projection import TablesProjection
from tests.benchmarks.large_log import KEPT, LargeLog, large_log

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(0)]

FLOOR = 999_999
"""The generation of the print that is only copied into."""
TIMES = 4
PEAK_MIB = 1024
BLOCK = 1 << 20


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LargeLog]:
    """The installation in INTERNEG_BENCH_DIR, or one that is gone after the run."""
    with large_log(Path(KEPT) if KEPT else tmp_path_factory.mktemp("large")) as found:
        yield found


def test_tables_beside_copy_of_their_rows(large: LargeLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rebuilt = large.rebuild("tables")
    with large.opened() as opened, opened.pool.connection() as connection:
        rows, floor = _copied(connection, tmp_path)
    with capsys.disabled():
        sys.stdout.write(
            f"\n  tables: {rebuilt.events:,} events in {rebuilt.seconds:.1f} s, {rebuilt.rate:,.0f} events/s;"
            f"\n  {rebuilt.cpu_seconds:.1f} s of CPU in the process, peak memory {rebuilt.peak_mib} MiB"
            f"\n  COPY of the same {rows:,} rows: {floor:.1f} s, {rebuilt.events / floor:,.0f} events/s"
            f"\n  {rebuilt.seconds / floor:.2f} x the floor\n"
        )
    assert rebuilt.seconds / floor < TIMES
    assert rebuilt.peak_mib < PEAK_MIB


def _copied(connection: Connection[Any], directory: Path) -> tuple[int, float]:
    """The rows of the live print, and the seconds to copy them into an empty print with all of its indexes."""
    projection = TablesProjection()
    target = Target(FLOOR, is_live=False)
    with connection.transaction():
        projection.create(connection, generation=FLOOR)
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
