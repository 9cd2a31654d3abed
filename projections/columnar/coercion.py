"""Filter values as the column stores them: a value of another kind is an error, never a silent no-match."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from enum import Enum
from typing import Any, assert_never
from uuid import UUID

import pyarrow as pa
from pyarrow import types

from projections.columnar.errors import InvalidFilter, UnknownColumn
from projections.columnar.filters import (
    AllOf,
    AnyOf,
    Comparison,
    Contains,
    Filter,
    InTable,
    IsIn,
    IsNull,
    StartsWith,
)

Tables = Callable[[str], pa.Schema]
"""The registered schema of a table by name, for semi-joins."""


def bind(node: Filter, *, table: str, schema: pa.Schema, tables: Tables) -> Filter:
    """The same condition with every column checked and every value of its column's type.

    Times without an offset are UTC. Raises UnknownColumn and InvalidFilter.
    """

    def recur(part: Filter) -> Filter:
        return bind(part, table=table, schema=schema, tables=tables)

    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(map(recur, parts)))
        case AnyOf(parts=parts):
            return AnyOf(tuple(map(recur, parts)))
        case InTable():
            return _bind_semi_join(node, table=table, schema=schema, tables=tables)
        case Comparison() | IsIn() | IsNull() | StartsWith() | Contains():
            return _bind_column(node, _field(schema, node.column, table))
        case Filter():
            raise InvalidFilter(f"{type(node).__name__} is not a condition")
        case _:
            assert_never(node)


def _bind_column(node: Comparison | IsIn | IsNull | StartsWith | Contains, field: pa.Field) -> Filter:
    match node:
        case Comparison():
            return replace(node, value=coerce(node.value, field))
        case IsIn():
            return replace(node, values=tuple(coerce(value, field) for value in node.values))
        case IsNull():
            return node
        case StartsWith():
            if not _is_text(field.type):
                raise _wrong(field, "prefix needs a text column")
            return node
        case Contains():
            return replace(node, value=_element(node.value, field))
        case _:
            assert_never(node)


def _bind_semi_join(node: InTable, *, table: str, schema: pa.Schema, tables: Tables) -> Filter:
    other = tables(node.table)
    check_comparable(_field(schema, node.column, table), _field(other, node.other_column, node.table))
    if node.where is None:
        return node
    return replace(node, where=bind(node.where, table=node.table, schema=other, tables=tables))


def check_comparable(left: pa.Field, right: pa.Field) -> None:
    """Raise InvalidFilter unless values of the two columns can equal each other."""
    if _kind(left.type) is None or _kind(left.type) is not _kind(right.type):
        raise InvalidFilter(f"{left.name!r} ({left.type}) and {right.name!r} ({right.type}) cannot be compared")


def _field(schema: pa.Schema, column: str, table: str) -> pa.Field:
    if column not in schema.names:
        raise UnknownColumn(column, table, schema.names)
    return schema.field(column)


def coerce(value: object, field: pa.Field) -> Any:
    """The value as the column holds it; times are aware UTC where the column has a zone, else naive.

    Raises InvalidFilter for None and NaN, which never equal anything, and for values of another kind.
    """
    if isinstance(value, Enum):
        value = value.value
    if value is None:
        raise _wrong(field, 'None never equals anything; use {"is_null": True}')
    kind = _kind(field.type)
    if kind is None:
        raise _wrong(field, "this type can only be tested with is_null (a list also with contains)")
    converted = kind(value, field.type)
    if converted is None:
        raise _wrong(field, f"{value!r} is not a value of that type")
    return converted


def _element(value: object, field: pa.Field) -> Any:
    if types.is_list(field.type) or types.is_large_list(field.type) or types.is_fixed_size_list(field.type):
        return coerce(value, field.type.value_field.with_name(field.name))
    if _is_text(field.type):
        return coerce(value, field)
    raise _wrong(field, "contains needs a text or list column")


def _wrong(field: pa.Field, why: str) -> InvalidFilter:
    return InvalidFilter(f"filter on {field.name!r} ({field.type}): {why}")


def _is_text(type_: pa.DataType) -> bool:
    return _kind(type_) is _as_text


def _as_bool(value: object, _: pa.DataType) -> bool | None:
    return value if isinstance(value, bool) else None


def _as_int(value: object, _: pa.DataType) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -(2**63) <= value < 2**64 else None


def _as_float(value: object, _: pa.DataType) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return None
    return float(value)


def _as_text(value: object, _: pa.DataType) -> str | None:
    if isinstance(value, UUID):
        return str(value)
    return value if isinstance(value, str) else None


def _as_bytes(value: object, _: pa.DataType) -> bytes | None:
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else None


def _as_decimal(value: object, _: pa.DataType) -> Decimal | None:
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _as_date(value: object, _: pa.DataType) -> dt.date | None:
    if isinstance(value, str):
        value = _parsed(dt.date.fromisoformat, value)
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None


def _as_time(value: object, _: pa.DataType) -> dt.time | None:
    if isinstance(value, str):
        value = _parsed(dt.time.fromisoformat, value)
    return value if isinstance(value, dt.time) and value.tzinfo is None else None


def _as_duration(value: object, _: pa.DataType) -> dt.timedelta | None:
    return value if isinstance(value, dt.timedelta) else None


def _as_timestamp(value: object, type_: pa.DataType) -> dt.datetime | None:
    if isinstance(value, str):
        value = _parsed(dt.datetime.fromisoformat, value)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    if not isinstance(value, dt.datetime):
        return None
    moment = value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
    return moment if type_.tz is not None else moment.replace(tzinfo=None)


def _parsed(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return None


_KINDS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[object, pa.DataType], Any]], ...] = (
    (types.is_boolean, _as_bool),
    (types.is_integer, _as_int),
    (types.is_floating, _as_float),
    (types.is_string, _as_text),
    (types.is_large_string, _as_text),
    (types.is_string_view, _as_text),
    (types.is_binary, _as_bytes),
    (types.is_large_binary, _as_bytes),
    (types.is_fixed_size_binary, _as_bytes),
    (types.is_decimal, _as_decimal),
    (types.is_date, _as_date),
    (types.is_time, _as_time),
    (types.is_duration, _as_duration),
    (types.is_timestamp, _as_timestamp),
)


def _kind(type_: pa.DataType) -> Callable[[object, pa.DataType], Any] | None:
    """The converter of a column type; None for types without equality."""
    if types.is_dictionary(type_):
        return _kind(type_.value_type)
    return next((convert for is_kind, convert in _KINDS if is_kind(type_)), None)
