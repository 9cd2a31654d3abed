"""DuckDB statements: names quoted after they were checked against the schema, every value bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, assert_never

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
)

Source = Callable[[str, Filter | None], str]
"""A FROM item with the rows of a table that may match the condition, by the table's name."""

_SQL_OPERATORS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def quoted(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def names(columns: Sequence[str]) -> str:
    """The columns as an SQL list."""
    return ", ".join(map(quoted, columns))


class Conditions:
    """WHERE clauses over a set of tables, with the parameters they bind."""

    def __init__(self, schema_of: Callable[[str], pa.Schema], source: Source) -> None:
        self.parameters: dict[str, Any] = {}
        self._schema_of = schema_of
        self._source = source

    def bind(self, value: Any) -> str:
        """The placeholder of a value."""
        name = f"v{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    def where(self, node: Filter | None, table: str) -> str:
        """The clause for a bound filter on the table, with a leading space; empty when there is none."""
        return f" WHERE {self._sql(node, table)}" if node is not None else ""

    def _sql(self, node: Filter, table: str) -> str:
        match node:
            case AllOf(parts=parts):
                return self._joined(" AND ", parts, table) or "true"
            case AnyOf(parts=parts):
                return self._joined(" OR ", parts, table) or "false"
            case InTable():
                return self._semi_join(node)
            case IsNull(column=column, expected=expected):
                return f"{quoted(column)} IS {'' if expected else 'NOT '}NULL"
            case Comparison() | IsIn() | StartsWith() | Contains():
                return self._column(node, self._schema_of(table).field(node.column).type)
            case Filter():
                raise TypeError(f"{type(node).__name__} is not a condition")
            case _:
                assert_never(node)

    def _joined(self, word: str, parts: Sequence[Filter], table: str) -> str:
        return word.join(f"({self._sql(part, table)})" for part in parts)

    def _column(self, node: Comparison | IsIn | StartsWith | Contains, type_: pa.DataType) -> str:
        column = quoted(node.column)
        match node:
            case Comparison(operator=operator, value=value):
                sql = f"{column} {_SQL_OPERATORS[operator]} {self._value(value, type_)}"
                # DuckDB orders NaN above every number; here it is neither above nor below any.
                return f"({sql} AND NOT isnan({column}))" if operator[0] == "g" and _is_float(type_) else sql
            case IsIn(values=()):
                return "false"
            case IsIn(values=values):
                return f"{column} IN ({', '.join(self._value(value, type_) for value in values)})"
            case StartsWith(prefix=prefix):
                return f"starts_with({column}, {self.bind(prefix)})"
            case Contains(value=value) if types.is_nested(type_):
                return f"list_contains({column}, {self._value(value, type_.value_type)})"
            case Contains(value=value):
                return f"contains({column}, {self.bind(value)})"
            case _:
                assert_never(node)

    def _value(self, value: Any, type_: pa.DataType) -> str:
        return self.bind(storage_value(value, type_))

    def _semi_join(self, node: InTable) -> str:
        source = self._source(node.table, node.where)
        other = quoted(node.other_column)
        return f"{quoted(node.column)} IN (SELECT {other} FROM {source}{self.where(node.where, node.table)})"


def _is_float(type_: pa.DataType) -> bool:
    return bool(types.is_floating(type_))
