"""Row conditions: a small typed tree, and its dict form; anything not understood is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, assert_never

from projections.columnar.errors import InvalidFilter

Operator = Literal["eq", "ne", "lt", "lte", "gt", "gte"]
Value = object
"""A bool, int, float, str, bytes, date, time, datetime, timedelta, Decimal, UUID or Enum; checked against the
column's type when the filter meets its table."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on rows. A null in the column makes every condition but is_null false."""

    def __and__(self, other: Filter) -> Filter:
        return AllOf((self, other))

    def __or__(self, other: Filter) -> Filter:
        return AnyOf((self, other))


@dataclass(frozen=True, slots=True)
class Comparison(Filter):
    """column operator value. NaN in the column satisfies "ne" only."""

    column: str
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class IsIn(Filter):
    """The column equals one of the values; no values, no rows."""

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class IsNull(Filter):
    """The column is null, or with expected=False is not."""

    column: str
    expected: bool = True


@dataclass(frozen=True, slots=True)
class StartsWith(Filter):
    """The text column begins with exactly this text."""

    column: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Contains(Filter):
    """The text column has this text within, or the list column has this element."""

    column: str
    value: Value


@dataclass(frozen=True, slots=True)
class InTable(Filter):
    """The column equals other_column of at least one row of another table (a semi-join)."""

    column: str
    table: str
    other_column: str
    where: Filter | None = None


@dataclass(frozen=True, slots=True)
class AllOf(Filter):
    """Every part holds; true when there are no parts."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Filter):
    """At least one part holds; false when there are no parts."""

    parts: tuple[Filter, ...]


Filters = Mapping[str, object] | Filter
"""{"year": 2024, "lat": {"gte": 40.0, "lte": 42.0}, "name": {"in": [...]}}: all must hold; or a Filter."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by name, from which conditions are built."""

    name: str

    def eq(self, value: Value) -> Filter:
        return Comparison(self.name, "eq", value)

    def ne(self, value: Value) -> Filter:
        return Comparison(self.name, "ne", value)

    def lt(self, value: Value) -> Filter:
        return Comparison(self.name, "lt", value)

    def lte(self, value: Value) -> Filter:
        return Comparison(self.name, "lte", value)

    def gt(self, value: Value) -> Filter:
        return Comparison(self.name, "gt", value)

    def gte(self, value: Value) -> Filter:
        return Comparison(self.name, "gte", value)

    def is_in(self, values: object) -> Filter:
        return IsIn(self.name, _members(self.name, values))

    def is_null(self, expected: bool = True) -> Filter:
        return IsNull(self.name, _flag(self.name, expected))

    def starts_with(self, prefix: str) -> Filter:
        return StartsWith(self.name, _text(self.name, prefix))

    def contains(self, value: Value) -> Filter:
        return Contains(self.name, value)

    def in_table(self, table: str, column: str, where: Filters | None = None) -> Filter:
        return InTable(self.name, table, column, parse(where))


_OPERATORS: dict[str, Callable[[Column, object], Filter]] = {
    "eq": Column.eq,
    "ne": Column.ne,
    "lt": Column.lt,
    "lte": Column.lte,
    "gt": Column.gt,
    "gte": Column.gte,
    "in": Column.is_in,
    "is_null": lambda column, value: IsNull(column.name, _flag(column.name, value)),
    "prefix": lambda column, value: StartsWith(column.name, _text(column.name, value)),
    "contains": Column.contains,
}


def parse(filters: Filters | None) -> Filter | None:
    """The tree of either form; None and {} mean every row.

    Raises:
        InvalidFilter: an unknown operator, no operator, or a value that is not of the operator's shape.
    """
    if filters is None or isinstance(filters, Filter):
        return filters
    if not isinstance(filters, Mapping):
        raise InvalidFilter(f"filters are a dict of columns or a Filter, not {type(filters).__name__}")
    parts = tuple(part for name, condition in filters.items() for part in _conditions(name, condition))
    return AllOf(parts) if parts else None


def columns_of(node: Filter) -> Iterator[str]:
    """Every column of the filtered table that the condition looks at, repeats included."""
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from columns_of(part)
        case Comparison() | IsIn() | IsNull() | StartsWith() | Contains() | InTable():
            yield node.column
        case Filter():
            raise InvalidFilter(f"{type(node).__name__} is not a condition")
        case _:
            assert_never(node)


def _conditions(name: object, condition: object) -> Iterator[Filter]:
    if not isinstance(name, str):
        raise InvalidFilter(f"a filter column is named by a str, not {name!r}")
    if not isinstance(condition, Mapping):
        yield Comparison(name, "eq", condition)
        return
    if not condition:
        raise InvalidFilter(f"the filter on {name!r} is empty; leave the column out to take every row")
    for operator, value in condition.items():
        build = _OPERATORS.get(operator)
        if build is None:
            raise InvalidFilter(f"{operator!r} on {name!r} is not one of: {', '.join(_OPERATORS)}")
        yield build(Column(name), value)


def _members(column: str, values: object) -> tuple[Value, ...]:
    if isinstance(values, list | tuple | set | frozenset):
        return tuple(values)
    raise InvalidFilter(f"'in' on {column!r} takes a list, tuple or set of values, not {type(values).__name__}")


def _text(column: str, value: object) -> str:
    if isinstance(value, str):
        return value
    raise InvalidFilter(f"'prefix' on {column!r} takes text, not {type(value).__name__}")


def _flag(column: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise InvalidFilter(f"'is_null' on {column!r} is True or False, not {value!r}")
