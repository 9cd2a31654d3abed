"""How registered columns are laid out in Parquet and in the Delta log, and how they come back unchanged.

The files hold only types that Parquet, Delta and DuckDB agree on. Types that one of them would change are
stored as a plainer one: counts for durations, nanoseconds and times without a zone, lists for vectors. The
registered field travels in the metadata of its Delta column, so a commit changes the schema in one step.
"""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pyarrow as pa
from deltalake import Field, Schema
from pyarrow import types

from projections.columnar.errors import SchemaMismatch
from projections.columnar.schemas import RESERVED_COLUMN

_FIELD = "interneg.field"
_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}
_EPOCH = dt.datetime(1970, 1, 1)


def storage_schema(schema: pa.Schema) -> pa.Schema:
    """The columns as the Parquet files hold them, all nullable."""
    return pa.schema([pa.field(field.name, storage_type(field.type)) for field in schema])


def storage_type(type_: pa.DataType) -> pa.DataType:
    """The type a column of the registered type has in Parquet and in DuckDB."""
    if types.is_dictionary(type_):
        return storage_type(type_.value_type)
    if is_counted(type_):
        return pa.int64()
    if types.is_timestamp(type_):
        return pa.timestamp("us", tz="UTC")
    if types.is_list(type_) or types.is_large_list(type_) or types.is_fixed_size_list(type_):
        return pa.list_(storage_type(type_.value_type))
    if types.is_struct(type_):
        inner = (type_.field(index) for index in range(type_.num_fields))
        return pa.struct([pa.field(field.name, storage_type(field.type)) for field in inner])
    if types.is_map(type_):
        return pa.map_(storage_type(type_.key_type), storage_type(type_.item_type))
    return _plain(type_)


def _plain(type_: pa.DataType) -> pa.DataType:
    if types.is_large_string(type_) or types.is_string_view(type_):
        return pa.string()
    if types.is_large_binary(type_) or types.is_fixed_size_binary(type_) or types.is_binary_view(type_):
        return pa.binary()
    if types.is_float16(type_):
        return pa.float32()
    if types.is_date(type_):
        return pa.date32()
    if types.is_time(type_):
        return pa.time64("us")
    return type_


def is_counted(type_: pa.DataType) -> bool:
    """Whether values are stored as a count of the type's unit."""
    if types.is_duration(type_):
        return True
    if types.is_timestamp(type_):
        return type_.tz is None or type_.unit == "ns"
    return bool(types.is_time64(type_)) and type_.unit == "ns"


def storage_value(value: Any, type_: pa.DataType) -> Any:
    """A filter value of the registered type as the stored column compares with it."""
    if types.is_dictionary(type_):
        return storage_value(value, type_.value_type)
    if not is_counted(type_):
        return value
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None) - _EPOCH
    elif isinstance(value, dt.time):
        value = dt.datetime.combine(_EPOCH, value) - _EPOCH
    microseconds = value // dt.timedelta(microseconds=1)
    return microseconds * 1_000 if type_.unit == "ns" else microseconds // _MICROSECONDS[type_.unit]


def stored(table: pa.Table) -> pa.Table:
    """Rows of a registered schema in their storage types."""
    target = storage_schema(table.schema)
    return table if target.equals(table.schema) else table.cast(target)


def restored(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows of storage types, in the schema's column order, in their registered types."""
    columns = [
        column if column.type == field.type else column.cast(field.type)
        for column, field in zip(table.columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def restored_batch(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """As restored, for one batch of a stream."""
    columns = [
        column if column.type == field.type else column.cast(field.type)
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def delta_schema(schema: pa.Schema) -> Schema:
    """The columns as the Delta log declares them, followed by the one that names a file's partition."""
    fields = [_delta_field(field) for field in schema]
    partition = Schema.from_arrow(pa.schema([pa.field(RESERVED_COLUMN, pa.string(), nullable=False)]))
    return Schema([*fields, *partition.fields])


def registered_schema(schema: Schema, table: str) -> pa.Schema:
    """The registered schema of a table from its Delta log. Raises SchemaMismatch for a foreign table."""
    try:
        encoded = [field.metadata[_FIELD] for field in schema.fields if field.name != RESERVED_COLUMN]
    except KeyError as error:
        raise SchemaMismatch(f"{table!r} is a Delta table that this store did not create") from error
    return pa.schema([pa.ipc.read_schema(pa.py_buffer(base64.b64decode(text))).field(0) for text in encoded])


def _delta_field(field: pa.Field) -> Field:
    labelled = pa.field(field.name, _label(storage_type(field.type)), nullable=field.nullable)
    plain = Schema.from_arrow(pa.schema([labelled])).fields[0]
    encoded = base64.b64encode(pa.schema([field]).serialize().to_pybytes()).decode()
    return Field(plain.name, plain.type, nullable=plain.nullable, metadata={_FIELD: encoded})


def _label(type_: pa.DataType) -> pa.DataType:
    """The nearest type that Delta has a name for; only other Delta readers look at it."""
    labels = {pa.uint8(): pa.int16(), pa.uint16(): pa.int32(), pa.uint32(): pa.int64()}
    if type_ == pa.uint64():
        return pa.decimal128(20, 0)
    if types.is_time(type_):
        return pa.int64()
    if types.is_list(type_):
        return pa.list_(_label(type_.value_type))
    if types.is_struct(type_):
        inner = (type_.field(index) for index in range(type_.num_fields))
        return pa.struct([pa.field(field.name, _label(field.type)) for field in inner])
    if types.is_map(type_):
        return pa.map_(_label(type_.key_type), _label(type_.item_type))
    return labels.get(type_, type_)
