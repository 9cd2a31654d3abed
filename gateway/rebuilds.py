"""Rebuilds that were asked for by a command: a follower enqueues them, a job does them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from domain.projections.events import ProjectionRebuildRequested
from gateway.consumers.contracts import Feed, Pool, Projection
from gateway.consumers.errors import PrintsOccupied
from gateway.consumers.rebuild import Progress, rebuild
from processors.jobs.queue import JobQueue

logger = logging.getLogger(__name__)
NAME = "rebuilds"


class RebuildFollower:
    """Enqueues a job for each request, once."""

    name = NAME

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """Nothing is done outside the transaction."""

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        """The jobs become visible with the position."""
        names = [r.event.projection_name for r in batch if isinstance(r.event, ProjectionRebuildRequested)]
        self._queue.enqueue(connection, NAME, [{"projection_name": name} for name in names])


class RebuildWorker:
    """Rebuilds a projection; a rebuild that is under way already answers the request too."""

    def __init__(self, projections: Mapping[str, Projection], feed: Feed, pool: Pool) -> None:
        self._projections = projections
        self._feed = feed
        self._pool = pool

    def run(self, **arguments: Any) -> None:
        """Rebuild and swap the projection `projection_name`; progress is shown by `projections`."""
        try:
            rebuild(self._projections[arguments["projection_name"]], self._feed, self._pool, progress=_ignore)
        except PrintsOccupied as occupied:
            logger.info("%s", occupied)

    def give_up(self, error: Exception, **arguments: Any) -> None:
        """Leave the failure where people look for it: the log, and the state of the projection itself."""
        logger.error("The rebuild of %s was given up: %s", arguments["projection_name"], error)


def _ignore(_: Progress) -> None:
    return None
