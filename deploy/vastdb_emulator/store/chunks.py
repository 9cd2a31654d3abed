"""Runs of rows ordered by row id: the unit in which a table is kept, read and written to disk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

ROW_ID = "$row_id"
EXTERNAL_ROW_ID = "vastdb_rowid"
MERGED_ROWS = 1 << 18

RowIds = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Chunk:
    """Rows that never change, their row ids first and ascending; `name` is that of the file."""

    name: str
    rows: Any  # pa.RecordBatch

    @cached_property
    def row_ids(self) -> RowIds:
        """The row ids, ascending."""
        ids: RowIds = self.rows.column(0).to_numpy(zero_copy_only=False)
        return ids

    @property
    def first(self) -> int:
        """The lowest row id."""
        return int(self.row_ids[0])

    @property
    def last(self) -> int:
        """The highest row id, inclusive."""
        return int(self.row_ids[-1])


Chunks = tuple[Chunk, ...]


def chunk_of(rows: Any) -> Chunk:
    """A chunk under a new name."""
    return Chunk(uuid4().hex, rows)


def stored_schema(columns: Any) -> Any:
    """What a chunk of a table with these columns holds: the row id, and every column that has values of its own."""
    fields = [field.remove_metadata() for field in columns if field.name != EXTERNAL_ROW_ID]
    return pa.schema([pa.field(ROW_ID, pa.uint64(), nullable=False), *fields])


def aligned(rows: Any, schema: Any) -> Any:
    """These rows with exactly the columns of `schema`: what is lacking is null, what is too much is left out."""
    present = set(rows.schema.names)
    arrays = [
        rows.column(field.name) if field.name in present else pa.array([None] * rows.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema([field.with_nullable(True) for field in schema]))


def with_rows(chunks: Chunks, rows: Any) -> Chunks:
    """The chunks with more rows, disjoint and ascending again; small neighbours become one."""
    if rows.num_rows == 0:
        return chunks
    new = chunk_of(rows)
    before = tuple(chunk for chunk in chunks if chunk.last < new.first)
    after = tuple(chunk for chunk in chunks if chunk.first > new.last)
    overlapping = chunks[len(before) : len(chunks) - len(after)]
    if overlapping:
        joined = _joined((*overlapping, new))
        new = chunk_of(joined.take(pc.sort_indices(joined.column(0))))
    return (*_merged_tail((*before, new)), *after)


def without_rows(chunks: Chunks, row_ids: RowIds) -> Chunks:
    """The chunks without the rows of these ids; ids that do not exist are ignored."""
    return tuple(kept for chunk in chunks if (kept := _without(chunk, row_ids)) is not None)


def with_cells(chunks: Chunks, cells: Any) -> Chunks:
    """The chunks with new values: `cells` has row ids first, ascending, then columns; unknown ids are ignored."""
    row_ids: RowIds = cells.column(0).to_numpy(zero_copy_only=False)
    return tuple(_with_cells(chunk, cells, row_ids) for chunk in chunks)


def contains_any(chunks: Chunks, row_ids: RowIds) -> bool:
    """Whether a row has one of these ids."""
    return any(bool(np.isin(chunk.row_ids, row_ids).any()) for chunk in chunks)


def _joined(chunks: Chunks) -> Any:
    table = pa.Table.from_batches([chunk.rows for chunk in chunks]).combine_chunks()
    return table.to_batches()[0]


def _merged_tail(chunks: Chunks) -> Chunks:
    # Like the carries of a binary counter: every row is copied a logarithmic number of times.
    while len(chunks) > 1:
        left, right = chunks[-2].rows.num_rows, chunks[-1].rows.num_rows
        if left > 2 * right or left + right > MERGED_ROWS:
            break
        chunks = (*chunks[:-2], chunk_of(_joined(chunks[-2:])))
    return chunks


def _without(chunk: Chunk, row_ids: RowIds) -> Chunk | None:
    keep = ~np.isin(chunk.row_ids, row_ids)
    if keep.all():
        return chunk
    if not keep.any():
        return None
    return chunk_of(chunk.rows.filter(pa.array(keep)))


def _with_cells(chunk: Chunk, cells: Any, row_ids: RowIds) -> Chunk:
    places = np.searchsorted(row_ids, chunk.row_ids)
    places[places == len(row_ids)] = 0
    changed = row_ids[places] == chunk.row_ids if len(row_ids) else np.zeros(len(chunk.row_ids), dtype=bool)
    if not changed.any():
        return chunk
    size = chunk.rows.num_rows
    indices = pa.array(np.where(changed, size + places, np.arange(size)))
    updated = set(cells.schema.names[1:])
    columns = [
        _replaced(column, cells.column(name), indices) if name in updated else column
        for name, column in zip(chunk.rows.schema.names, chunk.rows.columns, strict=True)
    ]
    return chunk_of(pa.RecordBatch.from_arrays(columns, schema=chunk.rows.schema))


def _replaced(old: Any, new: Any, indices: Any) -> Any:
    return pa.concat_arrays([old, new]).take(indices)
