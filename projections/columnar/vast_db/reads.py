"""Reads: conditions go to the cluster as far as it decides them, its rows come back as a stream."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from projections.columnar.duckdb_delta.reading.selections import (
    Pinned,
    Select,
    Selection,
    check_join,
    joined,
    projected,
    selection,
)
from projections.columnar.duckdb_delta.reading.sql import names
from projections.columnar.errors import UnknownTable
from projections.columnar.filters import AllOf, AnyOf, Filter, Filters, InTable, IsIn, columns_of
from projections.columnar.store import AsOf, OrderBy, rows_of
from projections.columnar.vast_db.catalog import Catalog
from projections.columnar.vast_db.layout import registered
from projections.columnar.vast_db.pushdown import MOST_VALUES, pushdown
from projections.columnar.vast_db.queries import StreamEngine, StreamQuery
from projections.columnar.vast_db.registry import Registered
from projections.columnar.vast_db.transactions import Server, Transaction

Side = tuple[str, Filters | None]


class Reads:
    """The reading half of the store. Every read is a transaction of its own, or all are one that is held."""

    def __init__(self, server: Server, catalog: Catalog) -> None:
        self._server = server
        self._catalog = catalog
        self._engine = StreamEngine()
        self._held: Transaction | None = None

    def held(self, tx: Transaction) -> Reads:
        """The same reads, in this transaction."""
        view = copy.copy(self)
        view._held = tx
        return view

    def entry(self, table: str) -> Registered:
        """How the table is declared. Raises UnknownTable."""
        with self._transaction() as tx:
            return self._catalog.entry(tx, table)

    def scan(
        self,
        table: str,
        filters: Filters | None,
        columns: Sequence[str] | None,
        *,
        order_by: OrderBy,
        limit: int | None,
        as_of: AsOf | None,
    ) -> pa.RecordBatchReader:
        """See ColumnarStore.scan. The transaction ends with the stream, or when nobody holds the stream."""
        tx = self._begin()
        try:
            pinned = self._pinned(tx, as_of)
            asked = selection(pinned, table, filters, columns=columns, order_by=order_by, limit=limit)
            batches = self._selected(tx, pinned, asked)
            return pa.RecordBatchReader.from_batches(asked.schema, self._ending(tx, batches))
        except BaseException:
            self._end(tx)
            raise

    def count(self, table: str, filters: Filters | None, *, as_of: AsOf | None) -> int:
        """See ColumnarStore.count."""
        with self._transaction() as tx:
            pinned = self._pinned(tx, as_of)
            entry = pinned(table)
            node = self._resolved(tx, pinned, pinned.bound(table, filters))
            if not entry.is_created or _is_never(node):
                return 0
            sent = pushdown(node, entry.schema)
            if sent.rest is None:
                handle = self._catalog.table(tx, entry)
                return sum(batch.num_rows for batch in tx.select(handle, [], sent.predicate))
            with self._query(tx, pinned) as query:
                query.want(table, _columns((), node))
                return int(query.one(f"SELECT count(*) FROM {query.source(table, node)}{query.where(table, node)}"))

    def distinct_values(
        self, table: str, fields: Sequence[str], filters: Filters | None, *, as_of: AsOf | None
    ) -> list[dict[str, Any]]:
        """See ColumnarStore.distinct_values."""
        with self._transaction() as tx:
            pinned = self._pinned(tx, as_of)
            schema = projected(pinned(table).schema, list(fields), table)
            found = self._distinct(tx, pinned, table, schema=schema, node=pinned.bound(table, filters))
            rows: list[dict[str, Any]] = found.to_pylist()
            return rows

    def join(self, left: Side, right: Side, *, on: str, select: Select) -> Iterator[dict[str, Any]]:
        """See ColumnarStore.join."""
        tx = self._begin()
        try:
            pinned = self._pinned(tx, None)
            check_join(pinned, left[0], right[0], on=on, select=select)
            sides = [
                (table, self._resolved(tx, pinned, pinned.bound(table, filters))) for table, filters in (left, right)
            ]
            query = self._query(tx, pinned)
            sql, schema = joined(query, pinned, sides, on=on, select=select)
            reader = query.stream(sql, schema)
            return rows_of(pa.RecordBatchReader.from_batches(schema, self._ending(tx, reader)))
        except BaseException:
            self._end(tx)
            raise

    def _selected(self, tx: Transaction, pinned: Pinned[Registered], asked: Selection) -> Iterator[pa.RecordBatch]:
        entry = pinned(asked.table)
        node = self._resolved(tx, pinned, asked.node)
        if not entry.is_created or _is_never(node) or asked.limit == 0:
            return iter(())
        if asked.order or pushdown(node, entry.schema).rest is not None:
            query = self._query(tx, pinned)
            asked = Selection(asked.table, asked.schema, node, asked.order, asked.limit)
            # The order is checked text, so its columns are not known here.
            query.want(asked.table, entry.schema.names if asked.order else _columns(asked.schema.names, node))
            return iter(query.stream(asked.sql(query), asked.schema))
        rows = self._rows(tx, pinned, asked.table, node=node, columns=asked.schema.names, limit=asked.limit)
        return (batch for found in rows for batch in found.to_batches())

    def _rows(
        self,
        tx: Transaction,
        pinned: Pinned[Registered],
        table: str,
        *,
        node: Filter | None,
        columns: Sequence[str],
        limit: int | None = None,
    ) -> Iterator[pa.Table]:
        entry = pinned(table)
        if not entry.is_created or _is_never(node):
            return
        sent = pushdown(node, entry.schema)
        shape = pa.schema([entry.schema.field(name) for name in columns])
        handle = self._catalog.table(tx, entry)
        for batch in tx.select(handle, list(columns), sent.predicate, limit=limit):
            yield registered(batch, shape)

    def _distinct(
        self, tx: Transaction, pinned: Pinned[Registered], table: str, *, schema: pa.Schema, node: Filter | None
    ) -> pa.Table:
        node = self._resolved(tx, pinned, node)
        with self._query(tx, pinned) as query:
            query.want(table, _columns(schema.names, node))
            source, where = query.source(table, node), query.where(table, node)
            return query.table(f"SELECT DISTINCT {names(schema.names)} FROM {source}{where}", schema)

    def _resolved(self, tx: Transaction, pinned: Pinned[Registered], node: Filter | None) -> Filter | None:
        """The condition with semi-joins on few values as those values, which the cluster can be asked for."""
        match node:
            case AllOf(parts=parts):
                return AllOf(tuple(self._part(tx, pinned, part) for part in parts))
            case AnyOf(parts=parts):
                return AnyOf(tuple(self._part(tx, pinned, part) for part in parts))
            case InTable():
                return self._values(tx, pinned, node)
        return node

    def _part(self, tx: Transaction, pinned: Pinned[Registered], part: Filter) -> Filter:
        resolved = self._resolved(tx, pinned, part)
        assert resolved is not None
        return resolved

    def _values(self, tx: Transaction, pinned: Pinned[Registered], node: InTable) -> Filter:
        field = pinned(node.table).schema.field(node.other_column)
        values = self._distinct(tx, pinned, node.table, schema=pa.schema([field]), node=node.where).column(0)
        if len(values) > MOST_VALUES:
            return node
        return IsIn(node.column, tuple(value for value in values.to_pylist() if value is not None))

    def _query(self, tx: Transaction, pinned: Pinned[Registered]) -> StreamQuery:
        return StreamQuery(
            self._engine,
            lambda table: pinned(table).schema,
            lambda table, node, columns: self._rows(tx, pinned, table, node=node, columns=columns),
        )

    def _pinned(self, tx: Transaction, as_of: AsOf | None) -> Pinned[Registered]:
        def found(table: str, moment: AsOf | None) -> Registered:
            entry = self._catalog.entry(tx, table)
            if moment is not None and not entry.is_created:
                raise UnknownTable(table, tx.where)
            self._catalog.check_version(tx, entry, moment)
            return entry

        return Pinned(found, as_of)

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        tx = self._begin()
        try:
            yield tx
        finally:
            self._end(tx)

    def _begin(self) -> Transaction:
        return self._held or self._server.begin()

    def _end(self, tx: Transaction) -> None:
        if tx is not self._held:
            tx.roll_back()

    def _ending(self, tx: Transaction, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        finally:
            self._end(tx)


def _columns(wanted: Sequence[str], node: Filter | None) -> list[str]:
    return list(dict.fromkeys((*wanted, *(columns_of(node) if node is not None else ()))))


def _is_never(node: Filter | None) -> bool:
    """Whether the condition can hold for no row, which the cluster has no way to be asked."""
    match node:
        case IsIn(values=()) | AnyOf(parts=()):
            return True
        case AllOf(parts=parts):
            return any(map(_is_never, parts))
        case AnyOf(parts=parts):
            return all(map(_is_never, parts))
    return False
