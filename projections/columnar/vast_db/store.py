"""The columnar store over VAST DB."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from projections.columnar.duckdb_delta.partitions import check_partition_values
from projections.columnar.duckdb_delta.reading.selections import Select, projected
from projections.columnar.duckdb_delta.replacing import keys_of
from projections.columnar.filters import Filters
from projections.columnar.records import Records, to_table
from projections.columnar.schemas import TableSchema, check_keys, check_table_name, declared_schema
from projections.columnar.store import AsOf, ColumnarStore, OrderBy
from projections.columnar.tables import TableDefinition
from projections.columnar.vast_db import rows as requests
from projections.columnar.vast_db.catalog import Catalog, Locate
from projections.columnar.vast_db.config import VastDBConfig
from projections.columnar.vast_db.reads import Reads
from projections.columnar.vast_db.registry import Registered
from projections.columnar.vast_db.transactions import Server, Transaction
from projections.columnar.vast_db.units import Unit, Work, in_one_commit

__all__ = ["VastDBConfig", "VastDBStore"]


class VastDBStore(ColumnarStore):
    """Tables of one schema of a VAST cluster; each write is one transaction.

    Making a store opens nothing. Any number of processes may read and write the same schema. The cluster keeps
    the rows as they are now, merges them by itself, and has no earlier versions to read.
    """

    keeps_versions = False

    def __init__(self, config: VastDBConfig, locate: Locate | None = None) -> None:
        """`locate` names the schema in each transaction, where it is not always that of the configuration."""
        self._server = Server(config)
        self._catalog = Catalog(locate or (lambda _: config.schema), str(config))
        self._reads = Reads(self._server, self._catalog)

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
        entry = Registered(table, declared, check_keys(partition_by, declared, table), ())
        sort_keys = None if sort_by is None else check_keys(sort_by, declared, table)
        self._commit(lambda unit: self._catalog.create(unit, entry, sort_by=sort_keys))

    def register_table(self, table: str, schema: TableSchema, partition_by: Sequence[str] | None = None) -> None:
        check_table_name(table)
        declared = declared_schema(schema)
        entry = Registered(table, declared, check_keys(partition_by, declared, table), ())
        with self._server.reading() as tx:
            self._catalog.declare(tx, entry)

    def drop_table(self, table: str) -> None:
        check_table_name(table)
        self._commit(lambda unit: self._catalog.drop(unit, table))

    def get_schema(self, table: str) -> pa.Schema:
        return self._entry(table).schema

    def version(self, table: str) -> int:
        with self._server.reading() as tx:
            return self._catalog.version(tx, self._catalog.entry(tx, table))[0]

    def write(
        self,
        table: str,
        records: Records,
        overwrite: bool = False,
        *,
        write_id: str | None = None,
        ignore_unknown: bool = False,
    ) -> bool:
        entry = self._entry(table)
        rows = to_table(records, entry.schema, table=table, ignore_unknown=ignore_unknown)
        check_partition_values(rows, entry.partition_by)
        if not rows.num_rows:
            return True

        def put(unit: Unit) -> bool:
            entry = self._writable(unit, table)
            if overwrite or write_id is not None:
                entry = self._catalog.lock(unit, entry)
            if write_id is not None and self._catalog.has_seen(unit, entry, write_id=write_id):
                return False
            self._put(unit, entry, rows, overwrite=overwrite)
            return True

        return self._commit(put, write_id=write_id)

    def replace_rows(
        self,
        table: str,
        records: Records,
        *,
        key: Sequence[str],
        removed: Iterable[Mapping[str, object]] = (),
        write_id: str | None = None,
    ) -> bool:
        entry = self._entry(table)
        projected(entry.schema, key, table)
        rows = to_table(records, entry.schema, table=table)
        check_partition_values(rows, entry.partition_by)
        keys = keys_of(rows, removed, key, table=table)
        if not keys.num_rows:
            return True

        def replace(unit: Unit) -> bool:
            entry = self._catalog.lock(unit, self._writable(unit, table))
            if write_id is not None and self._catalog.has_seen(unit, entry, write_id=write_id):
                return False
            self._replace(unit, entry, rows, keys=keys)
            return True

        return self._commit(replace, write_id=write_id)

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
        return self._reads.scan(table, filters, columns, order_by=order_by, limit=limit, as_of=as_of)

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
        reader = self._reads.scan(table, filters, columns, order_by=order_by, limit=limit, as_of=as_of)
        return pa.Table.from_batches(reader, reader.schema)

    def count(self, table: str, filters: Filters | None = None, *, as_of: AsOf | None = None) -> int:
        return self._reads.count(table, filters, as_of=as_of)

    def distinct_values(
        self, table: str, fields: Sequence[str], filters: Filters | None = None, *, as_of: AsOf | None = None
    ) -> list[dict[str, Any]]:
        return self._reads.distinct_values(table, fields, filters, as_of=as_of)

    def join(
        self,
        left: str,
        right: str,
        on: str,
        left_filters: Filters | None = None,
        right_filters: Filters | None = None,
        select: Select = "both",
    ) -> Iterator[dict[str, Any]]:
        return self._reads.join((left, left_filters), (right, right_filters), on=on, select=select)

    def compact(self, table: str, *, target_bytes: int = 64 * 2**20) -> int:
        # The cluster merges what it stores by itself, so there is nothing of the size that could be asked for.
        del target_bytes
        self._entry(table)
        return 0

    def vacuum(self, table: str, *, retention: dt.timedelta = dt.timedelta(days=7)) -> int:
        folded: list[int] = []

        def fold(unit: Unit) -> bool:
            entry = self._catalog.lock(unit, self._writable(unit, table))
            folded[:] = [self._catalog.fold(unit, entry, retention=retention)]
            return bool(folded[0])

        self._commit(fold, is_recorded=False)
        return folded[0]

    def begin(self) -> Transaction:
        """A transaction for `view`; it is rolled back when nobody holds it any more."""
        return self._server.begin()

    def view(self, tx: Transaction | None = None) -> VastDBStore:
        """This store for several reads that agree: what the transaction sees, or one that begins now."""
        view = copy.copy(self)
        view._reads = self._reads.held(tx or self._server.begin())
        return view

    def cluster_version(self) -> str:
        """As the cluster says it. Raises Unavailable."""
        return self._server.version()

    def in_one_commit(self, work: Work) -> bool:
        """Do what the work does with the methods below as one commit; see units.in_one_commit."""
        return in_one_commit(self._server, self._catalog, work)

    def create_in(self, unit: Unit, tables: Iterable[TableDefinition]) -> None:
        """Create tables that have a name, a schema and a sort key."""
        for table in tables:
            self._catalog.create(unit, Registered(table.name, table.schema, (), ()), sort_by=table.sort_by)

    def put_in(self, unit: Unit, table: str, rows: pa.Table, *, keys: Sequence[Mapping[str, object]] | None) -> None:
        """Insert rows of the registered schema, after deleting those of the keys where there are any."""
        entry = self._catalog.entry(unit.tx, table)
        if keys:
            schema = pa.schema([entry.schema.field(name) for name in keys[0]])
            self._replace(unit, entry, rows, keys=pa.Table.from_pylist(list(keys), schema))
        elif rows.num_rows:
            requests.insert(unit.tx, self._catalog.table(unit.tx, entry), rows, entry=entry)
            unit.touch(entry.name)

    def _entry(self, table: str) -> Registered:
        return self._reads.entry(table)

    def _writable(self, unit: Unit, table: str) -> Registered:
        entry = self._catalog.entry(unit.tx, table)
        return entry if entry.is_created else self._catalog.create(unit, entry, sort_by=None)

    def _put(self, unit: Unit, entry: Registered, rows: pa.Table, *, overwrite: bool) -> None:
        rows = to_table(rows, entry.schema, table=entry.name)
        if overwrite and entry.partition_by:
            self._replace(unit, entry, rows, keys=rows.select(list(entry.partition_by)))
            return
        table = self._catalog.table(unit.tx, entry)
        if overwrite:
            requests.delete_all(unit.tx, table)
        requests.insert(unit.tx, table, rows, entry=entry)
        unit.touch(entry.name)

    def _replace(self, unit: Unit, entry: Registered, rows: pa.Table, *, keys: pa.Table) -> None:
        """Within a unit that has locked the table: delete the rows of the keys, insert these."""
        table = self._catalog.table(unit.tx, entry)
        requests.delete(unit.tx, table, keys, entry=entry)
        if rows.num_rows:
            requests.insert(unit.tx, table, to_table(rows, entry.schema, table=entry.name), entry=entry)
        unit.touch(entry.name)

    def _commit(self, work: Work, *, write_id: str | None = None, is_recorded: bool = True) -> bool:
        return in_one_commit(self._server, self._catalog, work, write_id=write_id, is_recorded=is_recorded)
