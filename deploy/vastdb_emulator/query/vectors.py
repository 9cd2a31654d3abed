"""Comparison of whole vectors, item by item from the first one, as words are compared."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from deploy.vastdb_emulator.errors import BadRequest
from deploy.vastdb_emulator.wire.literals import RawLiteral, as_scalar


def compared(name: str, column: Any, literal: RawLiteral) -> Any:
    """Whether each vector is equal to, before or after the literal; null where the vector is null."""
    equal, less = _order(column, literal)
    results = {
        "equal": equal,
        "not_equal": pc.invert(equal),
        "less": less,
        "less_equal": pc.or_(less, equal),
        "greater": pc.invert(pc.or_(less, equal)),
        "greater_equal": pc.invert(less),
    }
    if name not in results:
        raise BadRequest(f"The filter calls {name}, which vectors are not compared by.")
    return results[name]


def _order(column: Any, literal: RawLiteral) -> tuple[Any, Any]:
    items = literal.value
    size = column.type.list_size
    if not isinstance(items, tuple) or len(items) != size:
        raise BadRequest(f"The filter compares vectors of {size} items with something else.")
    equal = pc.if_else(column.is_null(), None, True)
    less = pc.if_else(column.is_null(), None, False)
    kind = column.type.value_type
    for index, item in enumerate(items):
        values = pc.list_element(column, index)
        scalar = as_scalar(item, kind)
        values = values.cast(scalar.type)
        less = pc.or_(less, pc.and_(equal, pc.less(values, scalar)))
        equal = pc.and_(equal, pc.equal(values, scalar))
    return equal.cast(pa.bool_()), less.cast(pa.bool_())
