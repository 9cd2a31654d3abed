"""Finds the jobs that nobody runs although the queue's table says so, and makes them available again."""

from __future__ import annotations

import logging
import time
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


class Recovery:
    """Looks after the jobs of dead workers, and after those that this living worker has lost.

    The library leaves a job as it is when the database goes away between the end of the job and the note of
    it, or between the grant of a job and its arrival.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._running: set[int | None] = set()
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
        """Make every job available again that nobody runs; called every second or so."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
            logger.warning("Job %s (%s) is taken back from a worker that is dead.", job.id, job.task_name)
            await manager.retry_job(job)
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
