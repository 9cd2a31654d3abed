"""Errors of the columnar store, split by what the caller can do about them.

ColumnarError
├── UnknownTable         nobody created it              (also KeyError, RuntimeError)
├── UnknownColumn        a typo in a column name        (also ValueError, KeyError)
├── UnknownVersion       an as_of that cannot be read       (also ValueError)
├── InvalidName          a name no backend may be given (also ValueError)
├── InvalidFilter        an operator or value that cannot be meant (also ValueError)
├── InvalidRecords       rows that do not fit the table (also ValueError)
├── SchemaMismatch       a change of schema that would break readers (also ValueError)
├── UnsupportedType      a type that no column can have (also TypeError)
├── Conflict             others kept winning; try again (also RuntimeError)
│   └── Overtaken        another owner wrote to a table that a batch is being written to
├── Rejected             the storage does not take it, now or later (also RuntimeError)
└── Unavailable          the storage did not answer; try again later (also RuntimeError)
    ├── AccessRefused    the credentials are wrong or may not do this
    └── OutOfSpace       the storage is full

The second bases are part of the contract: code written against the older store catches those.
"""

from __future__ import annotations

from collections.abc import Iterable


class ColumnarError(Exception):
    """Base of everything the columnar store raises on purpose."""

    def __str__(self) -> str:
        # KeyError would show the message as a quoted literal.
        return str(self.args[0]) if self.args else ""


class UnknownTable(ColumnarError, KeyError, RuntimeError):
    """No such table in this store."""

    def __init__(self, table: str, where: str) -> None:
        super().__init__(f"table {table!r} does not exist in {where}; create it with create_table first")
        self.table = table


class UnknownColumn(ColumnarError, ValueError, KeyError):
    """A column that the table does not have."""

    def __init__(self, column: object, table: str, valid: Iterable[str]) -> None:
        names = ", ".join(valid)
        super().__init__(f"table {table!r} has no column {column!r}; its columns are: {names}")
        self.column = column
        self.table = table


class UnknownVersion(ColumnarError, ValueError):
    """A version that the table never had, or whose log has expired."""


class InvalidName(ColumnarError, ValueError):
    """A table or column name that is refused before any storage is touched."""


class InvalidFilter(ColumnarError, ValueError):
    """A filter that names an unknown operator or compares a column with a value of another kind."""


class InvalidRecords(ColumnarError, ValueError):
    """Rows that lack a required column, carry an unknown one, or hold a value that does not fit."""


class SchemaMismatch(ColumnarError, ValueError):
    """A declared schema that the stored table cannot become."""


class UnsupportedType(ColumnarError, TypeError):
    """A type that the store has no column for."""


class Conflict(ColumnarError, RuntimeError):
    """Other writers changed the same rows in every attempt; nothing of this write is visible."""

    is_transient = True


class Overtaken(Conflict):
    """Another owner of a print wrote to it; whoever owns it now writes the batch again from where the print stands."""

    def __init__(self, table: str, expected: int, found: int) -> None:
        super().__init__(
            f"table {table!r} is at version {found} and not at {expected}: another process writes to this print too,"
            " or did before it was replaced. The batch is written again"
        )


class Rejected(ColumnarError, RuntimeError):
    """The storage understood what it was asked and will not do it, however often it is asked."""


class Unavailable(ColumnarError, RuntimeError):
    """The storage could not be reached or read; this never looks like an empty table."""

    is_transient = True


class AccessRefused(Unavailable):
    """The storage knows other credentials, or does not let these do what was asked."""


class OutOfSpace(Unavailable):
    """The storage has no room for what was to be written; nothing of it is visible."""
