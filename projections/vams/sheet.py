"""What one batch does to one table: the rows as they were, every state they pass through, and the writing of both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from psycopg import Cursor
from psycopg.sql import SQL, Composed, Identifier

from projections.vams.json_text import REPLACEMENT

Key: TypeAlias = tuple[str | int, ...]
R = TypeVar("R", bound=NamedTuple)

_DELETE = SQL("DELETE FROM {table} t USING ({found}) f WHERE t.ctid = f.place")
_CLOSE = SQL("UPDATE {table} t SET valid_to = f.position FROM ({found}) f WHERE t.ctid = f.place")


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table of present rows; the first `key_length` fields of a row are its primary key."""

    name: str
    row: type[R]
    key_length: int
    history: str | None = None
    """The table of every state, with the same columns and then `valid_from` and `valid_to`; None keeps no history."""
    numbers: frozenset[str] = frozenset()
    """The columns of the key that are integers; the others are text."""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key."""
        return self.row._fields[: self.key_length]


class Sheet(Generic[R]):
    """The rows of one table that a batch touches.

    A row that an event replaces as a whole needs no `load`. One that an event changes in part is read before the first
    event is folded: `expect` names it, `load` reads all that were named, in one statement.
    """

    def __init__(self, table: Table[R]) -> None:
        self._table = table
        self._expected: dict[Key, None] = {}
        self._found: dict[Key, R] = {}
        self._states: dict[Key, list[tuple[int, R | None]]] = {}
        self._owned: dict[Key, dict[Key, None]] = {}
        """The keys below each named beginning of a key; all beginnings have one length."""

    def expect(self, key: Key) -> None:
        """Name a row that the batch may need as it was."""
        self._expected[key] = None

    def expect_all(self, owner: Key) -> None:
        """Name every row whose key begins with this; a batch names beginnings of one length only."""
        self._owned[owner] = {}

    def load(self, cursor: Cursor[Any]) -> None:
        """Read the rows that were named."""
        if self._expected:
            self._read(cursor, self._expected, self._table.key)
        if self._owned:
            self._read(cursor, self._owned, self._table.key[: self._owner_length])

    def under(self, owner: Key) -> list[Key]:
        """The keys of the rows that begin with this, which was named, after the events folded so far."""
        return [key for key in self._owned[owner] if self.find(key) is not None]

    def find(self, key: Key) -> R | None:
        """The row after the events folded so far; None when there is none."""
        states = self._states.get(key)
        return states[-1][1] if states else self._found.get(key)

    def get(self, key: Key) -> R:
        """The row after the events folded so far. Raises LookupError: the log holds no such thing at that point."""
        row = self.find(key)
        if row is None:
            raise LookupError(f"An event changes {key} of {self._table.name}, which no event before it made.")
        return row

    def put(self, row: R, position: int) -> None:
        """The row has this state from that position on."""
        self._add(row[: self._table.key_length], row, position)

    def remove(self, key: Key, position: int) -> None:
        """The row is gone from that position on."""
        self._add(key, None, position)

    def write(self, cursor: Cursor[Any]) -> None:
        """Bring the present rows and the history to the end of the batch."""
        if not self._states:
            return
        stale = {key: states[0][0] for key, states in self._states.items() if self._may_exist(key)}
        self._clear(cursor, stale)
        present = [states[-1][1] for states in self._states.values()]
        append(cursor, self._table.name, self._table.row._fields, [row for row in present if row is not None])
        if self._table.history:
            fields = (*self._table.row._fields, "valid_from", "valid_to")
            append(cursor, self._table.history, fields, list(self._intervals()))

    def _read(self, cursor: Cursor[Any], wanted: Iterable[Key], columns: tuple[str, ...]) -> None:
        for values in cursor.execute(_reading(self._table, columns), _by_column(wanted)):
            key = values[: self._table.key_length]
            self._found[key] = self._table.row._make(values)
            self._own(key)

    def _own(self, key: Key) -> None:
        if self._owned and key[: self._owner_length] in self._owned:
            self._owned[key[: self._owner_length]][key] = None

    @property
    def _owner_length(self) -> int:
        return len(next(iter(self._owned)))

    def _may_exist(self, key: Key) -> bool:
        return key in self._found or key not in self._expected

    def _add(self, key: Key, row: R | None, position: int) -> None:
        self._own(key)
        states = self._states.setdefault(key, [])
        if states and (self._table.history is None or states[-1][0] == position):
            states.pop()
        states.append((position, row))

    def _intervals(self) -> Iterator[tuple[Any, ...]]:
        for states in self._states.values():
            ends = [position for position, _ in states[1:]]
            for (start, row), end in zip(states, [*ends, None], strict=True):
                if row is not None:
                    yield (*row, start, end)

    def _clear(self, cursor: Cursor[Any], stale: dict[Key, int]) -> None:
        """Delete the present rows of these keys, and end their history where the batch first changes them."""
        if not stale:
            return
        keys = _by_column(stale)
        cursor.execute(_deleting(self._table), keys)
        if self._table.history:
            cursor.execute(_closing(self._table), [*keys, _array(stale.values())])


def append(cursor: Cursor[Any], table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows that are not there yet; does nothing for none."""
    if not rows:
        return
    with cursor.copy(_copying(table, tuple(columns))) as copy:
        for row in rows if _are_storable(rows) else _storable_rows(rows):
            copy.write_row(row)


