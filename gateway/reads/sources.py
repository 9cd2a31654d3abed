"""How a GraphQL type says where its fields live. Templates name the row `{t}` and the row it hangs from `{p}`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Arguments = Mapping[str, Any]
Bind = Callable[..., str]
"""Bind(value, cast) adds a value to the statement and returns its placeholder with the cast."""


@dataclass(frozen=True)
class Column:
    """A scalar: an SQL expression over the row; `as_of` replaces it when the past is read."""

    sql: str
    as_of: str | None = None


@dataclass(frozen=True)
class Signed:
    """A URL that Python signs after the statement ran: an SQL expression giving a JSON array, or null for no URL.

    The array is bucket, key, version id and file name; the seconds come from the argument `expiresInSeconds`.
    """

    sql: str


@dataclass(frozen=True)
class Narrowing:
    """What a relation may narrow its rows by: the field's arguments, and the position of the past that is read."""

    bind: Bind
    arguments: Arguments
    row: str
    parent: str
    as_of: str | None


Narrow = Callable[[Narrowing], Iterable[str]]


@dataclass(frozen=True)
class One:
    """A single row of another source, or null."""

    source: str
    where: str
    narrow: Narrow | None = None
    present: bool = False
    """Read the present state even when the past is asked for."""


@dataclass(frozen=True)
class Many:
    """A list of rows of another source."""

    source: str
    where: str
    order: str
    narrow: Narrow | None = None


@dataclass(frozen=True)
class OrderKey:
    """One column of a total order; its text form goes into cursors and `cast` reads it back. Never null."""

    sql: str
    cast: str
    descending: bool = False


Ordering = Callable[[Arguments], tuple[OrderKey, ...]]


@dataclass(frozen=True)
class Pages:
    """A connection over rows of another source, by keyset."""

    source: str
    where: str
    order: tuple[OrderKey, ...]
    """Total: ends in a unique key."""
    narrow: Narrow | None = None
    ordering: Ordering | None = None
    """Columns that the arguments ask for, before those of `order`."""
    plain_cursor: bool = False
    """The single order column itself is the cursor, and `after` takes its value."""


@dataclass(frozen=True)
class Either:
    """A union: which member a row is, by the value of `tag`."""

    tag: str
    members: Mapping[str, One]


Field = Column | Signed | One | Many | Pages | Either


@dataclass(frozen=True)
class Source:
    """The table or rows behind one GraphQL type."""

    type_name: str
    table: str
    """A table name, or any FROM item; may use `{p}` when it is a set-returning expression over the parent row."""
    fields: Mapping[str, Field]
    history: str | None = None
    """Table with valid_from and valid_to that stands in when the past is read."""
    until: str | None = None
    """Expression giving the position a row came to be at, for tables that only grow."""
    rows: Callable[[Narrowing], str] | None = None
    """Makes the FROM item from the field's arguments, in place of `table`."""
    past: str | None = None
    """FROM item that stands in when the past is read; may use `{as_of}`."""


def timestamp(sql: str) -> Column:
    """RFC 3339 in UTC with microseconds."""
    return Column(f"""to_char({sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""")


def global_id(type_name: str, *columns: str) -> Column:
    """The Node id: base64 of the type name, a colon and the JSON array of the natural key."""
    key = f"json_build_array({', '.join(columns)})::text"
    return Column(f"translate(encode(convert_to('{type_name}:' || {key}, 'UTF8'), 'base64'), E'\\n', '')")
