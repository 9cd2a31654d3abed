"""A table at one moment: its columns, its rows, and everything else that was declared for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pyarrow as pa

from deploy.vastdb_emulator.errors import NotFound
from deploy.vastdb_emulator.store.chunks import (
    EXTERNAL_ROW_ID,
    Chunks,
    RowIds,
    aligned,
    chunk_of,
    stored_schema,
    with_cells,
    with_rows,
    without_rows,
)


@dataclass(frozen=True)
class PartitionKey:
    """One column by whose transformed values the rows are grouped; `argument` is that of bucket and truncate."""

    column: str
    transform: str
    argument: int | None

    @property
    def name(self) -> str:
        """The name of the transformed column."""
        return self.column if self.transform == "identity" else f"{self.column}_{self.transform}"


@dataclass(frozen=True)
class VectorIndex:
    """The declared index on a vector column; the emulator never searches by it."""

    column: str
    metric: str
    cluster_quantization: str
    search_quantization: str


@dataclass(frozen=True)
class Projection:
    """A copy of some columns in another order; `columns` says of each whether it is part of that order."""

    handle: int
    name: str
    columns: tuple[tuple[str, bool], ...]

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """The columns that make the order, the first one leading."""
        return tuple(name for name, is_sorted in self.columns if is_sorted)


@dataclass(frozen=True)
class ImportedObject:
    """A Parquet object whose rows are in the table."""

    bucket: str
    key: str


@dataclass(frozen=True, eq=False)
class Table:
    """One version of a table; a change makes another one, and only the same version is equal.

    `next_row_id` is above every row id that the table has had.
    """

    handle: int
    columns: Any  # pa.Schema
    chunks: Chunks = ()
    next_row_id: int = 0
    inserted_rows: int = 0
    sorted_by: tuple[str, ...] = ()
    partition_keys: tuple[PartitionKey, ...] = ()
    vector_index: VectorIndex | None = None
    projections: tuple[Projection, ...] = ()
    imported: tuple[ImportedObject, ...] = ()
    has_external_row_ids: bool = False
    properties: str = ""

    @cached_property
    def row_count(self) -> int:
        """How many rows there are."""
        return sum(chunk.rows.num_rows for chunk in self.chunks)

    @cached_property
    def size_bytes(self) -> int:
        """What the values take in memory."""
        return sum(chunk.rows.nbytes for chunk in self.chunks)

    @cached_property
    def schema(self) -> Any:
        """What a chunk of this table holds."""
        return stored_schema(self.columns)

    @property
    def row_id_type(self) -> Any:
        """The type in which clients see row ids."""
        is_plain = not (self.sorted_by or self.partition_keys or self.vector_index)
        return pa.uint64() if is_plain else pa.decimal128(38, 0)

    @property
    def fixed_columns(self) -> frozenset[str]:
        """The columns whose values cannot be updated."""
        vector = {self.vector_index.column} if self.vector_index else set()
        return frozenset({*self.sorted_by, *(key.column for key in self.partition_keys), *vector})

    def projection(self, name: str) -> Projection:
        """The projection of this name; NotFound without one."""
        for projection in self.projections:
            if projection.name == name:
                return projection
        raise NotFound(f"The table has no projection {name}.")

    def inserted(self, rows: Any) -> Table:
        """With more rows; `rows` starts with their row ids, ascending."""
        rows = aligned(rows, self.schema)
        if rows.num_rows == 0:
            return self
        return replace(
            self,
            chunks=with_rows(self.chunks, rows),
            next_row_id=max(self.next_row_id, rows.column(0)[-1].as_py() + 1),
            inserted_rows=self.inserted_rows + rows.num_rows,
        )

    def with_external_row_ids(self, is_external: bool) -> Table:
        """The same, remembering that a client chose row ids; once is for ever."""
        return replace(self, has_external_row_ids=self.has_external_row_ids or is_external)

    def updated(self, cells: Any) -> Table:
        """With new values in the columns of `cells` that still exist; it starts with row ids, ascending."""
        names = [name for name in cells.schema.names if name in self.schema.names]
        return replace(self, chunks=with_cells(self.chunks, cells.select(names)))

    def deleted(self, row_ids: RowIds) -> Table:
        """Without these rows."""
        return replace(self, chunks=without_rows(self.chunks, row_ids))

    def with_columns(self, columns: Any, renamed: Mapping[str, str] | None = None) -> Table:
        """With these columns instead; `renamed` maps old names to new ones, other new columns are null."""
        schema = stored_schema(columns)
        new_names = [(renamed or {}).get(name, name) for name in self.schema.names]
        chunks = tuple(chunk_of(aligned(chunk.rows.rename_columns(new_names), schema)) for chunk in self.chunks)
        return replace(self, columns=columns, chunks=chunks)

    @property
    def has_row_id_column(self) -> bool:
        """Whether the row ids are a column that queries can name."""
        return EXTERNAL_ROW_ID in self.columns.names