def _are_storable(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether no text has a NUL; asked of whole columns, as next to none ever has."""
    return not any("\x00" in "".join(filter(None, column)) for column in zip(*rows, strict=True) if _is_text(column))


def _is_text(column: Sequence[Any]) -> bool:
    return isinstance(next((value for value in column if value is not None), None), str)


def _storable_rows(rows: Sequence[tuple[Any, ...]]) -> Iterator[list[Any]]:
    for row in rows:
        yield [_storable(value) for value in row]


def _storable(value: Any) -> Any:
    """The value, with each NUL of a text as U+FFFD: no column of Postgres holds one, and no event may stop a print."""
    return value.replace("\x00", REPLACEMENT) if type(value) is str and "\x00" in value else value


@cache
def _copying(table: str, columns: tuple[str, ...]) -> bytes:
    return SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), _columns(columns)).as_bytes()


@cache
def _reading(table: Table[Any], columns: tuple[str, ...]) -> bytes:
    """The rows whose keys, or beginnings of keys, have these columns."""
    rows = _rows_of(table.name, columns, columns=table.row._fields)
    query = SQL("SELECT t.* FROM {keys} CROSS JOIN LATERAL ({rows}) t")
    return query.format(keys=_keys(table, columns), rows=rows).as_bytes()


@cache
def _deleting(table: Table[Any]) -> bytes:
    return _DELETE.format(table=Identifier(table.name), found=_places(table, table.name)).as_bytes()


@cache
def _closing(table: Table[Any]) -> bytes:
    assert table.history is not None
    open_ends = _places(table, table.history, is_open=True)
    return _CLOSE.format(table=Identifier(table.history), found=open_ends).as_bytes()


def _places(table: Table[Any], name: str, *, is_open: bool = False) -> Composed:
    """Where in the table of that name the rows of the keys are; open ends come with a position a key."""
    rows = _rows_of(name, table.key, columns=("ctid",), is_open=is_open)
    return SQL("SELECT t.ctid AS place, k.* FROM {keys} CROSS JOIN LATERAL ({rows}) t").format(
        keys=_keys(table, table.key, with_position=is_open), rows=rows
    )


def _keys(table: Table[Any], columns: tuple[str, ...], *, with_position: bool = False) -> Composed:
    """One array a column."""
    casts = {column: "%s::integer[]" if column in table.numbers else "%s::text[]" for column in columns}
    if with_position:
        casts["position"] = "%s::bigint[]"
    arrays = SQL(", ").join(map(SQL, casts.values()))
    return SQL("unnest({}) AS k ({})").format(arrays, _columns(list(casts)))


def _rows_of(table: str, key: Sequence[str], *, columns: Sequence[str], is_open: bool = False) -> Composed:
    """The rows of one key `k`. The OFFSET keeps the planner, which knows nothing of fresh tables, to their index."""
    same = [SQL("r.{0} = k.{0}").format(Identifier(column)) for column in key]
    return SQL("SELECT {columns} FROM {table} r WHERE {same} OFFSET 0").format(
        columns=_columns(columns),
        table=Identifier(table),
        same=SQL(" AND ").join([*same, SQL("r.valid_to IS NULL")] if is_open else same),
    )


def _columns(names: Sequence[str]) -> Composed:
    return SQL(", ").join(map(Identifier, names))


def _by_column(keys: Iterable[Key]) -> list[str]:
    """One array a column, as its literal: the driver would look at every element by itself."""
    return [_array(column) for column in zip(*keys, strict=True)]


def _array(values: Collection[str | int]) -> str:
    joined = '","'.join(map(str, values))
    if "\\" in joined or joined.count('"') != 2 * (len(values) - 1):
        joined = '","'.join(str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return f'{{"{joined}"}}'
