"""Small files of the embedded backend: how many compaction merges, and what vacuum deletes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from projections.columnar.duckdb_delta import compaction
from projections.columnar.duckdb_delta.store import DuckDBParquetConfig, DuckDBParquetStore

SCHEMA = pa.schema([("n", pa.int64()), ("k", pa.int64())])


@pytest.fixture
def store(tmp_path: Path) -> DuckDBParquetStore:
    store = DuckDBParquetStore(DuckDBParquetConfig(root=tmp_path / "columnar"))
    store.create_table("small", SCHEMA, partition_by=["k"], sort_by=["n"])
    return store


def test_compaction_merges_the_small_files_of_each_partition(store: DuckDBParquetStore) -> None:
    for number in reversed(range(10)):
        store.write("small", [{"n": number, "k": number % 2}])
    assert store.compact("small") == 10
    assert store.bulk_read("small", {"k": 1}).column("n").to_pylist() == [1, 3, 5, 7, 9]
    assert store.compact("small") == 0
    store.write("small", [{"n": 11, "k": 1}])
    assert store.compact("small") == 2
    assert store.count("small", {"k": 1}) == 6


def test_a_merged_file_has_no_more_rows_than_fit_in_memory(
    store: DuckDBParquetStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column that repeats takes next to no bytes in a file, so bytes alone would merge any number of rows."""
    monkeypatch.setattr(compaction, "MERGED_ROWS", 100)
    for start in range(0, 280, 40):
        store.write("small", [{"n": number, "k": 1} for number in range(start, start + 40)])
    assert store.compact("small") == 6
    files = store._catalog.snapshot("small").files.column("num_records").to_pylist()
    assert sorted(files) == [40, 80, 80, 80]
    assert store.compact("small") == 0
    assert store.bulk_read("small", {"k": 1}, order_by=["n"]).column("n").to_pylist() == list(range(280))


def test_vacuum_deletes_the_files_that_no_version_needs(store: DuckDBParquetStore) -> None:
    store.write("small", [{"n": number, "k": number % 2} for number in range(10)])
    before = store.version("small")
    store.write("small", [{"n": number, "k": number % 2} for number in range(4)], overwrite=True)
    store.write("small", [{"n": 0, "k": 0}], overwrite=True)
    assert store.vacuum("small") == 0
    assert store.count("small", {"n": {"gte": 0}}, as_of=before) == 10
    assert store.vacuum("small", retention=dt.timedelta(0)) == 2 + 1
    assert sorted(row["n"] for row in store.read("small")) == [0, 1, 3]
