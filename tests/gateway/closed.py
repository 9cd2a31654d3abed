"""A database that is away: the server runs, and lets nobody into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.sql import SQL, Identifier

from gateway.embedded_postgres import EmbeddedPostgres


@contextmanager
def closed(server: EmbeddedPostgres, url: str) -> Iterator[None]:
    """Throw everybody out of the database at this URL, and let nobody in while the block runs."""
    name = str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
    allow = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(server.uri, autocommit=True) as connection:
        connection.execute(allow.format(Identifier(name), SQL("false")))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            connection.execute(allow.format(Identifier(name), SQL("true")))
