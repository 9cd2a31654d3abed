"""The uploads processor: sets the timer of every session, and has what ended sessions left in the store removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from domain.uploads.events import UploadAborted, UploadCompleted, UploadExpired, UploadStarted
from processors.jobs.queue import JobQueue

NAME = "uploads"
EXPIRIES = "upload-expiries"
"""The name of the jobs that end sessions whose time is over."""
REMAINS = "upload-remains"
"""The name of the jobs that remove what aborted and expired sessions left in the store."""


class UploadProcessor:
    """Follows UploadStarted with a timer, and UploadAborted and UploadExpired with a removal."""

    name = NAME

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """Nothing: all of it is in Postgres."""

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        """Enqueue the jobs, once, as they commit with the position."""
        self._queue.schedule(connection, EXPIRIES, _timers(batch))
        ended = [entry for entry in batch if isinstance(entry.event, UploadAborted | UploadExpired)]
        self._queue.enqueue(connection, REMAINS, [_job(entry) for entry in ended])


def _timers(batch: Sequence[Recorded]) -> list[tuple[datetime, dict[str, Any]]]:
    """For the sessions that start in the batch and do not end in it."""
    timers: dict[str, tuple[datetime, dict[str, Any]]] = {}
    for entry in batch:
        match entry.event:
            case UploadStarted(upload_id=upload_id, expires_at=expires_at):
                timers[upload_id] = (expires_at, _job(entry))
            case UploadCompleted(upload_id=upload_id) | UploadAborted(upload_id=upload_id):
                timers.pop(upload_id, None)
    return list(timers.values())


def _job(entry: Recorded) -> dict[str, Any]:
    return {
        "position": entry.position,
        "correlation_id": entry.cause.correlation_id,
        "upload_id": getattr(entry.event, "upload_id"),  # noqa: B009 - the caller chose events of uploads
    }
