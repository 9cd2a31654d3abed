"""Prints of a Postgres projection: one schema each, built beside the live one and swapped in by a rename."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Identifier, Literal

KEYS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attname IS NOT NULL)
FROM pg_class c
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
GROUP BY c.relname ORDER BY c.relname
"""

INDEX = re.compile(r"^CREATE (?P<kind>INDEX|UNIQUE INDEX) (?P<name>\w+)\s(?P<rest>.*?;)[ ]*$", re.MULTILINE | re.DOTALL)
"""A statement of a schema that makes an index, from the beginning of a line to the end of one."""


@dataclass(frozen=True)
class Target:
    """Which print of a projection a batch goes to."""

    generation: int
    is_live: bool
    """True for the one print that readers see."""


@dataclass(frozen=True)
class Views:
    """What a print shows beside its tables, in a schema that is renamed along with theirs."""

    schema: str
    """The name while the print is live; any other print's is `<schema>_g<generation>`."""
    sql: str
    """Statements that make the views; unqualified names are the views' own, then the print's tables."""


@dataclass(frozen=True)
class Difference:
    """One row that the live print and a print struck afresh do not agree on."""

    table: str
    key: Mapping[str, Any]
    """The primary key, by column."""
    live: Mapping[str, Any] | None
    """The row as readers see it; None when they see none."""
    rebuilt: Mapping[str, Any] | None
    """The row as the log gives it; None when the log gives none."""


class PrintAhead(Exception):
    """The live print holds more of the log than it was to be compared at, in a store that keeps no versions.

    The view that was found is kept for the next comparison, which has to be at this position.
    """

    def __init__(self, position: int) -> None:
        super().__init__(f"The live print is at position {position} already: compare it there.")
        self.position = position


class NoPrimaryKey(Exception):
    """A table of a print cannot be compared because its rows have no name."""

    def __init__(self, schema: str, table: str) -> None:
        super().__init__(f"The table {table!r} of {schema!r} has no primary key: declare one in its schema.sql.")


