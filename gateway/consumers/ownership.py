"""Who runs a follower: one session lock, which the server takes back from an owner that is dead or stalled."""

from __future__ import annotations

import logging
from threading import Event, Thread
from types import TracebackType
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import scalar_row

from gateway.consumers.contracts import Pool

logger = logging.getLogger(__name__)

LEASE_SECONDS = 4.0
"""The server ends the session of an owner that was silent for so long; a killed process loses it at once."""
HEARTBEAT_SECONDS = 1.0
RETRY_SECONDS = 0.25
"""How often a standby asks for the lock."""


def dedicated(pool: Pool) -> Connection[Any]:
    """A connection to the pool's database that is not the pool's, in autocommit: for locks and for LISTEN."""
    conninfo = pool.conninfo() if callable(pool.conninfo) else pool.conninfo
    arguments = pool.kwargs() if callable(pool.kwargs) else pool.kwargs
    return psycopg.connect(conninfo, **{**(arguments or {}), "autocommit": True})


class Ownership:
    """The right to run what `name` says; a context manager, which gives the right back when it ends.

    It only keeps two owners from doing the same work. That the work is done once follows from the compare-
    and-set on the position, which also holds for an owner that does not know yet that it was replaced.
    """

    def __init__(self, pool: Pool, name: str) -> None:
        self._pool = pool
        self._name = name
        self._is_held = False
        self._ended = Event()
        self._heartbeat = Thread(target=self._beat, name=f"own {name}", daemon=True)

    @property
    def is_held(self) -> bool:
        """False before the lock was taken, and from the heartbeat on that failed."""
        return self._is_held

    def __enter__(self) -> Ownership:
        self._connection = dedicated(self._pool)
        self._connection.execute("SELECT set_config('idle_session_timeout', %s, false)", (f"{LEASE_SECONDS}s",))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._heartbeat.ident is not None:
            self._heartbeat.join()
        self._is_held = False
        self._connection.close()

    def acquire(self, stop: Event, *, timeout_seconds: float | None = None) -> bool:
        """Wait for the lock until `stop` is set or the time is over (None: without end); whether it was taken."""
        tries = 0
        while not stop.is_set():
            if self._try():
                return True
            tries += 1
            if timeout_seconds is not None and tries * RETRY_SECONDS > timeout_seconds:
                return False
            stop.wait(RETRY_SECONDS)
        return False

    def is_taken(self) -> bool:
        """Whether another process holds the right now; asks, and takes nothing."""
        cursor = self._connection.cursor(row_factory=scalar_row)
        key = f"consumers.{self._name}"
        query = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
        if not cursor.execute(query, (key,)).fetchone():
            return True
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", (key,))
        return False

    def _try(self) -> bool:
        cursor = self._connection.cursor(row_factory=scalar_row)
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (f"consumers.{self._name}",))
        if cursor.fetchone():
            self._is_held = True
            self._heartbeat.start()
        return self._is_held

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT_SECONDS):
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error as error:
                logger.warning("This process no longer owns %s: %s", self._name, error)
                self._is_held = False
                return
