"""Ends steps that take or are silent for too long. The timers are jobs, so they outlive every process."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.executions.commands import load_execution
from domain.executions.reports import record_step_timeout
from domain.ledger import Ledger
from processors.jobs.queue import JobQueue
from processors.workflows.jobs import TIMERS, TimerJob
from processors.workflows.tables import heard_at

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TimerWorker:
    """Runs timers. What a step reports afterwards counts for nothing."""

    ledger: Ledger
    pool: ConnectionPool[Connection[Any]]
    queue: Callable[[], JobQueue]

    def run(self, **arguments: object) -> None:
        """End the step, unless it has ended; with a heartbeat timer, only when it has been silent."""
        job = msgspec.convert(arguments, TimerJob)
        _, execution = load_execution(self.ledger, job.execution_id)
        if not execution.awaits(job.at):
            return
        step = execution.request.steps[job.step]
        if not job.is_heartbeat:
            message = f"{step.pipeline_id} took longer than its {step.terms.task_timeout_seconds} seconds."
            record_step_timeout(self.ledger, job.execution_id, job.at, message=message, order=job.order())
            return
        silence = step.terms.task_heartbeat_timeout_seconds or 0
        with self.pool.connection() as connection:
            last = heard_at(connection, job.execution_id, job.at) or job.started_at
            due = max(last, job.started_at) + timedelta(seconds=silence)
            if due > datetime.now(UTC):
                with connection.transaction():
                    self.queue().schedule(connection, TIMERS, [(due, msgspec.to_builtins(job))])
                return
        message = f"{step.pipeline_id} was silent for longer than its {silence} seconds."
        record_step_timeout(self.ledger, job.execution_id, job.at, message=message, order=job.order())

    def give_up(self, error: Exception, **arguments: object) -> None:
        """The queue keeps the failed job; the execution can be cancelled."""
        logger.error("A timer of execution %s failed in every attempt: %s", arguments.get("execution_id"), error)
