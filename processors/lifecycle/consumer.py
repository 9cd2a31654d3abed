"""The lifecycle processor: knows the files of every asset, and enqueues a job for each wanted change of objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from domain.assets.events import AssetRevertRequested
from domain.event import Recorded
from processors.jobs.queue import JobQueue
from processors.lifecycle import paths

NAME = "lifecycle"
REVERTS = "reverts"
"""The name of the jobs that revert assets."""


class LifecycleProcessor:
    """Follows new versions of files with its list of paths, and AssetRevertRequested with jobs."""

    name = NAME

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """Nothing: all of it is in Postgres."""

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        """Extend the list, and enqueue a job for each request, once, as it commits with the position."""
        paths.add(connection, batch)
        self._queue.enqueue(connection, REVERTS, [_job(entry, entry.event) for entry in batch if _is_request(entry)])


def _is_request(entry: Recorded) -> bool:
    return isinstance(entry.event, AssetRevertRequested)


def _job(entry: Recorded, event: Any) -> dict[str, Any]:
    return {
        "position": entry.position,
        "correlation_id": entry.cause.correlation_id,
        "database_id": event.database_id,
        "asset_id": event.asset_id,
        "revert_id": event.revert_id,
    }
