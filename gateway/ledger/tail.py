"""The thread that waits at the end of the log: NOTIFY is a hint, a look each second is the guarantee."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Sequence
from threading import Thread
from time import monotonic
from typing import Any

import psycopg
from psycopg import Connection

from gateway.ledger.recorder import SELECT_HEAD, Row, fetch_page
from gateway.ledger.schema import LogTable, statement

POLL_SECONDS = 1.0
PAGE_EVENTS = 5_000
FIRST_RETRY_SECONDS = 0.05
LAST_RETRY_SECONDS = 5.0
STALE_SECONDS = 10.0
"""A tail that has not looked for this long is unhealthy even without an error: its server may be frozen."""


class Tail:
    """Hands over every row after the head it finds first, in order and once, however often it is cut off."""

    def __init__(
        self,
        conninfo: str,
        log: LogTable,
        *,
        begin: Callable[[int], None],
        receive: Callable[[Sequence[Row]], None],
    ) -> None:
        self._conninfo = conninfo
        self._log = log
        self._begin = begin
        self._receive = receive
        self._position: int | None = None
        self._looked_at = monotonic()
        self._retry_seconds = FIRST_RETRY_SECONDS
        self._wake, self._woken = socket.socketpair()
        self._stopping = False
        self._thread = Thread(target=self._run, name="ledger-tail", daemon=True)
        self.last_error: psycopg.Error | None = None
        """Why the tail has no connection; None while it has."""

    @property
    def healthy(self) -> bool:
        """Whether what is appended now will be handed over within about a second."""
        is_fresh = self._position is not None and monotonic() - self._looked_at < STALE_SECONDS
        return self._thread.is_alive() and self.last_error is None and is_fresh

    def start(self) -> None:
        """Begin to follow; returns at once, also while the database is down."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and its connection."""
        self._stopping = True
        self._wake.send(b"\0")
        if self._thread.ident is not None:
            self._thread.join()
        self._wake.close()
        self._woken.close()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._follow()
            except psycopg.Error as error:
                self.last_error = error
                self._sleep(self._retry_seconds)
                self._retry_seconds = min(self._retry_seconds * 2, LAST_RETRY_SECONDS)

    def _follow(self) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            # Before the first look: what commits after it is notified, what commits before it is seen.
            connection.execute(statement("LISTEN {channel}", self._log))
            while not self._stopping:
                is_more = self._look(connection)
                # A notification that came with the rows is in libpq by now and makes no socket readable.
                if not is_more and not _notified(connection):
                    self._sleep(POLL_SECONDS, connection)
                    _notified(connection)

    def _look(self, connection: Connection[Any]) -> bool:
        """Hand over the next page; whether there may be another."""
        if self._position is None:
            head = connection.execute(statement(SELECT_HEAD, self._log)).fetchone()
            self._position = (head[0] if head else None) or 0
            self._begin(self._position)
        rows = fetch_page(connection, self._log, after=self._position, limit=PAGE_EVENTS)
        self._looked_at = monotonic()
        self._retry_seconds = FIRST_RETRY_SECONDS
        self.last_error = None
        if rows:
            self._receive(rows)
            self._position = rows[-1].position
        return len(rows) == PAGE_EVENTS

    def _sleep(self, seconds: float, connection: Connection[Any] | None = None) -> None:
        """Until the time is over, the server has something to say, or the tail is to close."""
        poll = select.poll()
        poll.register(self._woken, select.POLLIN)
        if connection is not None:
            poll.register(connection.fileno(), select.POLLIN)
        poll.poll(seconds * 1000)


def _notified(connection: Connection[Any]) -> bool:
    """Whether notifications have arrived; forgets them."""
    return bool(list(connection.notifies(timeout=0)))
