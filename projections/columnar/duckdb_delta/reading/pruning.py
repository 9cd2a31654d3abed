"""Which files of a version may hold matching rows, judged by their partition and statistics alone."""

from __future__ import annotations

from typing import Any, assert_never

import pyarrow as pa
import pyarrow.compute as pc

from projections.columnar.duckdb_delta.layout import storage_type, storage_value
from projections.columnar.duckdb_delta.snapshots import Snapshot
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

Mask = Any
"""An Arrow array of one flag a file, or None when nothing is known, which keeps every file."""


def is_decided_by_partition(node: Filter, snapshot: Snapshot) -> bool:
    """Whether each file matches wholly or not at all, so that its rows need not be looked at."""
    return _is_simple(node) and set(columns_of(node)) <= set(snapshot.partition_by)


def undecided(node: Filter | None, snapshot: Snapshot) -> Filter | None:
    """What rows of the matching files still have to be tested for; None when they all match."""
    if node is None or is_decided_by_partition(node, snapshot):
        return None
    if isinstance(node, AllOf):
        return AllOf(tuple(part for part in node.parts if not is_decided_by_partition(part, snapshot)))
    return node


def matching_files(node: Filter | None, snapshot: Snapshot) -> Mask:
    """A mask over snapshot.files: true for every file with a matching row, and often only for those."""
    match node:
        case None | Contains() | InTable():
            return None
        case AllOf(parts=parts):
            return _combined([matching_files(part, snapshot) for part in parts])
        case AnyOf(parts=parts):
            return _any([matching_files(part, snapshot) for part in parts], snapshot)
        case Comparison() | IsIn() | IsNull() | StartsWith():
            return _bounded(node, snapshot)
        case Filter():
            return None
        case _:
            assert_never(node)


def _is_simple(node: Filter) -> bool:
    if isinstance(node, AllOf | AnyOf):
        return all(_is_simple(part) for part in node.parts)
    return isinstance(node, Comparison | IsIn | IsNull | StartsWith)


def _combined(masks: list[Mask]) -> Mask:
    known = [mask for mask in masks if mask is not None]
    if not known:
        return None
    result = known[0]
    for mask in known[1:]:
        result = pc.and_(result, mask)
    return result


def _any(masks: list[Mask], snapshot: Snapshot) -> Mask:
    if any(mask is None for mask in masks):
        return None
    result: Mask = pa.array([False] * snapshot.files.num_rows, pa.bool_())
    for mask in masks:
        result = pc.or_(result, mask)
    return result


def _bounded(node: Comparison | IsIn | IsNull | StartsWith, snapshot: Snapshot) -> Mask:
    if f"least {node.column}" not in snapshot.files.column_names:
        return None
    least = snapshot.files.column(f"least {node.column}")
    greatest = snapshot.files.column(f"greatest {node.column}")
    is_key = node.column in snapshot.partition_by
    match node:
        case IsNull(expected=expected):
            mask = pa.array([not expected] * len(least), pa.bool_()) if is_key else None
        case StartsWith(prefix=prefix):
            mask = _starts_with(least, greatest, prefix)
        case IsIn(values=values):
            mask = _among(least, greatest, _scalars(values, node.column, snapshot))
        case Comparison(operator=operator, value=value):
            (scalar,) = _scalars((value,), node.column, snapshot)
            mask = _compared(least, greatest, operator, scalar, is_key=is_key)
    # An unknown bound keeps its file.
    return None if mask is None else pc.fill_null(mask, True)


def _scalars(values: tuple[Any, ...], column: str, snapshot: Snapshot) -> list[pa.Scalar]:
    registered = snapshot.schema.field(column).type
    # Values are compared with 64-bit bounds: one may be outside the range of a narrow column.
    wide = {pa.int8(): pa.int64(), pa.int16(): pa.int64(), pa.int32(): pa.int64()}
    type_ = storage_type(registered)
    plain = [storage_value(value, registered) for value in values]
    return [pa.scalar(value, wide.get(type_, type_)) for value in plain]


def _starts_with(least: pa.ChunkedArray, greatest: pa.ChunkedArray, prefix: str) -> Mask:
    size = len(prefix)
    low = pc.utf8_slice_codeunits(least, 0, size) if size else least
    high = pc.utf8_slice_codeunits(greatest, 0, size) if size else greatest
    return pc.and_(pc.less_equal(low, prefix), pc.greater_equal(high, prefix))


def _among(least: pa.ChunkedArray, greatest: pa.ChunkedArray, values: list[pa.Scalar]) -> Mask:
    result: Mask = pa.array([False] * len(least), pa.bool_())
    for value in values:
        inside = pc.and_kleene(pc.less_equal(least, value), pc.greater_equal(greatest, value))
        result = pc.or_kleene(result, inside)
    return result


def _compared(
    least: pa.ChunkedArray, greatest: pa.ChunkedArray, operator: str, value: pa.Scalar, *, is_key: bool
) -> Mask:
    match operator:
        case "eq":
            return pc.and_kleene(pc.less_equal(least, value), pc.greater_equal(greatest, value))
        case "lt":
            return pc.less(least, value)
        case "lte":
            return pc.less_equal(least, value)
        case "gt":
            return pc.greater(greatest, value)
        case "gte":
            return pc.greater_equal(greatest, value)
        case _:
            # "ne" says nothing of a range of values, but a partition has one value of its key.
            return pc.not_equal(least, value) if is_key else None
