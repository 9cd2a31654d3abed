"""The filter of a query, evaluated over columns: a row is kept where the filter is true, not where it is unknown."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from deploy.vastdb_emulator.errors import BadRequest
from deploy.vastdb_emulator.query import vectors
from deploy.vastdb_emulator.wire.literals import RawLiteral, as_scalar, comparable
from deploy.vastdb_emulator.wire.relation import Call, Expression, FieldAt

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "equal": pc.equal,
    "not_equal": pc.not_equal,
    "greater": pc.greater,
    "greater_equal": pc.greater_equal,
    "less": pc.less,
    "less_equal": pc.less_equal,
}
# A field that this source cannot judge has None: the filter lets all its rows pass.
Columns = Callable[[int], Any | None]


def mask(expression: Expression, columns: Columns, length: int) -> Any:
    """Which of `length` rows the filter keeps, without nulls; `columns` brings the values of a field by its number.

    The language has no negation, so that unknown may be taken for false everywhere.
    """
    if not isinstance(expression, Call):
        raise BadRequest("The filter is not a call of a function.")
    if expression.name == "and":
        return reduce(pc.and_, _masks(expression.arguments, columns, length), _all(length))
    if expression.name == "or":
        return reduce(pc.or_, _masks(_gathered(expression.arguments), columns, length))
    return _judged(expression, columns, length)


def _masks(expressions: tuple[Expression, ...], columns: Columns, length: int) -> list[Any]:
    return [mask(expression, columns, length) for expression in expressions]


def _judged(call: Call, columns: Columns, length: int) -> Any:
    field = call.arguments[0]
    if not isinstance(field, FieldAt):
        raise BadRequest(f"The first argument of {call.name} is not a field.")
    column = columns(field.position)
    if column is None:
        return _all(length)
    if call.name == "is_null":
        return column.is_null()
    if call.name == "is_valid":
        return column.is_valid()
    literals = [argument for argument in call.arguments[1:] if isinstance(argument, RawLiteral)]
    return pc.fill_null(_compared(call.name, column, literals), False)


def _compared(name: str, column: Any, literals: list[RawLiteral]) -> Any:
    if pt.is_fixed_size_list(column.type):
        return vectors.compared(name, column, literals[0])
    values = column.cast(comparable(column.type))
    scalars = [as_scalar(literal, column.type) for literal in literals]
    if name == "is_in":
        return pc.is_in(values, value_set=pa.array([scalar.as_py() for scalar in scalars], values.type))
    if name == "match_substring":
        return pc.match_substring(values, scalars[0].as_py())
    if name not in COMPARISONS:
        raise BadRequest(f"The filter calls {name}, which is none of the functions of this server.")
    return COMPARISONS[name](values, scalars[0])


def _gathered(alternatives: tuple[Expression, ...]) -> tuple[Expression, ...]:
    # A list of keys arrives as thousands of equalities with one field; they are looked up at once.
    equalities: dict[FieldAt, list[Expression]] = {}
    others: list[Expression] = []
    for expression in alternatives:
        match expression:
            case Call("equal", (FieldAt() as field, RawLiteral(value) as literal)) if not isinstance(value, tuple):
                equalities.setdefault(field, []).append(literal)
            case _:
                others.append(expression)
    looked_up = (Call("is_in", (field, *literals)) for field, literals in equalities.items())
    return (*looked_up, *others)


def _all(length: int) -> Any:
    return pa.repeat(True, length)
