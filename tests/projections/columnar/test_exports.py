"""Streams of rows as files: every row, every type, and no more in memory than a row group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from projections.columnar.exports import ExportFormat, export

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("tags", pa.list_(pa.string())),
        ("vector", pa.list_(pa.field("item", pa.float32(), nullable=False), 2)),
    ]
)
ROWS = [
    {"id": 'a "quoted", one', "at": dt.datetime(2026, 4, 1, tzinfo=dt.UTC), "tags": ["x", "y"], "vector": [0.5, 1.0]},
    {"id": None, "at": None, "tags": None, "vector": None},
]
TABLE = pa.Table.from_pylist(ROWS, SCHEMA)


def written(path: Path, format_: ExportFormat, table: pa.Table) -> int:
    with pa.OSFile(str(path), "wb") as sink:
        return export(table.to_reader(), format_, sink)


def test_parquet_has_the_types_of_the_table_but_lists_for_vectors(tmp_path: Path) -> None:
    assert written(tmp_path / "t", ExportFormat.PARQUET, TABLE) == 2
    found = pq.read_table(tmp_path / "t")
    assert found.to_pylist() == ROWS
    assert found.schema.field("vector").type.equals(pa.list_(pa.field("element", pa.float32())))
    assert found.drop_columns(["vector"]).schema.equals(SCHEMA.remove(3))


def test_arrow_is_a_stream(tmp_path: Path) -> None:
    assert written(tmp_path / "t", ExportFormat.ARROW, TABLE) == 2
    assert pa.ipc.open_stream((tmp_path / "t").read_bytes()).read_all().equals(TABLE)


def test_csv_has_lists_as_json(tmp_path: Path) -> None:
    assert written(tmp_path / "t", ExportFormat.CSV, TABLE) == 2
    head, first, second = (tmp_path / "t").read_text().splitlines()
    assert head == '"id","at","tags","vector"'
    assert first == '"a ""quoted"", one",2026-04-01 00:00:00.000000Z,"[""x"",""y""]","[0.5,1.0]"'
    assert second == ",,,"
    assert pacsv.read_csv(tmp_path / "t").num_rows == 2


@pytest.mark.parametrize("format_", ExportFormat)
def test_a_table_without_rows_is_a_file_with_its_columns(tmp_path: Path, format_: ExportFormat) -> None:
    assert written(tmp_path / "t", format_, SCHEMA.empty_table()) == 0
    read = {
        ExportFormat.PARQUET: pq.read_table,
        ExportFormat.ARROW: lambda path: pa.ipc.open_stream(path.read_bytes()).read_all(),
        ExportFormat.CSV: pacsv.read_csv,
    }
    assert read[format_](tmp_path / "t").column_names == SCHEMA.names


def test_many_small_batches_become_row_groups(tmp_path: Path) -> None:
    one = pa.record_batch({"n": pa.array(range(1000), pa.int64())})
    held: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for _ in range(200):
            held.append(one.num_rows)
            yield one

    reader = pa.RecordBatchReader.from_batches(one.schema, batches())
    with pa.OSFile(str(tmp_path / "t"), "wb") as sink:
        assert export(reader, ExportFormat.PARQUET, sink) == 200_000
    groups = pq.ParquetFile(tmp_path / "t").metadata
    assert [groups.row_group(index).num_rows for index in range(groups.num_row_groups)] == [66_000] * 3 + [2_000]
