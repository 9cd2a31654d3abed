"""One caller at a time, of all processes: a lock of the server's that ends with its holder's connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from psycopg.errors import LockNotAvailable

from domain.errors import Contended
from gateway.ledger.errors import LedgerUnavailable

WAIT_SECONDS = 30


@contextmanager
def exclusively(conninfo: str, name: str) -> Iterator[None]:
    """Be alone inside the block with this name; on a connection of its own, so that waiting takes none of a pool's.

    Raises Contended when the one before is still inside after WAIT_SECONDS, and LedgerUnavailable.
    """
    with closing(_connected(conninfo)) as connection:
        _enter(connection, name)
        yield


def _connected(conninfo: str) -> psycopg.Connection:
    try:
        return psycopg.connect(conninfo, autocommit=True)
    except psycopg.OperationalError as error:
        raise LedgerUnavailable(error) from error


def _enter(connection: psycopg.Connection, name: str) -> None:
    try:
        connection.execute("SELECT set_config('lock_timeout', %s, false)", (f"{WAIT_SECONDS}s",))
        connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (f"ledger.exclusively.{name}",))
    except LockNotAvailable as error:
        message = f"Another call has been at the same thing for {WAIT_SECONDS} s: see how it ends, then try again."
        raise Contended(message) from error
    except psycopg.OperationalError as error:
        raise LedgerUnavailable(error) from error
