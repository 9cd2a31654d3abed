"""A PostgreSQL that belongs to nobody but the test and is as durable as a real one; it can be ended and begun again."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import psutil

from gateway.embedded_postgres import EmbeddedPostgres, lives, start
from tests.waiting import eventually

Mode = Literal["fast", "immediate"]


@dataclass
class Database:
    """A server of its own, durable; the product knows no more of it than the URL."""

    directory: Path
    server: EmbeddedPostgres = field(init=False)

    def __post_init__(self) -> None:
        self.server = start(self.directory)

    @property
    def url(self) -> str:
        return self.server.uri

    def restart(self, mode: Mode) -> None:
        """End it as `pg_ctl stop -m MODE` does, and return when it answers again; `immediate` makes it recover."""
        if mode == "immediate":
            postmaster = psutil.Process(int((self.directory / "postmaster.pid").read_text().split()[0]))
            postmaster.send_signal(signal.SIGQUIT)
            eventually(lambda: not lives(postmaster))
        else:
            self.server.stop()
        self.server = start(self.directory)


@contextmanager
def external_database(directory: Path) -> Iterator[Database]:
    """A server for as long as the block takes."""
    database = Database(directory)
    try:
        yield database
    finally:
        database.server.stop()
