"""Rebuilds and rollbacks that were asked for by a command: a follower enqueues them, a job does them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from domain.projections.events import ProjectionRebuildRequested, ProjectionRollbackRequested
from gateway.consumers.contracts import Feed, Pool, Projection
from gateway.consumers.errors import NothingToRollBackTo, PrintsOccupied
from gateway.consumers.rebuild import Progress, rebuild, rollback
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
        requests = [
            r.event for r in batch if isinstance(r.event, ProjectionRebuildRequested | ProjectionRollbackRequested)
        ]
        jobs = [
            {
                "projection_name": event.projection_name,
                "is_rollback": isinstance(event, ProjectionRollbackRequested),
            }
            for event in requests
        ]
        self._queue.enqueue(connection, NAME, jobs)


class RebuildWorker:
    """Rebuilds a projection; a rebuild that is under way already answers the request too."""

    def __init__(self, projections: Mapping[str, Projection], feed: Feed, pool: Pool) -> None:
        self._projections = projections
        self._feed = feed
        self._pool = pool

    def run(self, **arguments: Any) -> None:
        """Rebuild the projection `projection_name`, or return to its earlier print, and swap."""
        make_live = rollback if arguments.get("is_rollback") else rebuild
        try:
            make_live(self._projections[arguments["projection_name"]], self._feed, self._pool, progress=_ignore)
        except (PrintsOccupied, NothingToRollBackTo) as refusal:
            logger.warning("%s", refusal)

    def give_up(self, error: Exception, **arguments: Any) -> None:
        """Leave the failure where people look for it: the log, and the state of the projection itself."""
        logger.error("The rebuild of %s was given up: %s", arguments["projection_name"], error)


def _ignore(_: Progress) -> None:
    return None
