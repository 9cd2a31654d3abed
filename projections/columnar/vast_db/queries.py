"""What the cluster does not do, order, joins and conditions across columns, by DuckDB over streams of its rows."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa

from projections.columnar.duckdb_delta.layout import storage_schema, stored
from projections.columnar.duckdb_delta.reading.queries import Statement
from projections.columnar.filters import Filter
from projections.columnar.streams import MEMORY_LIMIT

Rows = Callable[[str, Filter | None, Sequence[str]], Iterator[pa.Table]]
"""Rows of a table that may match the condition, with these columns at least in their registered types."""


class StreamEngine:
    """An in-memory DuckDB that reads nothing but what it is handed, and spills to a directory of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for one query; threads may each have their own."""
        with self._lock:
            if self._connection is None:
                # DuckDB makes the directory when it needs it, and removes it at its end.
                folder = Path(tempfile.gettempdir()) / f"interneg-columnar-{uuid4().hex}"
                settings: dict[str, Any] = {
                    "memory_limit": MEMORY_LIMIT,
                    "temp_directory": str(folder),
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                    "python_enable_replacements": False,
                }
                self._connection = duckdb.connect(config=settings)
                self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
            return self._connection.cursor()


class StreamQuery(Statement):
    """A statement over streams of the cluster's rows."""

    def __init__(self, engine: StreamEngine, schema_of: Callable[[str], pa.Schema], rows: Rows) -> None:
        super().__init__(engine.cursor(), schema_of)
        self._schema_of = schema_of
        self._rows = rows
        self._wanted: dict[str, Sequence[str]] = {}

    def want(self, table: str, columns: Sequence[str]) -> None:
        """Say which columns of a table the statement names; unless it is said, all."""
        self._wanted[table] = columns

    def source(self, table: str, node: Filter | None) -> str:
        schema = self._schema_of(table)
        columns = self._wanted.get(table) or schema.names
        shape = storage_schema(pa.schema([schema.field(name) for name in columns]))
        batches = (batch for rows in self._rows(table, node, columns) for batch in stored(rows).to_batches())
        return self._registered(pa.RecordBatchReader.from_batches(shape, batches))

    def one(self, sql: str) -> Any:
        """The only value of the only row."""
        return self.rows(sql)[0][0]
