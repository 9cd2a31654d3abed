"""The rows of the code are the rows of schema.sql, and every event class is folded."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from domain.catalogue import EVENTS
from projections.vams import sheets
from projections.vams.fold import FOLDS, LOG_ONLY, fold_batch
from projections.vams.rows import AssetVersionRow, LogRow
from projections.vams.sheet import Table

TABLES = [value for value in vars(sheets).values() if isinstance(value, Table)]
INSERT_ONLY = [Table("asset_versions_storage", AssetVersionRow, 3), Table("log_index", LogRow, 1)]


def _columns(connection: Connection[Any], table: str) -> list[str]:
    query = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum"
    return [name for (name,) in connection.execute(query, (table,))]


@pytest.mark.parametrize("table", TABLES + INSERT_ONLY, ids=lambda table: table.name)
def test_a_row_has_the_columns_of_its_table_in_order(tables: Connection[Any], table: Table[Any]) -> None:
    assert _columns(tables, table.name) == list(table.row._fields)


@pytest.mark.parametrize("table", [t for t in TABLES if t.history], ids=lambda table: table.name)
def test_a_history_has_the_columns_of_its_table_and_an_interval(tables: Connection[Any], table: Table[Any]) -> None:
    assert table.history is not None
    assert _columns(tables, table.history) == [*table.row._fields, "valid_from", "valid_to"]


@pytest.mark.parametrize("table", TABLES + INSERT_ONLY, ids=lambda table: table.name)
def test_the_key_is_the_first_columns(tables: Connection[Any], table: Table[Any]) -> None:
    query = "SELECT indkey::text FROM pg_index WHERE indrelid = %s::regclass AND indisprimary"
    assert tables.execute(query, (table.name,)).fetchall() == [
        (" ".join(str(i) for i in range(1, table.key_length + 1)),)
    ]


def test_every_event_class_is_folded_or_known_to_change_no_table() -> None:
    assert FOLDS.keys() | LOG_ONLY == set(EVENTS)
    assert not FOLDS.keys() & LOG_ONLY


def test_an_empty_batch_changes_nothing(tables: Connection[Any]) -> None:
    fold_batch([], tables)
    assert tables.execute("SELECT count(*) FROM log_index").fetchone() == (0,)