class SchemaPrint:
    """The tables of one Postgres projection; a projection derives from it and adds `shape`, `prepare` and `apply`.

    The live print is the schema `<name>`, any other is `<name>_g<generation>`; its views have a schema more.
    `schema_sql` holds statements with unqualified names. What a print holds must follow from the log alone: a serial
    column or a `now()` default would differ from one print to the next, and `differences` would say so.
    """

    page = 5000
    """Events a batch while a print is filled."""

    def __init__(
        self, name: str, schema_sql: str, *, views: Views | None = None, early: Collection[str] | None = None
    ) -> None:
        """`early` names the indexes that `apply` reads; a print that is filled gets the others when it is complete,
        which takes a fraction of the time that keeping them takes. None keeps all of them.
        """
        self.name = name
        self._schema_sql = schema_sql
        late = [found for found in INDEX.finditer(schema_sql) if early is not None and found["name"] not in early]
        self._late = {
            found["name"]: f"CREATE {found['kind']} IF NOT EXISTS {found['name']} {found['rest']}" for found in late
        }
        self._views = views

    def schema(self, target: Target) -> str:
        """The schema that holds this print."""
        return _schema(self.name, target)

    def use(self, connection: Connection[Any], *, target: Target) -> None:
        """Let unqualified names mean this print's tables (then `public`, for extensions) until the transaction ends."""
        path = SQL(", ").join([Identifier(self.schema(target)), Identifier("public")])
        connection.execute(SQL("SET LOCAL search_path TO {}").format(path))

    def create(self, connection: Connection[Any], *, generation: int) -> None:
        """Make an empty print, replacing what a crash left under its name. Raises NoPrimaryKey."""
        target = Target(generation, is_live=False)
        self.drop(connection, generation=generation)
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(self.schema(target))))
        self.use(connection, target=target)
        connection.execute(self._schema_sql.encode())
        self._keys(connection, self.schema(target))
        if self._views:
            views = Identifier(_schema(self._views.schema, target))
            connection.execute(SQL("CREATE SCHEMA {}").format(views))
            path = SQL(", ").join([views, Identifier(self.schema(target)), Identifier("public")])
            connection.execute(SQL("SET LOCAL search_path TO {}").format(path))
            connection.execute(self._views.sql.encode())

    def defer(self, connection: Connection[Any], *, generation: int) -> None:
        """Do without the late indexes."""
        self.use(connection, target=Target(generation, is_live=False))
        for name in self._late:
            connection.execute(SQL("DROP INDEX {}").format(Identifier(name)))

    def complete(self, connection: Connection[Any], *, generation: int) -> None:
        """Make the late indexes, each in a transaction of its own, and let the planner know their tables."""
        target = Target(generation, is_live=False)
        for statement in self._late.values():
            with connection.transaction():
                self.use(connection, target=target)
                connection.execute(statement.encode())
        for table in self._keys(connection, self.schema(target)) if self._late else ():
            connection.execute(SQL("ANALYZE {}").format(Identifier(self.schema(target), table)))

    def publish(self, connection: Connection[Any], *, generation: int, replaced: int | None) -> None:
        """Rename this print to the live name, and the one it replaces away from it; takes no lock on any table."""
        for name in self._schemas():
            if replaced is not None and _exists(connection, name):
                _rename(connection, name, _schema(name, Target(replaced, is_live=False)))
            _rename(connection, _schema(name, Target(generation, is_live=False)), name)

    def settle(self, *, generation: int) -> None:
        """Nothing: the swap is whole with its transaction."""

    def drop(self, connection: Connection[Any], *, generation: int) -> None:
        """Drop a print that is not live; one that is gone already is no error."""
        for name in self._schemas():
            schema = Identifier(_schema(name, Target(generation, is_live=False)))
            connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))

    def _schemas(self) -> list[str]:
        """Live names, views first: dropping takes locks in the order in which a reader of a view does."""
        return [*([self._views.schema] if self._views else []), self.name]

    def differences(
        self, connection: Connection[Any], *, live: Target, scratch: Target, limit: int
    ) -> Iterator[Difference]:
        """At most `limit` rows that differ, by table name and then by key; rows are compared byte for byte."""
        return islice(self._differences(connection, (self.schema(live), self.schema(scratch)), limit), limit)

    def row_counts(self, connection: Connection[Any], *, target: Target) -> dict[str, int]:
        """The number of rows by table: what a comparison with no difference was about."""
        schema = self.schema(target)
        return {
            table: _rows(connection, SQL("SELECT count(*) FROM {}").format(Identifier(schema, table)))[0][0]
            for table in self._keys(connection, schema)
        }

    def _differences(self, connection: Connection[Any], schemas: tuple[str, str], limit: int) -> Iterator[Difference]:
        for table, key in self._keys(connection, schemas[1]).items():
            for row in _rows(connection, _comparison(table, key, schemas, limit=limit)):
                yield Difference(table, *row)

    def _keys(self, connection: Connection[Any], schema: str) -> dict[str, list[str]]:
        keys = dict(_rows(connection, SQL(KEYS), Identifier(schema).as_string(connection)))
        for table, columns in keys.items():
            if not columns:
                raise NoPrimaryKey(schema, table)
        return keys


def _schema(name: str, target: Target) -> str:
    return name if target.is_live else f"{name}_g{target.generation}"


def _rename(connection: Connection[Any], old: str, new: str) -> None:
    connection.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(old), Identifier(new)))


def _exists(connection: Connection[Any], schema: str) -> bool:
    """False for the views of a print that was made before there were any."""
    return bool(_rows(connection, SQL("SELECT 1 FROM pg_namespace WHERE nspname = %s"), schema))


def _comparison(table: str, key: list[str], schemas: tuple[str, str], *, limit: int) -> Composed:
    columns = [Identifier(column) for column in key]
    return SQL(
        "SELECT jsonb_build_object({names}), to_jsonb(l), to_jsonb(r) FROM {live} l FULL JOIN {rebuilt} r ON {same}"
        " WHERE l.{first} IS NULL OR r.{first} IS NULL OR l *<> r ORDER BY {order} LIMIT {limit}"
    ).format(
        names=SQL(", ").join(SQL("{}, {}").format(Literal(n), _either(c)) for n, c in zip(key, columns, strict=True)),
        live=Identifier(schemas[0], table),
        rebuilt=Identifier(schemas[1], table),
        same=SQL(" AND ").join(SQL("l.{0} = r.{0}").format(column) for column in columns),
        first=columns[0],
        order=SQL(", ").join(_either(column) for column in columns),
        limit=Literal(limit),
    )


def _either(column: Identifier) -> Composed:
    return SQL("coalesce(l.{0}, r.{0})").format(column)


def _rows(connection: Connection[Any], query: SQL | Composed, *parameters: str) -> list[tuple[Any, ...]]:
    return connection.cursor(row_factory=tuple_row).execute(query, parameters or None).fetchall()
