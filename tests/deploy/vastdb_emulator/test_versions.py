"""Releases 5.4 and 5.5: what the SDK reads of a table is the same on both, by different ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from vastdb.session import Session
from vastdb.table_metadata import TableMetadata, TableRef, TableType

from deploy.vastdb_emulator.process import EmulatorProcess
from tests.deploy.vastdb_emulator.sdk import BUCKET, NUMBERS, connect, rows, table


@pytest.fixture(params=["5.4", "5.5"])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    with EmulatorProcess(tmp_path / "data", version=request.param) as emulator:
        session = connect(emulator.endpoint)
        assert session.api.vast_version == (5, int(request.param[-1]), 0, 0)
        with session.transaction() as tx:
            tx.bucket(BUCKET).create_schema("s")
        yield session


def test_a_sorted_table_is_known_as_one(session: Session) -> None:
    with session.transaction() as tx:
        tx.bucket(BUCKET).schema("s").create_table("t", NUMBERS, sorting_key=["name", "number"])
        metadata = TableMetadata(TableRef(BUCKET, "s", "t"))
        metadata.load(tx)
    assert metadata.table_type is TableType.Elysium
    assert [field.name for field in metadata.sorted_columns] == ["name", "number"]


def test_a_sorted_table_takes_and_returns_rows(session: Session) -> None:
    with session.transaction() as tx:
        tx.bucket(BUCKET).schema("s").create_table("t", NUMBERS, sorting_key=["number"])
        table(tx, "s").insert(rows(3, 1))
        found = table(tx, "s").select(["number"], internal_row_id=True).read_all()
        assert found["$row_id"].type == pa.decimal128(38, 0)
        table(tx, "s").delete(found.slice(0, 1))
        assert table(tx, "s").select(["number"]).read_all()["number"].to_pylist() == [1]


def test_an_unsorted_table_is_known_as_one(session: Session) -> None:
    with session.transaction() as tx:
        tx.bucket(BUCKET).schema("s").create_table("t", NUMBERS)
        metadata = TableMetadata(TableRef(BUCKET, "s", "t"))
        metadata.load(tx)
    assert metadata.table_type is TableType.Regular
