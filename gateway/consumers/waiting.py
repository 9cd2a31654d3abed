"""Waiting until a follower has reached a position: what reading one's own writes needs."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import Future
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Any

import psycopg
from psycopg import Connection

from gateway.consumers import positions
from gateway.consumers.contracts import Pool
from gateway.consumers.ownership import dedicated

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
"""The guarantee: how late a position may be noticed that no NOTIFY told of."""
STOP_SECONDS = 0.2
"""How long the end of a process may wait for this thread."""


class Positions:
    """The live position of every follower, in memory; a context manager with a thread that keeps it current."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._reached: dict[str, int] = {}
        self._waiters: dict[str, list[tuple[int, Future[bool]]]] = defaultdict(list)
        self._lock = Lock()
        self._stop = Event()
        self._thread = Thread(target=self._follow, name="positions", daemon=True)

    def __enter__(self) -> Positions:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def reached(self, name: str) -> int:
        """The position last heard of; 0 when none was."""
        return self._reached.get(name, 0)

    def wait(self, name: str, position: int, timeout_seconds: float) -> bool:
        """Whether the follower reached the position in time; blocks the thread."""
        arrival = self._arrival(name, position)
        try:
            return arrival.result(timeout_seconds)
        except TimeoutError:
            return False
        finally:
            self._forget(name, position, arrival)

    async def wait_async(self, name: str, position: int, timeout_seconds: float) -> bool:
        """Whether the follower reached the position in time; blocks no thread."""
        arrival = self._arrival(name, position)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(arrival), timeout_seconds)
        except TimeoutError:
            return False
        finally:
            self._forget(name, position, arrival)

    def _arrival(self, name: str, position: int) -> Future[bool]:
        arrival: Future[bool] = Future()
        with self._lock:
            if self.reached(name) >= position:
                arrival.set_result(True)
            else:
                self._waiters[name].append((position, arrival))
        return arrival

    def _forget(self, name: str, position: int, arrival: Future[bool]) -> None:
        with self._lock:
            if (position, arrival) in self._waiters[name]:
                self._waiters[name].remove((position, arrival))

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                with dedicated(self._pool) as connection:
                    self._listen(connection)
            except psycopg.Error:
                # A crash of Postgres takes back what it had not flushed: followers will pass there again.
                self._know({})
                logger.exception("Cannot follow the positions of consumers; trying again")
                self._stop.wait(POLL_SECONDS)

    def _listen(self, connection: Connection[Any]) -> None:
        connection.execute(f"LISTEN {positions.CHANNEL}")
        while not self._stop.is_set():
            self._know(positions.live_positions(connection))
            looked_at = monotonic()
            while monotonic() - looked_at < POLL_SECONDS and not self._stop.is_set():
                for notification in connection.notifies(timeout=STOP_SECONDS):
                    name, _, reached = notification.payload.rpartition(":")
                    self._arrive(name, int(reached))

    def _know(self, live: Mapping[str, int]) -> None:
        """These are the positions, also where they are lower than before: after a crash, a rollback to an old print."""
        with self._lock:
            self._reached = dict(live)
        for name, position in live.items():
            self._arrive(name, position)

    def _arrive(self, name: str, position: int) -> None:
        with self._lock:
            self._reached[name] = max(self.reached(name), position)
            due = [waiter for waiter in self._waiters[name] if waiter[0] <= self._reached[name]]
            self._waiters[name] = [waiter for waiter in self._waiters[name] if waiter[0] > self._reached[name]]
        for _, arrival in due:
            # A waiter whose time is over may have cancelled it in the same moment.
            if arrival.set_running_or_notify_cancel():
                arrival.set_result(True)
