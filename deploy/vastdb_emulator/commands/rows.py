"""Rows: insert, update, delete, and dropping whole partitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.errors import BadRequest, NotFound, NotImplementedHere
from deploy.vastdb_emulator.query.partitions import rows_in
from deploy.vastdb_emulator.store.chunks import EXTERNAL_ROW_ID, ROW_ID, RowIds, contains_any
from deploy.vastdb_emulator.store.column_types import require_matching
from deploy.vastdb_emulator.store.table import Table
from deploy.vastdb_emulator.transport.messages import Response
from deploy.vastdb_emulator.wire.arrow_messages import read_batch, stream_of


def insert(call: Call) -> Response:
    """Append rows, and answer with their ids in the order of the rows."""
    rows = read_batch(call.request.body)
    if not rows.num_columns:
        raise NotImplementedHere("Rows without columns cannot be inserted.")
    row_ids = append(call, call.table, rows)
    shown = pa.array(row_ids).cast(call.table.row_id_type)
    return Response(body=stream_of(pa.RecordBatch.from_arrays([shown], names=[ROW_ID])))


def append(call: Call, table: Table, rows: Any) -> RowIds:
    """Append rows to a table of the view and return their ids; columns that are lacking become null."""
    require_columns(table, rows.schema)
    is_external = EXTERNAL_ROW_ID in rows.schema.names
    row_ids = _external_ids(call, table, rows) if is_external else _new_ids(call, table, rows.num_rows)
    names = [name for name in rows.schema.names if name != EXTERNAL_ROW_ID]
    columns = [rows.column(name) for name in names]
    numbered = pa.RecordBatch.from_arrays([pa.array(row_ids), *columns], names=[ROW_ID, *names])
    call.change_table(
        table.handle,
        lambda current: current.inserted(numbered).with_external_row_ids(is_external),
        row_ids=row_ids if is_external else None,
    )
    return row_ids


def update(call: Call) -> Response:
    """Replace values in some columns of the rows with these ids; ids that do not exist are ignored."""
    cells = read_batch(call.request.body)
    table = call.table
    fixed = table.fixed_columns.intersection(cells.schema.names)
    if fixed:
        raise BadRequest(f"The table is sorted, partitioned or indexed by {sorted(fixed)}: they cannot be updated.")
    require_columns(table, cells.schema)
    cells = with_plain_row_ids(cells)
    handle = table.handle
    return call.change_table(
        handle, lambda current: current.updated(cells), row_ids=cells.column(0).to_numpy(zero_copy_only=False)
    )


def delete(call: Call) -> Response:
    """Remove the rows with these ids; ids that do not exist are ignored."""
    if call.is_about_imports:
        raise NotImplementedHere("Rows of the list of imported objects cannot be deleted; drop the list.")
    row_ids = with_plain_row_ids(read_batch(call.request.body)).column(0).to_numpy(zero_copy_only=False)
    return call.change_table(call.table.handle, lambda current: current.deleted(row_ids), row_ids=row_ids)


def delete_partitions(call: Call) -> Response:
    """Remove all rows of some partitions, in a transaction of its own."""
    table = call.table
    if not table.partition_keys:
        raise BadRequest("The table is not partitioned.")
    row_ids = rows_in(table, read_batch(call.request.body))
    return call.change_table(table.handle, lambda current: current.deleted(row_ids), row_ids=row_ids)


def require_columns(table: Table, schema: Any) -> None:
    """Raise unless each column sent exists with exactly this type."""
    for field in schema:
        if field.name == ROW_ID:
            continue
        if field.name not in table.columns.names:
            raise NotFound(f"The table has no column {field.name}.")
        require_matching(field, table.columns.field(field.name))


def with_plain_row_ids(cells: Any) -> Any:
    """The cells with their row ids first, as unsigned integers, ascending; each id once."""
    if ROW_ID not in cells.schema.names:
        raise BadRequest(f"The rows have no column {ROW_ID}.")
    names = [ROW_ID, *(name for name in cells.schema.names if name != ROW_ID)]
    columns = [cells.column(name) for name in names]
    columns[0] = columns[0].cast(pa.uint64())
    ordered = pa.RecordBatch.from_arrays(columns, names=names).take(pc.sort_indices(columns[0]))
    row_ids = ordered.column(0).to_numpy(zero_copy_only=False)
    if len(np.unique(row_ids)) != len(row_ids):
        raise BadRequest("Found duplicate row ids or not in ascending order")
    return ordered


def _new_ids(call: Call, table: Table, length: int) -> RowIds:
    first = call.server.transactions.allocate_row_ids(table.handle, length, at_least=table.next_row_id)
    return np.arange(first, first + length, dtype=np.uint64)


def _external_ids(call: Call, table: Table, rows: Any) -> RowIds:
    column = rows.column(EXTERNAL_ROW_ID)
    if column.null_count or (len(column) and pc.min(column).as_py() < 0):
        raise BadRequest(f"The values of {EXTERNAL_ROW_ID} are not row ids.")
    row_ids: RowIds = column.to_numpy().astype(np.uint64)
    if (row_ids[1:] <= row_ids[:-1]).any() or contains_any(table.chunks, row_ids):
        raise BadRequest("Found duplicate row ids or not in ascending order")
    if len(row_ids):
        call.server.transactions.allocate_row_ids(table.handle, 0, at_least=int(row_ids[-1]) + 1)
    return row_ids
