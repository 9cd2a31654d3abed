"""Arrow schemas of Pydantic models: what each annotation becomes as a column."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import pyarrow as pa
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from projections.columnar.errors import UnsupportedType

_SCALARS: dict[type, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    bytes: pa.binary(),
    dt.datetime: pa.timestamp("us", tz="UTC"),
    dt.date: pa.date32(),
    dt.time: pa.time64("us"),
    dt.timedelta: pa.duration("us"),
    UUID: pa.string(),
}
_DECIMAL_DIGITS, _DECIMAL_PLACES = 38, 9
"""Of a Decimal that declares neither max_digits nor decimal_places."""


def arrow_schema(model: type[BaseModel]) -> pa.Schema:
    """One column a field, in order; a field that is Optional or has a default is nullable.

    Raises UnsupportedType for an annotation without a column type.
    """
    return pa.schema(_fields(model))


def _fields(model: type[BaseModel]) -> list[pa.Field]:
    return [_column(f"{model.__name__}.{name}", name, field) for name, field in model.model_fields.items()]


def _column(where: str, name: str, field: FieldInfo) -> pa.Field:
    annotation, optional = _without_none(field.annotation)
    type_ = _decimal(field.metadata) if annotation is Decimal else _type(annotation, where)
    return pa.field(name, type_, nullable=optional or not field.is_required())


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation, False
    members = [member for member in get_args(annotation) if member is not type(None)]
    if len(members) == 1:
        return members[0], True
    return annotation, False


def _type(annotation: Any, where: str) -> pa.DataType:
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if annotation is Decimal:
        return _decimal(())
    if get_origin(annotation) is Annotated:
        inner, *constraints = get_args(annotation)
        return _decimal(constraints) if inner is Decimal else _type(inner, where)
    if annotation is dict or get_origin(annotation) is dict:
        # A dict has no fixed keys, so the column holds its JSON text.
        return pa.large_string()
    if get_origin(annotation) is list:
        return _list(annotation, where)
    if get_origin(annotation) is Literal:
        return _of_values(get_args(annotation), where)
    return _class(annotation, where)


def _class(annotation: Any, where: str) -> pa.DataType:
    if annotation is list:
        raise UnsupportedType(f"{where}: say what the list holds, for example list[str]")
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _of_values([member.value for member in annotation], where)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pa.struct(_fields(annotation))
    raise UnsupportedType(f"{where}: {annotation!r} has no column type")


def _list(annotation: Any, where: str) -> pa.DataType:
    element, _ = _without_none(get_args(annotation)[0])
    if element is dict or get_origin(element) is dict:
        raise UnsupportedType(f"{where}: a list of dict has no column type; make the element a model")
    return pa.list_(_type(element, where))


def _of_values(values: Any, where: str) -> pa.DataType:
    kinds = {type(value) for value in values}
    if len(kinds) == 1 and (kind := kinds.pop()) in (str, int):
        return _SCALARS[kind]
    raise UnsupportedType(f"{where}: the values must be all str or all int")


def _decimal(constraints: Iterable[Any]) -> pa.DataType:
    """The type of a Decimal under Pydantic's max_digits and decimal_places, wherever those were said."""
    limits = {"max_digits": _DECIMAL_DIGITS, "decimal_places": _DECIMAL_PLACES}
    for constraint in constraints:
        for limit in (constraint, *getattr(constraint, "metadata", ())):
            limits.update({name: found for name in limits if (found := getattr(limit, name, None)) is not None})
    return pa.decimal128(limits["max_digits"], limits["decimal_places"])
