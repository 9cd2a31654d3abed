"""Connections to the database: the one the settings name, or the embedded one in the data directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from gateway import embedded_postgres
from gateway.data_dir import owned
from gateway.ledger.datastore import RECONNECT_SECONDS, check_open
from gateway.postgres_watch import kept_running
from gateway.reads.run import configure_reads
from gateway.settings import Settings

READ_PATH = "tables,search,public"


@contextmanager
def server(settings: Settings) -> Iterator[str]:
    """URL of the database for a server process; the embedded one is kept running, and stopped on leaving.

    Raises DataDirInUse, PostgresUnusable.
    """
    with owned(settings.data_dir):
        if settings.database_url:
            yield settings.database_url
            return
        with kept_running(settings.data_dir / "postgres") as postgres:
            yield postgres.uri


@contextmanager
def visitor(settings: Settings) -> Iterator[str]:
    """URL of the database for a command beside a server: its running one, or one started for the while."""
    url = settings.database_url or embedded_postgres.running_uri(settings.data_dir / "postgres")
    if url:
        yield url
        return
    with server(settings) as url:
        yield url


@contextmanager
def pool(database_url: str, *, size: int = 16) -> Iterator[ConnectionPool[Connection[Any]]]:
    """Connections for consumers and commands; one that a restart of the server has closed is replaced before use."""
    with ConnectionPool(
        database_url,
        min_size=1,
        max_size=size,
        kwargs={"autocommit": True},
        check=check_open,
        reconnect_timeout=RECONNECT_SECONDS,
        open=False,
    ) as opened:
        yield opened


def read_pool(database_url: str, settings: Settings) -> AsyncConnectionPool[Any]:
    """Connections for planned reads, unopened; they see the live prints and give up after `statement_seconds`."""
    milliseconds = round(settings.statement_seconds * 1000)
    options = f"-c search_path={READ_PATH} -c timezone=UTC -c jit=off -c statement_timeout={milliseconds}"
    return AsyncConnectionPool(
        database_url,
        min_size=1,
        max_size=settings.read_connections,
        kwargs={"options": options},
        configure=configure_reads,
        timeout=settings.statement_seconds,
        reconnect_timeout=RECONNECT_SECONDS,
        open=False,
    )
