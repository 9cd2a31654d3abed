"""How registered columns are declared in VAST DB, and how they come back unchanged.

A column has its registered type wherever VAST DB has that type, so that other clients see true times, numbers
and vectors. All columns are nullable there; what is required is checked when rows are written.
"""

from __future__ import annotations

import pyarrow as pa
from pyarrow import types


def vast_schema(schema: pa.Schema) -> pa.Schema:
    """The columns as the cluster has them."""
    return pa.schema([pa.field(field.name, vast_type(field.type)) for field in schema])


def vast_type(type_: pa.DataType) -> pa.DataType:
    """The type of a column in VAST DB for a registered one."""
    if types.is_dictionary(type_):
        return vast_type(type_.value_type)
    if types.is_fixed_size_list(type_) and _is_vector(type_):
        return type_
    if types.is_list(type_) or types.is_large_list(type_) or types.is_fixed_size_list(type_):
        return pa.list_(vast_type(type_.value_type))
    if types.is_struct(type_):
        inner = (type_.field(index) for index in range(type_.num_fields))
        return pa.struct([pa.field(field.name, vast_type(field.type)) for field in inner])
    if types.is_map(type_):
        return pa.map_(vast_type(type_.key_type), vast_type(type_.item_type))
    return _scalar(type_)


def _scalar(type_: pa.DataType) -> pa.DataType:
    if types.is_large_string(type_) or types.is_string_view(type_):
        return pa.string()
    if types.is_large_binary(type_) or types.is_fixed_size_binary(type_) or types.is_binary_view(type_):
        return pa.binary()
    if types.is_duration(type_):
        # A count of the type's unit.
        return pa.int64()
    if types.is_date(type_):
        return pa.date32()
    if types.is_timestamp(type_) and type_.tz is not None:
        return pa.timestamp(type_.unit, tz="UTC")
    return type_


def _is_vector(type_: pa.DataType) -> bool:
    number = types.is_integer(type_.value_type) or types.is_floating(type_.value_type)
    return bool(number) and not type_.value_field.nullable and type_.list_size > 0


def declared(table: pa.Table) -> pa.Table:
    """Rows of a registered schema in the cluster's types."""
    return _cast(table, vast_schema(table.schema))


def registered(batch: pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    """Rows as the cluster gave them, in the types and order of the registered columns."""
    return _cast(pa.Table.from_batches([batch]).select(schema.names), schema)


def _cast(table: pa.Table, schema: pa.Schema) -> pa.Table:
    # A cast to the same type fails for vectors with nulls.
    columns = [
        column if column.type == field.type else column.cast(field.type)
        for column, field in zip(table.columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=schema)
