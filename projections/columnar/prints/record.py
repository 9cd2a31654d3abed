"""The record in Postgres of which print is live and which versions of its tables belong to its position."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from projections.columnar.errors import ColumnarError
from projections.columnar.prints.contracts import Pinned

RECORD_SQL = files(__package__).joinpath("record.sql").read_bytes()


class NoLivePrint(ColumnarError):
    """Readers came before the first print was published."""

    is_transient = True

    def __init__(self) -> None:
        super().__init__("No print of the columnar tables is live: start the projection 'columnar' once.")


class PrintUnknown(ColumnarError):
    """A batch or comparison is for a print that was never made or is dropped."""

    def __init__(self, generation: int) -> None:
        super().__init__(f"There is no print {generation} of the columnar tables: rebuild 'columnar'.")


def add(connection: Connection[Any], generation: int, versions: Mapping[str, int]) -> None:
    """An empty print that is not live, replacing what an earlier attempt left under this number."""
    connection.execute(RECORD_SQL)
    connection.execute(
        "INSERT INTO columnar_prints.prints (generation, versions) VALUES (%s, %s) ON CONFLICT (generation)"
        " DO UPDATE SET position = 0, versions = excluded.versions, is_live = false, retired_at = NULL,"
        " is_dropped = false",
        (generation, Jsonb(dict(versions))),
    )


def advance(connection: Connection[Any], generation: int, *, position: int, versions: Mapping[str, int]) -> None:
    """These versions hold the log up to the position, inclusive. Raises PrintUnknown."""
    moved = connection.execute(
        "UPDATE columnar_prints.prints SET position = %s, versions = %s WHERE generation = %s",
        (position, Jsonb(dict(versions)), generation),
    )
    if moved.rowcount != 1:
        raise PrintUnknown(generation)


def publish(connection: Connection[Any], *, generation: int, replaced: int | None) -> None:
    """Show readers this print from the end of the transaction on."""
    if replaced is not None:
        connection.execute(
            "UPDATE columnar_prints.prints SET is_live = false, retired_at = clock_timestamp() WHERE generation = %s",
            (replaced,),
        )
    connection.execute(
        "UPDATE columnar_prints.prints SET is_live = true, retired_at = NULL WHERE generation = %s", (generation,)
    )


def others(connection: Connection[Any], generation: int) -> list[int]:
    """Every other print that may still be in the store."""
    query = "SELECT generation FROM columnar_prints.prints WHERE generation <> %s ORDER BY generation"
    return [found for (found,) in connection.cursor(row_factory=tuple_row).execute(query, (generation,))]


def find_live(connection: Connection[Any]) -> Pinned:
    """The print that readers see. Raises NoLivePrint."""
    row = _row(connection, "SELECT generation, position, versions FROM columnar_prints.prints WHERE is_live")
    if row is None:
        raise NoLivePrint
    return Pinned(*row)


def find(connection: Connection[Any], generation: int) -> Pinned:
    """This print as the connection's snapshot has it. Raises PrintUnknown."""
    query = "SELECT generation, position, versions FROM columnar_prints.prints WHERE generation = %s"
    row = _row(connection, query, generation)
    if row is None:
        raise PrintUnknown(generation)
    return Pinned(*row)


def expired(connection: Connection[Any], *, retired_seconds: float) -> list[int]:
    """Prints that are not needed any more and that readers have had this long to let go of."""
    rows = connection.cursor(row_factory=tuple_row).execute(
        "SELECT generation FROM columnar_prints.prints"
        " WHERE is_dropped AND retired_at < clock_timestamp() - make_interval(secs => %s)",
        (retired_seconds,),
    )
    return [generation for (generation,) in rows]


def has_readers(connection: Connection[Any], generation: int) -> bool:
    """Whether the print is or was live."""
    query = "SELECT is_live OR retired_at IS NOT NULL FROM columnar_prints.prints WHERE generation = %s"
    row = _row(connection, query, generation)
    return bool(row and row[0])


def mark_dropped(connection: Connection[Any], generation: int) -> None:
    """Let the print be deleted once its readers have let go of it."""
    connection.execute("UPDATE columnar_prints.prints SET is_dropped = true WHERE generation = %s", (generation,))


def remove(connection: Connection[Any], generation: int) -> None:
    """Forget the print; one that is forgotten already is no error."""
    connection.execute("DELETE FROM columnar_prints.prints WHERE generation = %s", (generation,))


def _row(connection: Connection[Any], query: str, *values: Any) -> tuple[Any, ...] | None:
    return connection.cursor(row_factory=tuple_row).execute(query.encode(), values or None).fetchone()
