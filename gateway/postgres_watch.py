"""Keeps the embedded PostgreSQL running for as long as its process needs it, whatever ends it."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from gateway.embedded_postgres import EmbeddedPostgres, PostgresUnusable, start

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.2


@contextmanager
def kept_running(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    """The server of this directory, started again under the same URI when it ends unasked, stopped on leaving.

    When it does not start again this process is told to terminate, and leaving raises PostgresUnusable.
    """
    watch = Watch(start(data_dir))
    watch.thread.start()
    try:
        yield watch.server
    finally:
        watch.end()
        watch.server.stop()
        if watch.failure:
            raise watch.failure


class Watch:
    """Looks after one server, in a thread; pools and followers of the log reconnect by themselves."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server
        self.failure: PostgresUnusable | None = None
        self.thread = Thread(target=self._run, name="postgres-watch", daemon=True)
        self._stop = Event()

    def end(self) -> None:
        """Look no more."""
        self._stop.set()
        self.thread.join()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            if self.server.is_running:
                continue
            logger.error("The embedded PostgreSQL in %s ended unasked; starting it again.", self.server.data_dir)
            try:
                self.server = start(self.server.data_dir)
            except PostgresUnusable as error:
                self.failure = error
                os.kill(os.getpid(), signal.SIGTERM)
                return
