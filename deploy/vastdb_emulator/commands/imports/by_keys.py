"""The import that joins: rows of a file find their rows in the table by keys, and bring values for other columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as pt

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.commands.imports.refusals import MismatchedType, NotImported
from deploy.vastdb_emulator.commands.rows import with_plain_row_ids
from deploy.vastdb_emulator.store.chunks import ROW_ID
from deploy.vastdb_emulator.store.column_changes import with_added
from deploy.vastdb_emulator.store.table import Table

POSITION = "$position"


def import_by_keys(call: Call, table: Table, rows: Any, keys: list[str]) -> None:
    """Update each row of the table from the one row of the file with the same keys; unknown columns are added.

    NotImported unless file and table have the keys, and rows match one to one. Timestamps are compared in the
    table's unit.
    """
    _require_keys(table, rows, keys)
    row_ids = _matching_row_ids(table, rows, keys)
    names = [name for name in rows.schema.names if name not in keys]
    for name in names:
        if name in table.columns.names:
            _require_type(table, rows, name)
    new = pa.schema([rows.schema.field(name).with_nullable(True) for name in names if name not in table.columns.names])
    cells = with_plain_row_ids(
        pa.RecordBatch.from_arrays([row_ids, *(rows.column(name) for name in names)], names=[ROW_ID, *names])
    )
    call.change_table(
        table.handle,
        lambda current: with_added(current, new).updated(cells),
        declares=bool(len(new)),
        row_ids=cells.column(0).to_numpy(),
    )


def _require_keys(table: Table, rows: Any, keys: list[str]) -> None:
    for key in keys:
        if key not in rows.schema.names or key not in table.schema.names:
            raise NotImported(f"Failed to verify import keys: {key} is not a column of both the file and the table")
        _require_type(table, rows, key)


def _require_type(table: Table, rows: Any, name: str) -> None:
    sent, declared = rows.schema.field(name).type, table.columns.field(name).type
    if sent != declared and not (pt.is_timestamp(sent) and pt.is_timestamp(declared)):
        raise MismatchedType(f"TabularMismatchColumnType: column {name} is {declared} in the table, {sent} in the file")


def _matching_row_ids(table: Table, rows: Any, keys: list[str]) -> Any:
    wanted = pa.Table.from_arrays(
        [
            pa.array(np.arange(rows.num_rows)),
            *(rows.column(key).cast(table.columns.field(key).type, safe=False) for key in keys),
        ],
        names=[POSITION, *keys],
    )
    batches = [chunk.rows.select([ROW_ID, *keys]) for chunk in table.chunks]
    found = wanted.join(pa.Table.from_batches(batches), keys, join_type="inner") if batches else wanted.slice(0, 0)
    if not (found.num_rows == rows.num_rows == table.row_count):
        raise NotImported(
            f"Failed to get row_ids to update on table: {found.num_rows} matches of {rows.num_rows} rows in the file "
            f"and {table.row_count} in the table"
        )
    return found.sort_by(POSITION)[ROW_ID].combine_chunks()
