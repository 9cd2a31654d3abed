"""A print that is filled remembers which keys it may hold, and looks again when others wrote."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.rows.seen import HashSet, Seen
from projections.columnar.tables import PROXY_OUTPUTS

TABLE, KEY = "proxy_outputs", ("file_id",)


@pytest.fixture
def store(tmp_path: Path) -> DuckDBParquetStore:
    store = DuckDBParquetStore(DuckDBParquetConfig(tmp_path))
    store.create_table(TABLE, PROXY_OUTPUTS)
    store.write(TABLE, [{"file_id": "a"}, {"file_id": "b"}])
    return store


def test_rows_from_before_are_found(store: DuckDBParquetStore) -> None:
    assert Seen(store).among(TABLE, KEY, [("a",), ("c",)]) == {("a",)}


def test_what_is_written_is_remembered_without_another_look(
    store: DuckDBParquetStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen(store)
    assert seen.among(TABLE, KEY, [("c",)]) == set()
    since = store.version(TABLE)
    store.write(TABLE, [{"file_id": "c"}])
    store.compact(TABLE)
    seen.wrote(TABLE, [{"file_id": "c"}], since=since)
    assert store.version(TABLE) == since + 2
    monkeypatch.setattr(store, "scan", None)
    assert seen.among(TABLE, KEY, [("a",), ("c",), ("d",)]) == {("a",), ("c",)}


def test_rows_of_another_owner_are_found_by_a_new_look(store: DuckDBParquetStore) -> None:
    seen = Seen(store)
    assert seen.among(TABLE, KEY, [("c",)]) == set()
    store.write(TABLE, [{"file_id": "c"}])
    since = store.version(TABLE)
    store.write(TABLE, [{"file_id": "d"}])
    seen.wrote(TABLE, [{"file_id": "d"}], since=since)
    assert seen.among(TABLE, KEY, [("c",), ("d",), ("e",)]) == {("c",), ("d",)}


def test_a_set_of_numbers_holds_what_was_taken_in() -> None:
    found = HashSet()
    for first in range(0, 1000, 7):
        found.add(np.arange(first, first + 7, dtype=np.int64) * 3)
    asked = np.arange(-3, 3100, dtype=np.int64)
    assert [number for number, is_held in zip(asked, found.holds(asked), strict=True) if is_held] == [
        3 * number for number in range(1001)
    ]
    assert not HashSet().holds(asked).any()
