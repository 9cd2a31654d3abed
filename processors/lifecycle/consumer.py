"""The lifecycle processor: knows the files of every asset, and enqueues a job for each wanted change of objects."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from processors.jobs.queue import JobQueue
from processors.lifecycle import adoptions, belongings, file_reverts, object_jobs, paths, reverts, transfers
from processors.lifecycle.kinds import NAME, PRIORITY, JobKind

KINDS: tuple[JobKind, ...] = (reverts.KIND, file_reverts.KIND, transfers.KIND, adoptions.KIND, object_jobs.KIND)
"""Every kind of job; a new one is a module with a KIND, a line here, and its worker in workers.py."""


class LifecycleProcessor:
    """Follows events of files with its lists, and what asks for other objects with jobs."""

    name = NAME

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """Nothing: all of it is in Postgres."""

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        """Extend the lists, and enqueue the wanted jobs, once, as they commit with the position."""
        paths.add(connection, batch)
        belongings.note(connection, batch)
        object_jobs.add(connection, batch)
        for kind in KINDS:
            for lock, jobs in groupby(kind.wanted(batch), key=lambda job: job.lock):
                self._queue.enqueue(
                    connection, kind.name, [job.arguments for job in jobs], lock=lock, priority=PRIORITY
                )
