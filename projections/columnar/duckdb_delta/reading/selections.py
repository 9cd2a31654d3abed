"""Reads as SQL over pinned versions: what is asked is checked before anything is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

import pyarrow as pa

from projections.columnar.coercion import bind, check_comparable
from projections.columnar.duckdb_delta.layout import restored
from projections.columnar.duckdb_delta.reading.pruning import (
    is_decided_by_partition,
    matching_files,
    undecided,
)
from projections.columnar.duckdb_delta.reading.queries import Statement
from projections.columnar.duckdb_delta.reading.sql import names, quoted
from projections.columnar.duckdb_delta.snapshots import Snapshot
from projections.columnar.errors import InvalidFilter, UnknownColumn
from projections.columnar.filters import Filter, Filters, parse
from projections.columnar.store import AsOf, OrderBy

Select = Literal["both", "left", "right"]

_FEW_FILES = 4
"""Up to here planning a query costs more than DuckDB's faster scan of many files gains."""


class Described(Protocol):
    """One version of a table, as any backend has it."""

    @property
    def schema(self) -> pa.Schema:
        """The registered schema."""


V = TypeVar("V", bound=Described)


class Pinned(Generic[V]):
    """One version of each table for the whole of a query, taken when the table is first met."""

    def __init__(self, snapshots: Callable[[str, AsOf | None], V], as_of: AsOf | None = None) -> None:
        self._snapshots = snapshots
        self._as_of = as_of
        self._pinned: dict[str, V] = {}

    def __call__(self, table: str) -> V:
        if table not in self._pinned:
            # as_of speaks of the table that is read; tables of semi-joins are read as they are now.
            as_of = None if self._pinned else self._as_of
            self._pinned[table] = self._snapshots(table, as_of)
        return self._pinned[table]

    def bound(self, table: str, filters: Filters | None) -> Filter | None:
        """The checked condition. Raises UnknownColumn, InvalidFilter, UnknownTable."""
        schema = self(table).schema
        node = parse(filters)
        if node is None:
            return None
        return bind(node, table=table, schema=schema, tables=lambda name: self(name).schema)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of one table as asked for: condition, columns, order and limit, all checked."""

    table: str
    schema: pa.Schema
    node: Filter | None
    order: str
    limit: int | None

    def sql(self, query: Statement) -> str:
        source = query.source(self.table, self.node)
        where = query.where(self.table, self.node)
        limit = "" if self.limit is None else f" LIMIT {self.limit}"
        return f"SELECT {names(self.schema.names)} FROM {source}{where}{self.order}{limit}"


def selection(
    pinned: Pinned[Any],
    table: str,
    filters: Filters | None,
    *,
    columns: Sequence[str] | None,
    order_by: OrderBy,
    limit: int | None,
) -> Selection:
    """Check what is asked of the table. Raises UnknownColumn, InvalidFilter, UnknownTable."""
    schema = pinned(table).schema
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
        raise InvalidFilter(f"limit is a whole number of rows or None, not {limit!r}")
    return Selection(
        table=table,
        schema=projected(schema, columns, table),
        node=pinned.bound(table, filters),
        order=_order(schema, order_by, table),
        limit=limit,
    )


def projected(schema: pa.Schema, columns: Sequence[str] | None, table: str) -> pa.Schema:
    """The fields of the columns, in their order. Raises UnknownColumn for none, unknown and repeated ones."""
    if columns is None:
        return schema
    if isinstance(columns, str) or not columns:
        raise UnknownColumn(columns, table, schema.names)
    for index, name in enumerate(columns):
        if name not in schema.names or name in columns[:index]:
            raise UnknownColumn(name, table, schema.names)
    return pa.schema([schema.field(name) for name in columns])


def _order(schema: pa.Schema, order_by: OrderBy, table: str) -> str:
    terms = []
    for term in order_by:
        name, direction = (term, "asc") if isinstance(term, str) else term
        if name not in schema.names:
            raise UnknownColumn(name, table, schema.names)
        if direction not in ("asc", "desc"):
            raise InvalidFilter(f"order of {name!r} is 'asc' or 'desc', not {direction!r}")
        terms.append(f"{quoted(name)} {direction} NULLS LAST")
    return f" ORDER BY {', '.join(terms)}" if terms else ""


def whole_files(pinned: Pinned[Snapshot], asked: Selection) -> list[str] | None:
    """Names of the few files whose rows are the answer as they stand; None where DuckDB has work to do."""
    snapshot = pinned(asked.table)
    if asked.order or asked.limit is not None or undecided(asked.node, snapshot) is not None:
        return None
    paths = snapshot.select(matching_files(asked.node, snapshot))
    return paths if 0 < len(paths) <= _FEW_FILES else None


def counted_in_log(pinned: Pinned[Snapshot], table: str, node: Filter | None) -> int | None:
    """The number of matching rows where the log alone knows it; None where rows have to be read."""
    snapshot = pinned(table)
    if node is None:
        return snapshot.count(None)
    if is_decided_by_partition(node, snapshot):
        return snapshot.count(matching_files(node, snapshot))
    return None


def distinct_in_log(
    pinned: Pinned[Snapshot], table: str, fields: pa.Schema, *, node: Filter | None
) -> list[dict[str, Any]] | None:
    """The distinct partition key values where the log alone knows them; None where rows have to be read."""
    snapshot = pinned(table)
    if not set(fields.names) <= set(snapshot.partition_by):
        return None
    if node is not None and not is_decided_by_partition(node, snapshot):
        return None
    mask = matching_files(node, snapshot)
    files = snapshot.files if mask is None else snapshot.files.filter(mask)
    keys = pa.table({name: files.column(f"least {name}") for name in fields.names})
    found: list[dict[str, Any]] = restored(keys.group_by(fields.names).aggregate([]), fields).to_pylist()
    return found


def joined(
    query: Statement, pinned: Pinned[Any], sides: Sequence[tuple[str, Filter | None]], *, on: str, select: Select
) -> tuple[str, pa.Schema]:
    """The inner join of two tables on an equally named column, and the schema of its rows."""
    (left, _), (right, _) = sides
    fields = _joined_fields(pinned(left).schema, pinned(right).schema, on, select)
    listed = ", ".join(f"{side}.{quoted(field.name)} AS {quoted(name)}" for side, field, name in fields)
    left_rows, right_rows = (
        f"(SELECT * FROM {query.source(table, node)}{query.where(table, node)})" for table, node in sides
    )
    key = quoted(on)
    sql = f"SELECT {listed} FROM {left_rows} AS l JOIN {right_rows} AS r ON l.{key} = r.{key}"
    return sql, pa.schema([field.with_name(name) for _, field, name in fields])


def check_join(pinned: Pinned[Any], left: str, right: str, *, on: str, select: str) -> None:
    """Raise UnknownColumn or InvalidFilter for a join that cannot be meant."""
    for table in (left, right):
        projected(pinned(table).schema, [on], table)
    check_comparable(pinned(left).schema.field(on), pinned(right).schema.field(on))
    if select not in ("both", "left", "right"):
        raise InvalidFilter(f"select is 'both', 'left' or 'right', not {select!r}")


def _joined_fields(left: pa.Schema, right: pa.Schema, on: str, select: Select) -> list[tuple[str, pa.Field, str]]:
    """Side, field and name of every column of the joined row."""
    lefts = [("l", field, field.name) for field in left] if select != "right" else []
    taken = {name for _, _, name in lefts}
    rights = []
    for field in right if select != "left" else ():
        if select == "both" and field.name == on:
            continue
        name = field.name
        while name in taken:
            name += "_right"
        taken.add(name)
        rights.append(("r", field, name))
    return lefts + rights
