"""Which column types a table accepts, and when the values sent for a column are of its type."""

from __future__ import annotations

from typing import Any

import pyarrow.types as pt

from deploy.vastdb_emulator.errors import InvalidColumnTypeParameter, MismatchedColumnType, UnsupportedColumnType

MAX_VECTOR_LENGTH = 1 << 16
SCALARS = (
    pt.is_boolean,
    pt.is_integer,
    pt.is_floating,
    pt.is_string,
    pt.is_binary,
    pt.is_fixed_size_binary,
    pt.is_decimal128,
    pt.is_date32,
    pt.is_time,
    pt.is_timestamp,
)
NOT_IN_VECTORS = (pt.is_boolean, pt.is_string, pt.is_binary, pt.is_fixed_size_binary)


def require_supported(field: Any) -> None:
    """Raise unless VAST DB stores columns of this field's type."""
    kind = field.type
    if pt.is_fixed_size_list(kind):
        _require_vector(field)
    elif pt.is_struct(kind):
        for child in kind:
            require_supported(child)
    elif pt.is_list(kind):
        require_supported(kind.value_field)
    elif pt.is_map(kind):
        require_supported(kind.key_field)
        require_supported(kind.item_field)
    elif not any(is_kind(kind) for is_kind in SCALARS):
        raise _unsupported(field)


def require_matching(sent: Any, declared: Any) -> None:
    """Raise MismatchedColumnType unless the sent field has the declared type and nullability."""
    if sent.type != declared.type or sent.nullable != declared.nullable:
        raise MismatchedColumnType(
            f"TabularMismatchColumnType: column {declared.name} is {_described(declared)}, not {_described(sent)}."
        )


def _require_vector(field: Any) -> None:
    item = field.type.value_field
    if field.type.list_size == 0:
        raise InvalidColumnTypeParameter(f"TabularInvalidColumnTypeParam: column {field.name} is a vector of length 0.")
    is_scalar = any(is_kind(item.type) for is_kind in SCALARS)
    is_excluded = any(is_kind(item.type) for is_kind in NOT_IN_VECTORS)
    if item.nullable or is_excluded or not is_scalar or field.type.list_size > MAX_VECTOR_LENGTH:
        raise _unsupported(field)


def _unsupported(field: Any) -> UnsupportedColumnType:
    return UnsupportedColumnType(
        f"TabularUnsupportedColumnType: column {field.name} is {_described(field)}, which is not stored."
    )


def _described(field: Any) -> str:
    return f"{field.type}{'' if field.nullable else ' not null'}"
