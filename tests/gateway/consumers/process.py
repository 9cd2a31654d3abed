"""A process that follows the toy log or rebuilds the toy projection: `process.py URL MODE`."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from threading import Event
from typing import Any

from psycopg import Connection
from psycopg.conninfo import make_conninfo

from domain.event import Recorded
from gateway.consumers.contracts import Consumer
from gateway.consumers.rebuild import rebuild
from gateway.consumers.runner import run
from tests.gateway.consumers.toy import Sink, TableFeed, ToyProjection, open_pool


class StallsInPrepare(Sink):
    """Is paused once, after it has read a batch and before it opens the transaction."""

    has_stalled = False

    def prepare(self, batch: Sequence[Recorded]) -> None:
        if not self.has_stalled:
            self.has_stalled = True
            os.kill(os.getpid(), signal.SIGSTOP)


class StallsInCommit(Sink):
    """Is paused once, with the effect written and the transaction open."""

    has_stalled = False

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        super().commit(batch, connection)
        if not self.has_stalled:
            self.has_stalled = True
            os.kill(os.getpid(), signal.SIGSTOP)


class DiesInSwap(ToyProjection):
    """Is killed after the renames, before the commit."""

    def publish(self, connection: Connection[Any], *, generation: int, replaced: int | None) -> None:
        super().publish(connection, generation=generation, replaced=replaced)
        os.kill(os.getpid(), signal.SIGKILL)


class DiesAfterSwap(ToyProjection):
    """Is killed after the swap is committed."""

    def settle(self, *, generation: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


PROJECTIONS: dict[str, type[ToyProjection]] = {
    "rebuild": ToyProjection,
    "die-in-swap": DiesInSwap,
    "die-after-swap": DiesAfterSwap,
}
CONSUMERS: dict[str, type[Consumer]] = {
    "run": Sink,
    "stall-in-prepare": StallsInPrepare,
    "stall-in-commit": StallsInCommit,
}


def main(url: str, mode: str) -> None:
    logging.basicConfig(level=logging.INFO)
    with open_pool(make_conninfo(url, application_name=f"process-{os.getpid()}"), size=2) as pool:
        feed = TableFeed(pool)
        if mode in PROJECTIONS:
            rebuild(PROJECTIONS[mode](), feed, pool, progress=lambda _: None, page=50)
        else:
            run(CONSUMERS[mode](), feed, pool, stop=Event(), page=200)


if __name__ == "__main__":
    main(*sys.argv[1:])
