"""A queue over procrastinate: enqueue on a given connection, work in a thread, take back the jobs of dead workers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from threading import Event
from typing import Any, Protocol

from procrastinate import (
    App,
    BaseRetryStrategy,
    JobContext,
    PsycopgConnector,
    RetryDecision,
    RetryStrategy,
    SyncPsycopgConnector,
)
from procrastinate.jobs import Job
from procrastinate.worker import Worker
from psycopg import Connection

from processors.jobs.recovery import DEAD_AFTER_SECONDS, Recovery

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 2.0
LOOK_SECONDS = 2.0
"""How often jobs that nobody runs are looked for; each look costs two statements, and a process has several queues."""
STOP_SECONDS = 0.5
"""How late `stop` may be noticed."""
SPARE_THREADS = 4
CONNECTION_SECONDS = 5.0
"""How long a connection is waited for before the database counts as away."""
MIGRATION_LOCK = 7_245_018_332
MAX_ATTEMPTS = 8
RETRY = RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=2)
"""For failures of services; what is wrong with a file is no failure of its job."""
PATIENT = RetryStrategy(max_attempts=12, exponential_wait=2)
"""For other people's services: twelve attempts 2, 4, 8 … 2048 seconds apart, a little over an hour."""


class Endless(BaseRetryStrategy):
    """For what has to be done in the end: attempts 2, 4, 8 … seconds apart, then every ten minutes, without a last."""

    longest_seconds = 600

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002
        """Always another attempt."""
        return RetryDecision(retry_in={"seconds": min(self.longest_seconds, 2 ** min(job.attempts + 1, 30))})


class Handler(Protocol):
    """What runs the jobs of one name; with an attribute `retry` by a strategy of its own."""

    def run(self, **arguments: Any) -> None:
        """Do the job. An exception means that a service failed and that it should be tried again later."""

    def give_up(self, error: Exception, **arguments: Any) -> None:
        """Record that the last attempt failed too; never called for a handler whose `retry` has no last attempt."""


class JobQueue:
    """Jobs by name. Handlers block, and must be safe to run twice for the same job."""

    def __init__(self, database_url: str, handlers: Mapping[str, Handler], *, retry: RetryStrategy = RETRY) -> None:
        self._database_url = database_url
        self._handlers = dict(handlers)
        self._retry = retry
        self.failure: str | None = None
        """Why no job is run now; None while the worker of this process is well, or has none."""
        self._enqueuing = App(connector=SyncPsycopgConnector(conninfo=database_url))

    def migrate(self, connection: Connection[Any]) -> None:
        """Create the queue's tables unless they exist; safe from many processes at once."""
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
            found = connection.execute("SELECT to_regclass('public.procrastinate_jobs')").fetchone()
            if found is None or found[0] is None:
                connection.execute(self._enqueuing.schema_manager.get_schema().encode())

    def enqueue(
        self,
        connection: Connection[Any],
        name: str,
        jobs: Sequence[Mapping[str, Any]],
        *,
        lock: str | None = None,
        priority: int = 0,
    ) -> None:
        """Add jobs inside the connection's transaction; they become visible when it commits.

        Jobs with the same lock run one at a time in the order they were added; one to be retried holds up the others.
        Of those that may run, the highest priority comes first, and then what was added first.
        """
        if jobs:
            task = self._enqueuing.configure_task(name, queue=name, lock=lock, priority=priority, connection=connection)
            task.batch_defer(*map(dict, jobs))

    def schedule(
        self, connection: Connection[Any], name: str, jobs: Sequence[tuple[datetime, Mapping[str, Any]]]
    ) -> None:
        """Add jobs that are run at or after a time each, inside the connection's transaction."""
        if jobs:
            task = self._enqueuing.configure_task(name, queue=name)
            made = [task.make_new_job(**arguments).evolve(scheduled_at=at) for at, arguments in jobs]
            self._enqueuing.job_manager.batch_defer_jobs(made, connection)

    def work(self, stop: Event, *, concurrency: int) -> None:
        """Run jobs in this thread's own event loop until `stop` is set; goes on after the database was away."""
        while not stop.is_set():
            try:
                asyncio.run(self._work(stop, concurrency))
            except Exception as error:
                # Whatever ended the worker, work must go on once it passes; until then readiness says so.
                self.failure = str(error) or type(error).__name__
                logger.exception("The worker of the job queue ended; starting another")
                stop.wait(1.0)

    async def _work(self, stop: Event, concurrency: int) -> None:
        app = App(connector=PsycopgConnector(conninfo=self._database_url, timeout=CONNECTION_SECONDS))
        recovery = Recovery(app, self._database_url)
        # Connections, and with them heartbeats, look up host names on these threads too: jobs may not take them all.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(concurrency + SPARE_THREADS))
        for name, handler in self._handlers.items():
            retry: BaseRetryStrategy = getattr(handler, "retry", self._retry)
            attempt = _attempt(handler, recovery, last=getattr(retry, "max_attempts", None))
            app.task(name=name, queue=name, retry=retry, pass_context=True)(attempt)
        worker = _worker(app, list(self._handlers), concurrency)
        async with app.open_async():
            running: asyncio.Task[None] = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
            while not stop.is_set() and not running.done():
                await recovery.take_back(worker)
                self.failure = None
                await _pause(running, stop)
            await _end(running)


def _worker(app: App, queues: list[str], concurrency: int) -> Worker:
    return Worker(
        app,
        queues=queues,
        concurrency=concurrency,
        install_signal_handlers=False,
        delete_jobs="successful",
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=DEAD_AFTER_SECONDS,
        fetch_job_polling_interval=1.0,
    )


def _attempt(handler: Handler, recovery: Recovery, *, last: int | None) -> Callable[..., None]:
    def attempt(context: JobContext, **arguments: Any) -> None:
        with recovery.running(context.job):
            try:
                handler.run(**arguments)
            except Exception as error:
                if last is not None and context.job.attempts + 1 >= last:
                    handler.give_up(error, **arguments)
                raise

    return attempt


async def _pause(worker: asyncio.Task[None], stop: Event) -> None:
    for _ in range(round(LOOK_SECONDS / STOP_SECONDS)):
        if stop.is_set() or worker.done():
            return
        await asyncio.wait({worker}, timeout=STOP_SECONDS)


async def _end(worker: asyncio.Task[None]) -> None:
    if worker.done():
        worker.result()
        return
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker
