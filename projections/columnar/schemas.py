"""Declared schemas: what a table may look like, and which changes to it keep every reader working."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
from pydantic import BaseModel

from projections.columnar.errors import InvalidName, SchemaMismatch, UnknownColumn, UnsupportedType
from projections.columnar.models import arrow_schema

TableSchema = pa.Schema | type[BaseModel]

_TABLE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}", re.ASCII)
_COLUMN_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,255}")
RESERVED_COLUMN = "_partition"
"""Names the partition of a file in the commit log; no table may have a column of this name."""
_RESERVED_COLUMNS = (RESERVED_COLUMN, "$row_id", "vastdb_rowid")
"""The last two are VAST DB's own numbers of a row."""

_WIDENINGS = {
    pa.int8(): (pa.int16(), pa.int32(), pa.int64()),
    pa.int16(): (pa.int32(), pa.int64()),
    pa.int32(): (pa.int64(),),
    pa.float32(): (pa.float64(),),
}


def declared_schema(schema: object) -> pa.Schema:
    """The Arrow schema of a Pydantic class or an Arrow schema, checked.

    Raises UnsupportedType (not a schema, or a type without a column), InvalidName (a column name).
    """
    if isinstance(schema, type) and issubclass(schema, BaseModel):
        schema = arrow_schema(schema)
    if not isinstance(schema, pa.Schema):
        raise UnsupportedType(f"a table is declared by a Pydantic class or a pyarrow.Schema, not {schema!r}")
    _check_columns(schema)
    return schema.remove_metadata()


def check_table_name(table: object) -> str:
    """The name itself when it can name a directory, an S3 prefix and a SQL table alike."""
    if isinstance(table, str) and _TABLE_NAME.fullmatch(table):
        return table
    raise InvalidName(f"{table!r} is not a table name: 1 to 128 ASCII letters, digits, '_' and '-'")


def check_keys(keys: Sequence[str] | None, schema: pa.Schema, table: str) -> tuple[str, ...]:
    """Partition or sort keys as a tuple; None and [] are equal. Raises UnknownColumn and SchemaMismatch."""
    names = tuple(keys or ())
    for name in names:
        if name not in schema.names:
            raise UnknownColumn(name, table, schema.names)
        if pa.types.is_nested(schema.field(name).type):
            raise SchemaMismatch(f"{table}.{name} is {schema.field(name).type}; a key cannot be nested")
    if len(set(names)) != len(names):
        raise SchemaMismatch(f"a key of table {table!r} is named twice: {', '.join(names)}")
    return names


def evolved(stored: pa.Schema, declared: pa.Schema, table: str) -> pa.Schema:
    """The stored schema grown to hold the declared one; equal to the stored one when nothing is new.

    Allowed: a new nullable column, a required column that becomes nullable, a wider number. The order of
    the stored columns stays and new ones follow. Raises SchemaMismatch for every other difference.
    """
    missing = [name for name in stored.names if name not in declared.names]
    if missing:
        raise SchemaMismatch(f"table {table!r} has columns the declared schema lacks: {', '.join(missing)}")
    fields = [_merged(field, declared.field(field.name), table) for field in stored]
    added = [field for field in declared if field.name not in stored.names]
    for field in added:
        if not field.nullable:
            raise SchemaMismatch(f"{table}.{field.name} is new and required; rows already there have no value")
    return pa.schema(fields + added)


def check_readable(stored: pa.Schema, declared: pa.Schema, table: str) -> None:
    """Raise SchemaMismatch unless the stored table has every declared column, as declared or wider."""
    for field in declared:
        if field.name not in stored.names:
            raise SchemaMismatch(f"{table}.{field.name} is not in the table yet; run create_table to add it")
        found = stored.field(field.name).type
        if found != field.type and found not in _WIDENINGS.get(field.type, ()):
            raise SchemaMismatch(f"{table}.{field.name} is {found}, not {field.type}")


def _merged(stored: pa.Field, declared: pa.Field, table: str) -> pa.Field:
    where = f"{table}.{stored.name}"
    if stored.nullable and not declared.nullable:
        raise SchemaMismatch(f"{where} is nullable in the table and cannot become required")
    if declared.type != stored.type and declared.type not in _WIDENINGS.get(stored.type, ()):
        raise SchemaMismatch(f"{where} is {stored.type} and cannot become {declared.type}")
    return declared


def _check_columns(schema: pa.Schema) -> None:
    seen: dict[str, str] = {}
    for field in schema:
        if not _COLUMN_NAME.fullmatch(field.name) or field.name.casefold() in _RESERVED_COLUMNS:
            raise InvalidName(f"{field.name!r} is not a column name")
        # DuckDB and VAST DB find columns without regard to case.
        folded = field.name.casefold()
        if folded in seen:
            raise InvalidName(f"columns {seen[folded]!r} and {field.name!r} differ in nothing but case")
        seen[folded] = field.name
        _check_type(field.type, field.name)
    if not seen:
        raise SchemaMismatch("a table needs at least one column")


def _check_type(type_: pa.DataType, column: str) -> None:
    unsupported = (
        pa.types.is_null,
        pa.types.is_union,
        pa.types.is_run_end_encoded,
        pa.types.is_decimal256,
        pa.types.is_list_view,
        pa.types.is_large_list_view,
        pa.types.is_interval,
    )
    if isinstance(type_, pa.BaseExtensionType) or any(is_kind(type_) for is_kind in unsupported):
        raise UnsupportedType(f"column {column!r}: {type_} cannot be stored")
    for index in range(type_.num_fields):
        _check_type(type_.field(index).type, column)
