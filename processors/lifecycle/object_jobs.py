"""The record of jobs that bring objects up to the log: which are wanted, how far each has come, and why one failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import tuple_row

from domain.assets.events import (
    AssetArchived,
    AssetPermanentlyDeleted,
    AssetPreviewDeleted,
    AssetUnarchived,
)
from domain.cause import Order
from domain.errors import NotFound
from domain.event import Recorded
from domain.files.events import FileArchived, FilePermanentlyDeleted, FileUnarchived
from domain.transfers.events import FileTransferCompleted
from processors.jobs.queue import JobQueue
from processors.lifecycle.kinds import PRIORITY, JobKind, WantedJob, answering, asset_lock


class ObjectJobKind(StrEnum):
    """What a job does to objects."""

    VISIBILITY = "VISIBILITY"
    """Put delete markers on what is archived, and take away those on what is not any more."""
    MOVED_SOURCES = "MOVED_SOURCES"
    """Put the delete markers that a transfer left over on the objects that moved."""
    FILE_ERASURE = "FILE_ERASURE"
    ASSET_ERASURE = "ASSET_ERASURE"
    PREVIEW_ERASURE = "PREVIEW_ERASURE"


class ObjectJob(NamedTuple):
    """One job; without paths it is about everything of the asset."""

    position: int
    kind: str
    database_id: str
    asset_id: str
    paths: list[str] | None
    correlation_id: str

    @property
    def asset(self) -> tuple[str, str]:
        """The asset's key."""
        return self.database_id, self.asset_id

    @property
    def order(self) -> Order:
        """The order of what the job records."""
        return answering(position=self.position, correlation_id=self.correlation_id)


ADD = """
INSERT INTO lifecycle.object_jobs
VALUES (%s, %s, %s, %s, %s, %s, 'WAITING', 0, 0, NULL, %s, NULL) ON CONFLICT DO NOTHING
"""
PRUNE = "DELETE FROM lifecycle.object_jobs WHERE state = 'DONE' AND ended_at < now() - interval '30 days'"
FIND = """
SELECT position, kind, database_id, asset_id, paths, correlation_id FROM lifecycle.object_jobs
WHERE position = %s AND kind = %s
"""
START = """
UPDATE lifecycle.object_jobs SET state = 'RUNNING', attempts = attempts + 1, objects_done = 0, ended_at = NULL
WHERE position = %s AND kind = %s
"""
TRY_AGAIN = """
UPDATE lifecycle.object_jobs SET state = 'WAITING', ended_at = NULL
WHERE position = %s AND kind = %s AND state = 'FAILED' RETURNING database_id, asset_id
"""
ADVANCE = "UPDATE lifecycle.object_jobs SET objects_done = objects_done + %s WHERE position = %s AND kind = %s"
END = """
UPDATE lifecycle.object_jobs
SET state = %s, failure = %s, ended_at = CASE WHEN %s THEN now() END WHERE position = %s AND kind = %s
"""


def add(connection: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Note the jobs that a batch calls for; they are enqueued in the same transaction."""
    rows = [(*job, at) for job, at in _jobs(batch)]
    if rows:
        connection.execute(PRUNE.encode())
        with connection.cursor() as cursor:
            cursor.executemany(ADD.encode(), rows)


def find(connection: Connection[Any], position: int, kind: str) -> ObjectJob:
    """The job. Raises LookupError."""
    row = connection.cursor(row_factory=tuple_row).execute(FIND.encode(), (position, kind)).fetchone()
    if row is None:
        raise LookupError(f"There is no job {kind} of position {position}.")
    return ObjectJob._make(row)


def try_again(connection: Connection[Any], queue: JobQueue, position: int, kind: str) -> None:
    """Enqueue a job that has failed, in this transaction; nothing if it has not. Raises NotFound."""
    try:
        find(connection, position, kind)
    except LookupError as error:
        raise NotFound(f"job {kind} at position", str(position), path=("position",)) from error
    row = connection.cursor(row_factory=tuple_row).execute(TRY_AGAIN.encode(), (position, kind)).fetchone()
    if row is not None:
        arguments = {"position": position, "kind": kind}
        queue.enqueue(connection, KIND.name, [arguments], lock=asset_lock(*row), priority=PRIORITY)


def start(connection: Connection[Any], job: ObjectJob) -> None:
    """Another attempt has begun."""
    connection.execute(START.encode(), (job.position, job.kind))


def advance(connection: Connection[Any], job: ObjectJob, *, objects: int) -> None:
    """So many objects more are as they should be."""
    connection.execute(ADVANCE.encode(), (objects, job.position, job.kind))


def end(connection: Connection[Any], job: ObjectJob, state: str, *, failure: str | None = None) -> None:
    """How the attempt went: DONE, RETRYING or FAILED."""
    connection.execute(END.encode(), (state, failure, state != "RETRYING", job.position, job.kind))


def _jobs(batch: Sequence[Recorded]) -> Iterator[tuple[ObjectJob, datetime]]:
    """One job an asset and kind for a run of events that follow each other, in their order."""
    opened: ObjectJob | None = None
    for entry in batch:
        kind, path = _wanted_by(entry)
        if kind is None:
            continue
        event: Any = entry.event
        if opened is not None and path is not None and opened.paths is not None:
            same = (opened.kind, opened.asset) == (kind, (event.database_id, event.asset_id))
            if same and opened.correlation_id == entry.cause.correlation_id:
                opened.paths.append(path)
                continue
        paths = None if path is None else [path]
        opened = ObjectJob(entry.position, kind, event.database_id, event.asset_id, paths, entry.cause.correlation_id)
        yield opened, entry.cause.at


def _wanted_by(entry: Recorded) -> tuple[ObjectJobKind | None, str | None]:
    match entry.event:
        case FileArchived(path=path) | FileUnarchived(path=path):
            return ObjectJobKind.VISIBILITY, path
        case FilePermanentlyDeleted(path=path):
            return ObjectJobKind.FILE_ERASURE, path
        case AssetArchived() | AssetUnarchived():
            return ObjectJobKind.VISIBILITY, None
        case AssetPermanentlyDeleted():
            return ObjectJobKind.ASSET_ERASURE, None
        case AssetPreviewDeleted():
            return ObjectJobKind.PREVIEW_ERASURE, None
        case FileTransferCompleted(left_over=str()):
            return ObjectJobKind.MOVED_SOURCES, None
    return None, None


def _wanted(batch: Sequence[Recorded]) -> list[WantedJob]:
    return [
        WantedJob(asset_lock(job.database_id, job.asset_id), {"position": job.position, "kind": job.kind})
        for job, _ in list(_jobs(batch))
    ]


KIND = JobKind("objects", _wanted)
