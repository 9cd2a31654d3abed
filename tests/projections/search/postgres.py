"""A real Postgres with one print of the search projection, and the few steps a consumer runner would do on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from domain.event import Recorded
from projections.search.projection import SCHEMA_SQL, fold_batch

NUMBERS = count(1)


@contextmanager
def database(server_uri: str) -> Iterator[str]:
    """The URI of a database with nothing in it, dropped afterwards."""
    name = f"search_{next(NUMBERS)}"
    with psycopg.connect(server_uri, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield server_uri.replace("/interneg?", f"/{name}?")
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def strike(connection: Connection[Any], schema: str = "search") -> None:
    """An empty print in this schema, which becomes the search path of the session."""
    connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))
    connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
    connection.execute(SQL("SET search_path TO {}, public").format(Identifier(schema)))
    connection.execute(SCHEMA_SQL.encode())


def fold(connection: Connection[Any], log: Sequence[Recorded], *, batch_size: int = 500) -> None:
    """The whole log in batches of this size."""
    for first in range(0, len(log), batch_size):
        fold_batch(log[first : first + batch_size], connection)


TABLES = {
    "buckets": "bucket_id",
    "assets": "database_id, asset_id",
    "files": "document_id",
    "previews": "document_id, s3_version_id",
    "metadata": "document_id, kind, key",
    "links": "asset_link_id",
    "documents": "document_id",
    "vocabulary": "word",
}


def rows(connection: Connection[Any]) -> dict[str, list[Any]]:
    """Every row of the print, by table, in the order of its key."""
    cursor = connection.cursor(row_factory=tuple_row)
    return {
        table: [row for (row,) in cursor.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY {key}")]
        for table, key in TABLES.items()
    }


def document(connection: Connection[Any], document_id: str) -> dict[str, Any] | None:
    """The search document with this id, None when there is none."""
    found = connection.execute("SELECT document FROM documents WHERE document_id = %s", [document_id]).fetchone()
    return None if found is None else found[0]
