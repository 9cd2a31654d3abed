"""Rows as callers have them, made into an Arrow table of exactly the registered schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any
from uuid import UUID

import orjson
import pyarrow as pa
from pydantic import BaseModel

from projections.columnar.errors import InvalidRecords

Records = Any
"""An iterable of dicts or Pydantic instances, a pyarrow Table, RecordBatch or RecordBatchReader, or a pandas
data frame."""


def to_table(records: Records, schema: pa.Schema, *, table: str, ignore_unknown: bool = False) -> pa.Table:
    """The rows in registered column order and types; missing nullable columns are null.

    Raises InvalidRecords: a column is missing, unknown (unless ignored), null though required, or holds a
    value that does not fit its type without loss.
    """
    raw = _arrow(records, schema, table=table, ignore_unknown=ignore_unknown)
    unknown = [name for name in raw.column_names if name not in schema.names]
    if unknown and not ignore_unknown:
        raise _unknown(unknown, table)
    columns = [_column(raw, field, table) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _arrow(records: Records, schema: pa.Schema, *, table: str, ignore_unknown: bool) -> pa.Table:
    if isinstance(records, pa.Table):
        return records
    if isinstance(records, pa.RecordBatch):
        return pa.Table.from_batches([records])
    if isinstance(records, pa.RecordBatchReader):
        return records.read_all()
    if hasattr(records, "to_records") and hasattr(records, "iloc"):
        return pa.Table.from_pandas(records, preserve_index=False)
    if isinstance(records, Iterable) and not isinstance(records, str | bytes | Mapping):
        return _from_rows(records, schema, table=table, ignore_unknown=ignore_unknown)
    raise InvalidRecords(f"rows for {table!r} must be dicts, models, Arrow or pandas, not {type(records).__name__}")


def _from_rows(rows: Iterable[Any], schema: pa.Schema, *, table: str, ignore_unknown: bool) -> pa.Table:
    dicts = [_row(row, table) for row in rows]
    present = dict.fromkeys(name for row in dicts for name in row)
    unknown = [name for name in present if name not in schema.names]
    if unknown and not ignore_unknown:
        raise _unknown(unknown, table)
    if not dicts:
        return schema.empty_table()
    known = [field for field in schema if field.name in present]
    arrays = [_array([row.get(field.name) for row in dicts], field, table) for field in known]
    return pa.table(arrays, names=[field.name for field in known])


def _row(row: Any, table: str) -> Mapping[str, Any]:
    if isinstance(row, Mapping):
        return row
    if isinstance(row, BaseModel):
        return row.model_dump()
    raise InvalidRecords(f"a row for {table!r} is a dict or a Pydantic model, not {type(row).__name__}")


def _array(values: list[Any], field: pa.Field, table: str) -> pa.Array:
    if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
        values = [_text(value) for value in values]
    try:
        return pa.array(values, field.type)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise InvalidRecords(f"{table}.{field.name} ({field.type}): {error}") from error


def _text(value: Any) -> Any:
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str).decode()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value


def _column(raw: pa.Table, field: pa.Field, table: str) -> pa.ChunkedArray:
    where = f"{table}.{field.name}"
    if field.name not in raw.column_names:
        if not field.nullable:
            raise InvalidRecords(f"{where} is required and missing from the rows")
        return pa.chunked_array([pa.nulls(raw.num_rows, field.type)])
    column = raw.column(field.name)
    if column.null_count and not field.nullable:
        raise InvalidRecords(f"{where} is required and null in {column.null_count} rows")
    if column.type == field.type:
        return column
    try:
        return column.cast(field.type)
    except pa.ArrowException as error:
        raise InvalidRecords(f"{where} cannot be made {field.type} without loss: {error}") from error


def _unknown(names: list[str], table: str) -> InvalidRecords:
    return InvalidRecords(
        f"table {table!r} has no column {', '.join(map(repr, names))}; "
        "pass ignore_unknown=True to drop what the table does not keep"
    )
