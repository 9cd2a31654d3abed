"""Finds the jobs that nobody runs although the queue's table says so, and makes them available again."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from procrastinate import App
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

logger = logging.getLogger(__name__)

DEAD_AFTER_SECONDS = 10.0
"""A worker that has not been heard of for so long is dead, and its jobs are given to others."""
LOST_AFTER_SECONDS = 5.0
"""How long a job of a living worker may be neither run nor ended."""
TAKE_BACK = """
SELECT id, task_name, procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM (
    SELECT job.id, job.task_name FROM procrastinate_jobs job
    WHERE job.status = 'doing' AND NOT job.id = ANY (%(running)s)
    AND (job.worker_id IS NULL OR EXISTS (
        SELECT FROM procrastinate_workers w
        WHERE w.id = job.worker_id AND w.last_heartbeat < now() - make_interval(secs => %(dead_after)s)
    ))
    FOR UPDATE SKIP LOCKED
) stalled
"""
"""One statement, so that of many workers who see the same dead one a single one takes its job back: the library's list
and its retry are two, and between them another worker may have begun the job already."""
RUNNING: defaultdict[str, set[int | None]] = defaultdict(set)
"""The jobs that this process runs, by database: its own, however late its heartbeats are."""


class Recovery:
    """Looks after the jobs of dead workers, and after those that this living worker has lost.

    The library leaves a job as it is when the database goes away between the end of the job and the note of
    it, or between the grant of a job and its arrival.
    """

    def __init__(self, app: App, database_url: str) -> None:
        self._app = app
        self._running = RUNNING[database_url]
        self._missing_since: dict[int | None, float] = {}

    @contextmanager
    def running(self, job: Job) -> Iterator[None]:
        """The job is run by this process during the block."""
        self._running.add(job.id)
        try:
            yield
        finally:
            self._running.discard(job.id)

    async def take_back(self, worker: Worker) -> None:
        """Make every job available again that nobody runs; called every few seconds."""
        manager = self._app.job_manager
        terms = {"running": list(self._running), "dead_after": DEAD_AFTER_SECONDS}
        for taken in await self._app.connector.execute_query_all_async(TAKE_BACK, **terms):
            logger.warning("Job %s (%s) is taken back from a worker that is dead.", taken["id"], taken["task_name"])
        for job in await self._lost(worker):
            logger.warning("Job %s (%s) was lost while the database was away; it is run again.", job.id, job.task_name)
            await manager.retry_job(job)

    async def _lost(self, worker: Worker) -> list[Job]:
        """Jobs that were not run for a while, though they are this worker's."""
        if worker.worker_id is None:
            return []
        given = await self._app.job_manager.list_jobs_async(status=Status.DOING.value, worker_id=worker.worker_id)
        now = time.monotonic()
        missing = [job for job in given if job.id not in self._running]
        self._missing_since = {job.id: self._missing_since.get(job.id, now) for job in missing}
        return [job for job in missing if now - self._missing_since[job.id] > LOST_AFTER_SECONDS]
