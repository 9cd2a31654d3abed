"""What metadata of 10 000 files costs in one call, and finding what does not comply, beside bare SQL."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from domain.event import Recorded
from domain.files.commands import ObservedFile, register_files
from domain.ledger import recorded
from domain.owners.commands import change_metadata_in_bulk
from domain.owners.owner import FileOwner, MetadataChange, Setting
from domain.schemas.fields import MetadataEntityType
from gateway.ledger.opening import OpenLedger, open_ledger
from gateway.metadata_schemas.compliance import SCANS, prelude, rows_of
from gateway.reads.sources import Narrowing
from projections.vams.fold import fold_batch
from projections.vams.projection import TablesProjection
from tests.domain.library import entry, given_asset, given_database, order, stored
from tests.domain.schemas.describing import FILES, NUMBER, given_schema, one

pytestmark = pytest.mark.benchmark
COUNT = 10_000
ROUNDS = 3
Report = Callable[[str], object]


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Report:
    """Writes a line to the terminal, past the capture."""

    def write(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {line}")

    return write


@pytest.fixture
def opened(database_url: str) -> Iterator[OpenLedger]:
    """A ledger with an asset of 10 000 files in each of two databases; `shows` has schemas."""
    with open_ledger(database_url) as opened:
        for database_id in ("shows", "films"):
            given_database(opened.ledger, database_id)
            given_asset(opened.ledger, database_id=database_id)
            files = [ObservedFile(path, stored(path)) for path in _paths()]
            register_files(opened.ledger, database_id, "shot_010", files=files, order=order())
        yield opened


def _paths() -> list[str]:
    return [f"beauty/shot.{frame:05}.exr" for frame in range(COUNT)]


def _changes(database_id: str, value: str) -> list[MetadataChange]:
    entries = [entry("lens", value, NUMBER), entry("unit", value), entry("note", value)]
    return [MetadataChange(FileOwner(database_id, "shot_010", path), Setting(entries)) for path in _paths()]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _log(opened: OpenLedger, after: int) -> list[Recorded]:
    return [recorded(one) for one in opened.recorder.select_notifications(after + 1, 1_000_000)]


def _bare_events(connection: Connection[Any], opened: OpenLedger) -> float:
    """Seconds to insert the last 10 000 events into a table of the same shape."""
    log = f"{opened.recorder.log.schema}.{opened.recorder.log.table}"
    with connection.transaction(force_rollback=True):
        connection.execute(f"CREATE TEMP TABLE bare (LIKE {log} INCLUDING ALL)".encode())
        columns = "originator_id, originator_version, topic, state, notification_id"
        query = f"SELECT {columns} FROM {log} ORDER BY notification_id DESC LIMIT {COUNT}"
        values = [list(column) for column in zip(*connection.execute(query.encode()).fetchall(), strict=True)]
        insert = (
            f"INSERT INTO bare ({columns})"
            " SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[], %s::bigint[])"
        )
        return _seconds(lambda: connection.execute(insert.encode(), values))


def _bare_rows(connection: Connection[Any]) -> float:
    """Seconds to insert the rows of the entries into a table of the same shape."""
    with connection.transaction(force_rollback=True):
        table = "asset_file_metadata_storage"
        connection.execute(f"CREATE TEMP TABLE bare (LIKE {table} INCLUDING ALL)".encode())
        found = connection.execute(f"SELECT * FROM {table}".encode()).fetchall()
        assert len(found) == 3 * COUNT
        values = [list(column) for column in zip(*found, strict=True)]
        insert = f"INSERT INTO bare SELECT * FROM unnest({', '.join(['%s::text[]'] * 6)}, %s::bigint[])"
        return _seconds(lambda: connection.execute(insert.encode(), values))


def test_entries_of_10000_files_in_one_call(opened: OpenLedger, empty_database_url: str, report: Report) -> None:
    fields = (one("lens", NUMBER, is_required=True), one("unit", depends_on=("lens",)), one("note"))
    given_schema(opened.ledger, *fields, entity_type=FILES)
    given_schema(opened.ledger, one("fps", default="24"), schema_id="s2", entity_type=FILES)
    free, governed = [], []
    for number in range(ROUNDS):
        free.append(_set(opened, "films", str(number)))
        governed.append(_set(opened, "shows", str(number)))
    with psycopg.connect(opened.recorder.conninfo) as connection:
        bare = min(_bare_events(connection, opened) for _ in range(ROUNDS))
    report(
        f"{COUNT} files, 3 entries each: {min(free):.2f} s without schemas, {min(governed):.2f} s under two,"
        f" {min(governed) / bare:.1f} times the bare INSERT of the {COUNT} events ({bare:.2f} s)"
    )
    _report_fold(opened, empty_database_url, report)


def _set(opened: OpenLedger, database_id: str, value: str) -> float:
    changes = _changes(database_id, value)
    start = time.perf_counter()
    outcome = change_metadata_in_bulk(opened.ledger, changes, order=order())
    assert outcome.result["applied"] == str(COUNT)
    return time.perf_counter() - start


def _report_fold(opened: OpenLedger, empty_database_url: str, report: Report) -> None:
    log = _log(opened, 0)
    with psycopg.connect(empty_database_url) as connection:
        TablesProjection().create(connection, generation=1)
        last = next(n for n, one in enumerate(log) if type(one.event).__name__ == "FileMetadataSet")
        fold_batch(log[:last], connection)
        batch = log[last : last + COUNT]
        folding = _seconds(lambda: fold_batch(batch, connection))
        bare = min(_bare_rows(connection) for _ in range(ROUNDS))
        report(
            f"their {3 * COUNT} rows with history: {folding:.2f} s of projection work,"
            f" {folding / bare:.1f} times the bare INSERT of the same rows ({bare:.2f} s)"
        )
        fold_batch(log[last + COUNT :], connection)
        connection.execute("ANALYZE")
        _report_scan(connection, report)
        connection.rollback()


def _report_scan(connection: Connection[Any], report: Report) -> None:
    """Every file complies, so nothing ends the search before the last of them."""
    kind = MetadataEntityType.FILE_METADATA
    narrowing = Narrowing(lambda value, _="": f"'{value}'", {}, "t", "", None)
    query = f"{prelude(kind)} SELECT count(*) FROM {rows_of(SCANS[kind])(narrowing)} t"
    seconds = _seconds(lambda: connection.execute(query.encode()).fetchone())
    found = connection.execute(query.encode()).fetchone()
    report(f"searching {COUNT} files that comply with four fields: {seconds:.2f} s, found {found}\n")
