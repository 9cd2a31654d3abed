"""A database that is away: the server runs, and lets nobody into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import psycopg
from psycopg.sql import SQL, Identifier

from gateway.embedded_postgres import EmbeddedPostgres


@contextmanager
def refusing_connections(server: EmbeddedPostgres, url: str) -> Iterator[None]:
    """Let nobody new into the database at this URL while the block runs; who is in it stays."""
    allow = partial(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format, Identifier(_name(url)))
    with psycopg.connect(server.uri, autocommit=True) as connection:
        connection.execute(allow(SQL("false")))
        try:
            yield
        finally:
            connection.execute(allow(SQL("true")))


@contextmanager
def closed(server: EmbeddedPostgres, url: str) -> Iterator[None]:
    """The same, with everybody thrown out who was in it."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with refusing_connections(server, url):
        with psycopg.connect(server.uri, autocommit=True) as connection:
            connection.execute(others, (_name(url),))
        yield


def _name(url: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
