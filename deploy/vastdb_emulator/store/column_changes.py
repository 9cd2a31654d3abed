"""Adding, dropping and renaming the columns of a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa

from deploy.vastdb_emulator.errors import BadRequest, Conflict, NotFound
from deploy.vastdb_emulator.store.table import Projection, Table


def with_added(table: Table, fields: Any) -> Table:
    """With more columns, null in every row."""
    for field in fields:
        if field.name in table.columns.names:
            raise Conflict(f"The table has a column {field.name} already.")
    return table.with_columns(pa.schema([*table.columns, *(field.remove_metadata() for field in fields)]))


def with_dropped(table: Table, names: list[str]) -> Table:
    """Without these columns."""
    for name in names:
        _require(table, name)
        if name in table.fixed_columns:
            raise BadRequest(f"The table is sorted, partitioned or indexed by column {name}: it cannot be dropped.")
    return table.with_columns(pa.schema([field for field in table.columns if field.name not in names]))


def with_renamed(table: Table, old: str, new: str) -> Table:
    """With another name for one column, wherever it is mentioned."""
    _require(table, old)
    if new in table.columns.names:
        raise Conflict(f"The table has a column {new} already.")

    def name_of(name: str) -> str:
        return new if name == old else name

    renamed = table.with_columns(
        pa.schema([field.with_name(name_of(field.name)) for field in table.columns]), renamed={old: new}
    )
    index = table.vector_index
    return replace(
        renamed,
        sorted_by=tuple(name_of(name) for name in table.sorted_by),
        partition_keys=tuple(replace(key, column=name_of(key.column)) for key in table.partition_keys),
        vector_index=index and replace(index, column=name_of(index.column)),
        projections=tuple(_renamed_in(projection, old, new) for projection in table.projections),
    )


def _renamed_in(projection: Projection, old: str, new: str) -> Projection:
    columns = tuple((new if name == old else name, is_sorted) for name, is_sorted in projection.columns)
    return replace(projection, columns=columns)


def _require(table: Table, name: str) -> None:
    if name not in table.columns.names:
        raise NotFound(f"The table has no column {name}.")
