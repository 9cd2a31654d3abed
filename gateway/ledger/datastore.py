"""The pool of connections that the event store and the feed read and append through."""

from __future__ import annotations

import select
from typing import Any

from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow, dict_row

from gateway.ledger.schema import LOG, LogTable

DEFAULTS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""In seconds, the last in ms. A host that died without a word is noticed within eleven seconds: by the keepalives of a
connection that waits, and by the user timeout where a request is on its way, which else is repeated for minutes."""

WAIT_FOR_CONNECTION_SECONDS = 5.0
RECONNECT_SECONDS = 2.0
"""How long a pool goes on with one attempt to connect, before the next request begins another. The pauses within an
attempt double, so that a longer one would sleep on for as long as the database was away."""
LOCK_TIMEOUT_SECONDS = 30
"""How long an append waits for another one; one held for longer belongs to a process that stopped."""


def attentive(database_url: str) -> str:
    """The URL as connection parameters that notice a host which died without a word; whatever the URL says wins."""
    given = conninfo_to_dict(database_url)
    return make_conninfo(database_url, **{name: value for name, value in DEFAULTS.items() if name not in given})


class LedgerDatastore(PostgresDatastore):
    """A pool that opens lazily and takes a whole libpq URL, where the library's takes five of its parts."""

    def __init__(self, database_url: str, *, pool_size: int, log: LogTable = LOG) -> None:
        super().__init__("", "", "", "", "", schema=log.schema)
        self.log = log
        self.conninfo = attentive(database_url)
        self.pool = ConnectionPool[Connection[DictRow]](
            self.conninfo,
            connection_class=Connection[DictRow],
            kwargs={"row_factory": dict_row, "autocommit": True},
            min_size=1,
            max_size=pool_size,
            open=False,
            configure=_configure,
            check=check_open,
            timeout=WAIT_FOR_CONNECTION_SECONDS,
            reconnect_timeout=RECONNECT_SECONDS,
        )

    def register_type_adapters(self) -> None:
        """Nothing: the library would connect here, to find a composite type that our recorder does not use."""


def _configure(connection: Connection[Any]) -> None:
    connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'; SET idle_in_transaction_session_timeout = '60s'")


def check_open(connection: Connection[Any]) -> None:
    """Refuse a connection that the server has closed: an idle one has nothing to read until then."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        ConnectionPool.check_connection(connection)
