"""The part of a condition that the cluster decides: what it cannot, or might decide otherwise, is tested here."""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
from pyarrow import types

from projections.columnar.duckdb_delta.layout import storage_value
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
    columns_of,
)

MOST_VALUES = 5_000
"""Of a list that is sent; the SDK's requests are bounded, and each value takes 116 bytes."""
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Pushdown:
    """What is asked of the cluster, and what is left to test its rows for."""

    predicate: Any = None
    """An ibis expression over the table's columns; None asks for every row."""
    rest: Filter | None = None


def pushdown(node: Filter | None, schema: pa.Schema) -> Pushdown:
    """Split a bound condition; the cluster's rows that pass the rest are exactly the matching ones."""
    if node is None:
        return Pushdown()
    parts = list(_conjuncts(node))
    sent = [(part, _alternatives(part, schema)) for part in parts]
    predicates = [predicate for _, predicate in sent if predicate is not None]
    rest = tuple(part for part, predicate in sent if predicate is None or not _is_exact(part, schema))
    return Pushdown(functools.reduce(operator.and_, predicates) if predicates else None, AllOf(rest) if rest else None)


def among(column: str, values: pa.ChunkedArray, type_: pa.DataType) -> Any:
    """The predicate for rows whose column has one of the values, or one between the least and greatest of them.

    None where the cluster cannot decide it.
    """
    found = [value for value in values.unique().to_pylist() if value is not None]
    if not found:
        return None
    if len(found) > MOST_VALUES:
        low = _leaf(Comparison(column, "gte", min(found)), type_)
        high = _leaf(Comparison(column, "lte", max(found)), type_)
        return None if low is None or high is None else low & high
    return _leaf(IsIn(column, tuple(found)), type_)


def _conjuncts(node: Filter) -> Sequence[Filter]:
    return [found for part in node.parts for found in _conjuncts(part)] if isinstance(node, AllOf) else [node]


def _alternatives(node: Filter, schema: pa.Schema) -> Any:
    """The predicate of one conjunct: alternatives that all look at one column, as the cluster takes no others."""
    if isinstance(node, AllOf | InTable):
        return None
    column, *others = dict.fromkeys(columns_of(node)) or [""]
    if others or not column:
        return None
    leaves = [_leaf(part, schema.field(column).type) for part in _disjuncts(node)]
    return None if any(leaf is None for leaf in leaves) else functools.reduce(operator.or_, leaves)


def _disjuncts(node: Filter) -> Sequence[Filter]:
    return [found for part in node.parts for found in _disjuncts(part)] if isinstance(node, AnyOf) else [node]


def _leaf(node: Filter, type_: pa.DataType) -> Any:
    match node:
        case IsNull(column=column, expected=expected) if not types.is_nested(type_):
            return ibis._[column].isnull() if expected else ~ibis._[column].isnull()
        case Comparison(column=column, operator=name, value=value) if _is_sendable(value, type_, name):
            return _COMPARISONS[name](ibis._[column], _sent(value, type_))
        case IsIn(column=column, values=values) if _are_sendable(values, type_):
            return ibis._[column].isin([_sent(value, type_) for value in values])
        case StartsWith(column=column, prefix=prefix) if types.is_string(type_) and prefix:
            return ibis._[column].startswith(prefix)
        case Contains(column=column, value=str(value)) if types.is_string(type_) and value:
            return ibis._[column].contains(value)
    return None


def _are_sendable(values: Sequence[Any], type_: pa.DataType) -> bool:
    return 0 < len(values) <= MOST_VALUES and all(_is_sendable(value, type_, "eq") for value in values)


def _is_sendable(value: Any, type_: pa.DataType, name: str) -> bool:
    if types.is_float64(type_):
        # Whether NaN differs from a number is not said; the other comparisons are tested again here.
        return name != "ne"
    if types.is_integer(type_) or types.is_duration(type_):
        return _fits(_sent(value, type_), type_)
    if types.is_timestamp(type_):
        return _is_whole(value, type_)
    return bool(types.is_string(type_) or (types.is_boolean(type_) and name in ("eq", "ne")) or types.is_date32(type_))


def _sent(value: Any, type_: pa.DataType) -> Any:
    return storage_value(value, type_) if types.is_duration(type_) else value


def _fits(value: int, type_: pa.DataType) -> bool:
    bits = 64 if types.is_duration(type_) else type_.bit_width
    if types.is_unsigned_integer(type_):
        # ibis has no literal beyond 63 bits.
        return bool(0 <= value < 2 ** min(bits, 63))
    return bool(-(2 ** (bits - 1)) <= value < 2 ** (bits - 1))


def _is_whole(value: dt.datetime, type_: pa.DataType) -> bool:
    parts: int = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 1}[type_.unit]
    # Nanoseconds do not reach as far as the calendar.
    is_near = 1700 < value.year < 2250
    is_whole = not value.microsecond % parts
    return is_whole and (is_near or bool(type_.unit != "ns"))


def _is_exact(node: Filter, schema: pa.Schema) -> bool:
    return not any(types.is_floating(schema.field(column).type) for column in columns_of(node))
