"""DuckDB as the reader: one connection a store, one cursor a query, files named by a pinned version."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from projections.columnar.duckdb_delta.config import Storage
from projections.columnar.duckdb_delta.files import TableFiles, layout_tag
from projections.columnar.duckdb_delta.layout import restored, restored_batch, storage_schema
from projections.columnar.duckdb_delta.outages import reported
from projections.columnar.duckdb_delta.reading.pruning import matching_files, undecided
from projections.columnar.duckdb_delta.reading.sql import Conditions, names
from projections.columnar.duckdb_delta.snapshots import Snapshot
from projections.columnar.filters import Filter

_BATCH_ROWS = 65_536


class Engine:
    """An in-memory DuckDB that can read below the store's root and nothing else. Opened on first use."""

    def __init__(self, storage: Storage, *, threads: int | None) -> None:
        self._storage = storage
        self._threads = threads
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for one query; threads may each have their own."""
        with self._lock:
            if self._connection is None:
                self._connection = self._open()
            return self._connection.cursor()

    def _open(self) -> duckdb.DuckDBPyConnection:
        settings: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
        if self._threads is not None:
            settings["threads"] = self._threads
        connection = duckdb.connect(config=settings)
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        if self._storage.is_local:
            connection.execute("SET allowed_directories = [$root]", {"root": f"{self._storage.root}/"})
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection


class Statement(ABC):
    """One statement of DuckDB over tables of any backend; close it when its result is read."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, schema_of: Callable[[str], pa.Schema]) -> None:
        self._cursor = cursor
        self._sources = 0
        self.conditions = Conditions(schema_of, self.source)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._cursor.close()

    @abstractmethod
    def source(self, table: str, node: Filter | None) -> str:
        """A FROM item: the rows of the table that may match, in storage types."""

    def where(self, table: str, node: Filter | None) -> str:
        """The WHERE clause for rows of that source, with a leading space, or nothing."""
        return self.conditions.where(node, table)

    def table(self, sql: str, schema: pa.Schema) -> pa.Table:
        """The whole result in the registered types."""
        with reported("the columnar store"):
            return restored(self._relation(sql).to_arrow_table(), schema)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The whole result as Python values."""
        with reported("the columnar store"):
            return self._relation(sql).fetchall()

    def stream(self, sql: str, schema: pa.Schema) -> pa.RecordBatchReader:
        """The result a batch at a time in the registered types; the query closes after the last one."""
        with reported("the columnar store"):
            reader = self._relation(sql).to_arrow_reader(_BATCH_ROWS)
        return pa.RecordBatchReader.from_batches(schema, self._batches(reader, schema))

    def _batches(self, reader: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self:
            while True:
                with reported("the columnar store"):
                    try:
                        batch = reader.read_next_batch()
                    except StopIteration:
                        return
                yield restored_batch(batch, schema)

    def _relation(self, sql: str) -> duckdb.DuckDBPyRelation:
        return self._cursor.sql(sql, params=self.conditions.parameters)

    def _registered(self, rows: Any) -> str:
        self._sources += 1
        name = f"source{self._sources}"
        self._cursor.register(name, rows)
        return names([name])


class Query(Statement):
    """A statement over pinned versions of tables, which reads their files."""

    def __init__(
        self, engine: Engine, snapshots: Callable[[str], Snapshot], files: Callable[[str], TableFiles]
    ) -> None:
        super().__init__(engine.cursor(), lambda table: snapshots(table).schema)
        self._snapshots = snapshots
        self._files = files

    def source(self, table: str, node: Filter | None) -> str:
        """A FROM item: the rows of the files that may match, in storage types."""
        snapshot = self._snapshots(table)
        schema = storage_schema(snapshot.schema)
        paths = snapshot.select(matching_files(node, snapshot))
        files = self._files(table)
        if not paths:
            return self._registered(schema.empty_table())
        if not files.is_local:
            return self._registered(files.dataset(paths, schema))
        listed = self.conditions.bind([files.path(path) for path in paths])
        tag = layout_tag(schema)
        if all(path.endswith(f"-{tag}.parquet") for path in paths):
            return f"read_parquet({listed}, hive_partitioning = false)"
        # Files older than a column do not have it, and files older than a wider type have the narrow one.
        empty = self._registered(schema.empty_table())
        parquet = f"read_parquet({listed}, hive_partitioning = false, union_by_name = true)"
        return f"(SELECT * FROM {empty} UNION ALL BY NAME SELECT * FROM {parquet})"

    def where(self, table: str, node: Filter | None) -> str:
        """The WHERE clause for rows of that source, with a leading space, or nothing."""
        return self.conditions.where(undecided(node, self._snapshots(table)), table)
