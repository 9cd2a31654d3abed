"""The tables of one store: those in the storage, and those declared on this instance beforehand."""

from __future__ import annotations

import threading

import pyarrow as pa

from projections.columnar.duckdb_delta.commits import TableLog
from projections.columnar.duckdb_delta.config import Storage
from projections.columnar.duckdb_delta.snapshots import Snapshot, empty_snapshot
from projections.columnar.errors import SchemaMismatch, UnknownTable
from projections.columnar.schemas import check_readable, check_table_name, evolved
from projections.columnar.store import AsOf


class Catalog:
    """Logs by table name, each opened once; safe to share between threads."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._lock = threading.Lock()
        self._logs: dict[str, TableLog] = {}
        self._declared: dict[str, Snapshot] = {}

    def log(self, table: str) -> TableLog:
        """The log of a table, created or not. Raises InvalidName."""
        check_table_name(table)
        with self._lock:
            if table not in self._logs:
                self._logs[table] = TableLog(self._storage, table)
            return self._logs[table]

    def created_log(self, table: str) -> TableLog:
        """The log of a table to write to; a declared table is created now. Raises UnknownTable."""
        log = self.log(table)
        if not log.exists():
            declared = self._declared.get(table)
            if declared is None:
                raise UnknownTable(table, str(self._storage))
            log.create(declared.schema, partition_by=declared.partition_by, sort_by=())
        return log

    def snapshot(self, table: str, as_of: AsOf | None = None) -> Snapshot:
        """The version to read. Raises UnknownTable, UnknownVersion, Unavailable."""
        log = self.log(table)
        try:
            return log.snapshot(as_of)
        except UnknownTable:
            declared = self._declared.get(table)
            if declared is None or as_of is not None:
                raise
            return declared

    def declare(self, table: str, schema: pa.Schema, partition_by: tuple[str, ...]) -> None:
        """Know a table without creating it. Raises SchemaMismatch against the stored one."""
        log = self.log(table)
        if log.exists():
            stored = log.snapshot()
            check_readable(stored.schema, schema, table)
            _check_keys(table, "partition_by", stored.partition_by, partition_by)
        self._declared[table] = empty_snapshot(table, schema, partition_by)

    def create(
        self, table: str, schema: pa.Schema, *, partition_by: tuple[str, ...], sort_by: tuple[str, ...] | None
    ) -> None:
        """Create the table or grow it. Raises SchemaMismatch."""
        log = self.log(table)
        if not log.exists():
            log.create(schema, partition_by=partition_by, sort_by=sort_by or ())
        stored = log.snapshot()
        _check_keys(table, "partition_by", stored.partition_by, partition_by)
        if sort_by is not None:
            _check_keys(table, "sort_by", stored.sort_by, sort_by)
        log.evolve(lambda current: evolved(current, schema, table))

    def forget(self, table: str) -> None:
        """Know nothing of the table any more."""
        self.log(table).forget()
        self._declared.pop(table, None)


def _check_keys(table: str, which: str, stored: tuple[str, ...], declared: tuple[str, ...]) -> None:
    if stored != declared:
        raise SchemaMismatch(
            f"table {table!r} was created with {which}={list(stored)} and cannot change to {list(declared)}"
        )
