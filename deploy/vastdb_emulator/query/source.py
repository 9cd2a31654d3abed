"""What a query reads: the rows of a table in their order, and columns that are computed from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from deploy.vastdb_emulator.errors import NotFound
from deploy.vastdb_emulator.query.partitions import transformed
from deploy.vastdb_emulator.store.chunks import EXTERNAL_ROW_ID, ROW_ID, RowIds
from deploy.vastdb_emulator.store.table import PartitionKey, Table

Derive = Callable[[Any], Any]


@dataclass(frozen=True)
class Run:
    """Rows in order, with an ascending number for each: where a page begins is given by such a number."""

    numbers: RowIds
    rows: Any  # pa.RecordBatch


@dataclass(frozen=True)
class Source:
    """Runs of rows, one after the other; `derived` has the columns that are not stored.

    With `ignores_unknown` a filter on a column that is not there lets every row pass.
    """

    runs: tuple[Run, ...]
    types: Mapping[str, Any]
    derived: Mapping[str, Derive] = field(default_factory=dict)
    ignores_unknown: bool = False

    def column(self, rows: Any, name: str) -> Any | None:
        """The values of a column in some rows of this source; None for an unknown one that is ignored."""
        if name in self.derived:
            return self.derived[name](rows)
        if name in rows.schema.names:
            return rows.column(name)
        if self.ignores_unknown:
            return None
        raise NotFound(f"There is no column {name}.")

    def kind(self, name: str) -> Any:
        """The type of a column."""
        if name not in self.types and not self.ignores_unknown:
            raise NotFound(f"There is no column {name}.")
        return self.types.get(name, pa.null())


def of_table(table: Table) -> Source:
    """The rows of a table by ascending row id."""
    derived = {key.name: _transform(key) for key in table.partition_keys if key.name not in table.columns.names}
    derived[ROW_ID] = lambda rows: rows.column(0).cast(table.row_id_type)
    if table.has_row_id_column:
        derived[EXTERNAL_ROW_ID] = lambda rows: rows.column(0).cast(pa.int64())
    nothing = pa.RecordBatch.from_pylist([], schema=table.schema)
    types = {column.name: column.type for column in table.columns}
    return Source(
        runs=tuple(Run(chunk.row_ids, chunk.rows) for chunk in table.chunks),
        types=types | {name: derive(nothing).type for name, derive in derived.items()},
        derived=derived,
    )


def _transform(key: PartitionKey) -> Derive:
    return lambda rows: transformed(rows.column(key.column), key)


def of_rows(rows: Any, *, ignores_unknown: bool = False) -> Source:
    """Rows that belong to no table of their own; their row ids count from 0."""
    numbers: RowIds = np.arange(rows.num_rows, dtype=np.uint64)
    runs = (Run(numbers, rows),) if rows.num_rows else ()
    types = {column.name: column.type for column in rows.schema} | {ROW_ID: pa.uint64()}
    return Source(
        runs, types, {ROW_ID: lambda part: pa.array(np.arange(part.num_rows, dtype=np.uint64))}, ignores_unknown
    )
