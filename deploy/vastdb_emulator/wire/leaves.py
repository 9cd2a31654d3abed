"""Nested columns taken apart into leaves, each wrapped in its parents again: one leaf is what a stream can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.types as pt


@dataclass(frozen=True)
class Leaf:
    """A node of a column's type: the way to it by child numbers, an empty one for the column itself.

    A map has one child, its entries, and these have two: key and value. A vector's item is a node of its own.
    """

    column: str
    path: tuple[int, ...]


def nodes(column: str, kind: Any, path: tuple[int, ...] = ()) -> list[Leaf]:
    """Every node of a column, depth first, parents first."""
    found = [Leaf(column, path)]
    for index, child in enumerate(_children(kind)):
        found.extend(nodes(column, child.type, (*path, index)))
    return found


def leaf_column(array: Any, path: tuple[int, ...]) -> Any:
    """The array with only the leaf at the end of `path`; the array must start at offset zero."""
    kind = array.type
    if pt.is_struct(kind):
        child = leaf_column(array.field(path[0]), path[1:])
        return _wrapped(array, pa.struct([kind.field(path[0]).with_type(child.type)]), child)
    if pt.is_map(kind):
        return _map_leaf(array, path[1:])
    if pt.is_list(kind):
        child = leaf_column(array.values, path[1:])
        return _wrapped(array, pa.list_(kind.value_field.with_type(child.type)), child)
    return array


def field_at(array: Any, path: tuple[int, ...]) -> Any:
    """The values of a struct's field, null where a parent is; other nested types are returned as they are."""
    for index in path:
        if not pt.is_struct(array.type):
            return array
        array = array.flatten()[index]
    return array


def _map_leaf(array: Any, path: tuple[int, ...]) -> Any:
    is_key = path[0] == 0
    field = array.type.key_field if is_key else array.type.item_field
    child = leaf_column(array.keys if is_key else array.items, path[1:])
    entry = pa.struct([field.with_type(child.type)])
    entries = pa.Array.from_buffers(entry, len(child), [None], children=[child])
    return _wrapped(array, pa.list_(pa.field("entries", entry)), entries)


def _wrapped(array: Any, kind: Any, child: Any) -> Any:
    buffers = array.buffers()[: kind.num_buffers]
    return pa.Array.from_buffers(kind, len(array), buffers, children=[child])


def _children(kind: Any) -> list[Any]:
    if pt.is_struct(kind):
        return list(kind)
    if pt.is_map(kind):
        return [pa.field("entries", pa.struct([kind.key_field, kind.item_field]), nullable=False)]
    if pt.is_list(kind) or pt.is_fixed_size_list(kind):
        return [kind.value_field]
    return []
