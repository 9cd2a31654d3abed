"""Rows on their way into a table and out of it, in requests that the cluster takes."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types
from vastdb import errors

from projections.columnar.errors import InvalidRecords
from projections.columnar.vast_db.layout import declared, registered
from projections.columnar.vast_db.outages import reported
from projections.columnar.vast_db.pushdown import among
from projections.columnar.vast_db.registry import Registered
from projections.columnar.vast_db.transactions import Transaction

_REQUEST_BYTES = 4 * 2**20
"""The cluster takes 5 MiB. A larger batch would be sent in columns, which takes six times as long."""
_REQUEST_ROWS = 250_000
_ROW_ID = "$row_id"
_PLACE = "\0place"


def insert(tx: Transaction, table: Any, rows: pa.Table, *, entry: Registered) -> None:
    """Append the rows, sorted as the table is. Raises InvalidRecords for one that is too large for the cluster."""
    ordered = rows.sort_by([(name, "ascending") for name in entry.sorting_key]) if entry.sorting_key else rows
    for batch in slices(declared(ordered)):
        with reported(tx.where):
            try:
                table.insert(batch)
            except errors.TooLargeRequest as error:
                raise InvalidRecords(f"a row of {entry.name!r} is too large for one request: {error}") from error


def slices(rows: pa.Table) -> Iterator[pa.RecordBatch]:
    """The rows in batches that fit a request, each as large as possible."""
    frame = rows.schema.serialize().size
    for batch in rows.combine_chunks().to_batches(max_chunksize=_REQUEST_ROWS):
        yield from _halved(batch, _REQUEST_BYTES - frame)


def _halved(batch: pa.RecordBatch, size: int) -> Iterator[pa.RecordBatch]:
    if batch.num_rows < 2 or pa.ipc.get_record_batch_size(batch) <= size:
        yield batch
        return
    middle = batch.num_rows // 2
    yield from _halved(batch.slice(0, middle), size)
    yield from _halved(batch.slice(middle), size)


def delete(tx: Transaction, table: Any, keys: pa.Table, *, entry: Registered) -> None:
    """Delete every row whose columns have the values of one of the keys, which are of the registered types."""
    ids = [found for batch in _candidates(tx, table, keys, entry=entry) if len(found := _matched(batch, keys, entry))]
    _delete_rows(tx, table, ids)


def delete_all(tx: Transaction, table: Any) -> None:
    """Delete every row."""
    _delete_rows(tx, table, [batch.column(_ROW_ID) for batch in tx.select(table, [], row_ids=True)])


def _delete_rows(tx: Transaction, table: Any, ids: Sequence[pa.Array]) -> None:
    found = [chunk for chunk in ids if len(chunk)]
    if found:
        with reported(tx.where):
            table.delete(pa.table({_ROW_ID: pa.chunked_array(found)}))


def _candidates(tx: Transaction, table: Any, keys: pa.Table, *, entry: Registered) -> Iterator[pa.RecordBatch]:
    asked = (among(name, keys.column(name), entry.schema.field(name).type) for name in keys.column_names)
    predicates = [predicate for predicate in asked if predicate is not None]
    predicate = functools.reduce(operator.and_, predicates) if predicates else None
    return tx.select(table, list(keys.column_names), predicate, row_ids=True)


def _matched(batch: pa.RecordBatch, keys: pa.Table, entry: Registered) -> pa.Array:
    """The ids of the rows whose key is one of ours."""
    names = keys.column_names
    found = registered(batch, pa.schema([entry.schema.field(name) for name in names]))
    if len(names) == 1 and not types.is_floating(keys.schema.field(0).type):
        mask = pc.is_in(plain(found).column(0), value_set=plain(keys).column(0).combine_chunks())
        return batch.column(_ROW_ID).filter(mask.combine_chunks())
    numbered = plain(found).append_column(_PLACE, pa.array(np.arange(batch.num_rows)))
    matched = numbered.join(plain(keys), keys=names, join_type="left semi")
    return batch.column(_ROW_ID).take(matched.column(_PLACE).combine_chunks())


def plain(rows: pa.Table) -> pa.Table:
    """Columns in types whose values Arrow can compare: dictionaries as their values, durations as their counts.

    Minus zero, which equals zero, becomes it.
    """
    columns = []
    for column in declared(rows).columns:
        if types.is_floating(column.type):
            wide = column.cast(pa.float64())
            columns.append(pc.if_else(pc.equal(wide, 0.0), 0.0, wide))
        else:
            columns.append(column)
    return pa.table(columns, names=rows.column_names)
