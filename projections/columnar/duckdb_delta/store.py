"""The columnar store over DuckDB, Parquet and the Delta log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
from deltalake.transaction import AddAction

from projections.columnar.duckdb_delta.catalog import Catalog
from projections.columnar.duckdb_delta.commits import Change, Plan
from projections.columnar.duckdb_delta.compaction import Merge, merges, plan
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig, Storage
from projections.columnar.duckdb_delta.files import TableFiles
from projections.columnar.duckdb_delta.layout import restored, storage_schema, stored
from projections.columnar.duckdb_delta.outages import reported
from projections.columnar.duckdb_delta.partitions import split
from projections.columnar.duckdb_delta.reading.queries import Engine, Query
from projections.columnar.duckdb_delta.reading.selections import (
    Pinned,
    Select,
    check_join,
    counted_in_log,
    distinct_in_log,
    joined,
    projected,
    selection,
    whole_files,
)
from projections.columnar.duckdb_delta.reading.sql import names
from projections.columnar.duckdb_delta.replacing import Replacement, key_table, overwritten
from projections.columnar.duckdb_delta.snapshots import Snapshot
from projections.columnar.errors import Conflict
from projections.columnar.filters import Filters
from projections.columnar.records import Records, to_table
from projections.columnar.schemas import TableSchema, check_keys, check_table_name, declared_schema
from projections.columnar.store import AsOf, ColumnarStore, OrderBy, rows_of

__all__ = ["DuckDBParquetConfig", "DuckDBParquetStore"]


class DuckDBParquetStore(ColumnarStore):
    """Tables as Parquet files whose commits the Delta log orders, read by DuckDB; local or on S3.

    Making a store opens nothing. Any number of processes may read and write the same root. A process that
    forks must make its stores after the fork.
    """

    keeps_versions = True

    def __init__(self, config: DuckDBParquetConfig) -> None:
        self._threads = config.threads
        self._storage = Storage(config)
        self._catalog = Catalog(self._storage)
        self._engine = Engine(self._storage, threads=config.threads)

    def create_table(
        self,
        table: str,
        schema: TableSchema,
        partition_by: Sequence[str] | None = None,
        *,
        sort_by: Sequence[str] | None = None,
    ) -> None:
        check_table_name(table)
        declared = declared_schema(schema)
        partition_keys = check_keys(partition_by, declared, table)
        sort_keys = None if sort_by is None else check_keys(sort_by, declared, table)
        self._catalog.create(table, declared, partition_by=partition_keys, sort_by=sort_keys)

    def register_table(self, table: str, schema: TableSchema, partition_by: Sequence[str] | None = None) -> None:
        check_table_name(table)
        declared = declared_schema(schema)
        self._catalog.declare(table, declared, check_keys(partition_by, declared, table))

    def drop_table(self, table: str) -> None:
        check_table_name(table)
        with reported(f"table {table!r}"):
            # Without its log the table is gone, whatever happens to the rest.
            for path in (self._storage.path(table, "_delta_log"), self._storage.path(table)):
                try:
                    self._storage.filesystem.delete_dir(path)
                except FileNotFoundError:
                    continue
        self._catalog.forget(table)

    def get_schema(self, table: str) -> pa.Schema:
        return self._catalog.snapshot(table).schema

    def version(self, table: str) -> int:
        return self._catalog.snapshot(table).version

    def write(
        self,
        table: str,
        records: Records,
        overwrite: bool = False,
        *,
        write_id: str | None = None,
        ignore_unknown: bool = False,
    ) -> bool:
        snapshot = self._catalog.snapshot(table)
        rows = to_table(records, snapshot.schema, table=table, ignore_unknown=ignore_unknown)
        if not rows.num_rows:
            return True
        if self._has_seen(table, write_id):
            return False
        parts = self._parts(rows, snapshot)
        added = self._written(table, parts)
        partitions = {partition for partition, _ in parts}

        def change(current: Snapshot) -> Change:
            return overwritten(current, added, partitions) if overwrite else Change(added=added)

        return self._committed(table, change, added, write_id=write_id)

    def replace_rows(
        self,
        table: str,
        records: Records,
        *,
        key: Sequence[str],
        removed: Iterable[Mapping[str, object]] = (),
        write_id: str | None = None,
    ) -> bool:
        snapshot = self._catalog.snapshot(table)
        projected(snapshot.schema, key, table)
        rows = to_table(records, snapshot.schema, table=table)
        keys = key_table(rows, removed, key, table=table)
        if not keys.num_rows:
            return True
        if self._has_seen(table, write_id):
            return False
        replacement = Replacement(self._files(table), keys, threads=self._threads)
        added = self._written(table, self._parts(rows, snapshot))
        attempted: list[Change] = []

        def change(current: Snapshot) -> Change:
            attempted[:] = [replacement.change(current, added)]
            return attempted[0]

        is_new = self._committed(table, change, added, write_id=write_id)
        replacement.discard(attempted[0] if is_new else None)
        return is_new

    def scan(
        self,
        table: str,
        filters: Filters | None = None,
        columns: Sequence[str] | None = None,
        *,
        order_by: OrderBy = (),
        limit: int | None = None,
        as_of: AsOf | None = None,
    ) -> pa.RecordBatchReader:
        pinned = Pinned(self._catalog.snapshot, as_of)
        asked = selection(pinned, table, filters, columns=columns, order_by=order_by, limit=limit)
        query = self._query(pinned)
        try:
            return query.stream(asked.sql(query), asked.schema)
        except BaseException:
            query.close()
            raise

    def bulk_read(
        self,
        table: str,
        filters: Filters | None = None,
        columns: Sequence[str] | None = None,
        *,
        order_by: OrderBy = (),
        limit: int | None = None,
        as_of: AsOf | None = None,
    ) -> pa.Table:
        pinned = Pinned(self._catalog.snapshot, as_of)
        asked = selection(pinned, table, filters, columns=columns, order_by=order_by, limit=limit)
        paths = whole_files(pinned, asked)
        if paths is not None:
            with reported(f"table {table!r} in {self._storage}"):
                rows = self._files(table).dataset(paths, storage_schema(asked.schema)).to_table()
            return restored(rows, asked.schema)
        with self._query(pinned) as query:
            return query.table(asked.sql(query), asked.schema)

    def count(self, table: str, filters: Filters | None = None, *, as_of: AsOf | None = None) -> int:
        pinned = Pinned(self._catalog.snapshot, as_of)
        node = pinned.bound(table, filters)
        known = counted_in_log(pinned, table, node)
        if known is not None:
            return known
        with self._query(pinned) as query:
            source = query.source(table, node)
            rows = query.rows(f"SELECT count(*) FROM {source}{query.where(table, node)}")
            return int(rows[0][0])

    def distinct_values(
        self, table: str, fields: Sequence[str], filters: Filters | None = None, *, as_of: AsOf | None = None
    ) -> list[dict[str, Any]]:
        pinned = Pinned(self._catalog.snapshot, as_of)
        schema = projected(pinned(table).schema, list(fields), table)
        node = pinned.bound(table, filters)
        known = distinct_in_log(pinned, table, schema, node=node)
        if known is not None:
            return known
        with self._query(pinned) as query:
            source = query.source(table, node)
            where = query.where(table, node)
            sql = f"SELECT DISTINCT {names(schema.names)} FROM {source}{where}"
            found: list[dict[str, Any]] = query.table(sql, schema).to_pylist()
            return found

    def join(
        self,
        left: str,
        right: str,
        on: str,
        left_filters: Filters | None = None,
        right_filters: Filters | None = None,
        select: Select = "both",
    ) -> Iterator[dict[str, Any]]:
        pinned = Pinned(self._catalog.snapshot)
        check_join(pinned, left, right, on=on, select=select)
        sides = [(left, pinned.bound(left, left_filters)), (right, pinned.bound(right, right_filters))]
        query = self._query(pinned)
        try:
            sql, schema = joined(query, pinned, sides, on=on, select=select)
            return rows_of(query.stream(sql, schema))
        except BaseException:
            query.close()
            raise

    def compact(self, table: str, *, target_bytes: int = 64 * 2**20) -> int:
        log, files = self._catalog.log(table), self._files(table)
        with reported(f"table {table!r}"):
            done = list(merges(log.snapshot(), files, target_bytes=target_bytes))
        committed: list[Merge] = []
        try:
            log.commit(plan(done, committed))
        except Conflict:
            committed.clear()
        lost = [merge for merge in done if merge not in committed]
        files.delete(action.path for merge in lost for action in merge.merged)
        return sum(len(merge.sources) for merge in committed)

    def vacuum(self, table: str, *, retention: dt.timedelta = dt.timedelta(days=7)) -> int:
        return self._catalog.log(table).vacuum(retention)

    def _has_seen(self, table: str, write_id: str | None) -> bool:
        log = self._catalog.created_log(table)
        return write_id is not None and log.has_seen(write_id)

    @staticmethod
    def _parts(rows: pa.Table, snapshot: Snapshot) -> list[tuple[str, pa.Table]]:
        return list(split(stored(rows), snapshot.partition_by, snapshot.sort_by)) if rows.num_rows else []

    def _written(self, table: str, parts: list[tuple[str, pa.Table]]) -> list[AddAction]:
        with reported(f"table {table!r} in {self._storage}"):
            return self._files(table).write(parts)

    def _committed(self, table: str, change: Plan, added: list[AddAction], *, write_id: str | None) -> bool:
        try:
            is_new = self._catalog.log(table).commit(change, write_id=write_id)
        except Conflict:
            self._files(table).delete(action.path for action in added)
            raise
        # After any other error the commit may have happened all the same, so its files stay; vacuum takes
        # them if it did not.
        if not is_new:
            self._files(table).delete(action.path for action in added)
        return is_new

    def _files(self, table: str) -> TableFiles:
        return TableFiles(self._storage, table, threads=self._threads)

    def _query(self, pinned: Pinned[Snapshot]) -> Query:
        return Query(self._engine, pinned, self._files)
