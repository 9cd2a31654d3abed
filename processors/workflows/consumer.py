"""The workflows processor: enqueues a job for every file that starts a workflow and every step that is to be run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from domain.event import Recorded
from domain.executions.events import (
    WorkflowExecutionRequested,
    WorkflowExecutionRetried,
    WorkflowStepStarted,
    WorkflowStepSucceeded,
)
from domain.executions.execution import EXECUTIONS
from domain.ledger import Ledger
from domain.pipelines.events import WorkflowEvent
from processors.jobs.queue import JobQueue
from processors.workflows.jobs import NAME, STEPS, TIMERS, TRIGGERS, StepJob, TimerJob, TriggerJob
from processors.workflows.lineage import Lineages
from processors.workflows.triggers import TriggerRules

Timers = list[tuple[datetime, dict[str, Any]]]


class WorkflowProcessor:
    """Follows the whole log, as every event may follow from an execution."""

    name = NAME

    def __init__(self, ledger: Ledger, steps: JobQueue, timers: JobQueue) -> None:
        self._ledger = ledger
        self._steps = steps
        self._timers = timers

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """Nothing: all of it is in Postgres."""

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        """Enqueue the jobs, once, as they commit with the position."""
        rules, lineages = TriggerRules(connection), Lineages(connection, batch)
        started: list[TriggerJob] = []
        steps: list[StepJob] = []
        for entry in batch:
            lineage = lineages.follow(entry)
            if isinstance(entry.event, WorkflowEvent):
                rules.apply(entry.event)
            started += rules.started_by(entry, lineage)
            steps += _next_step(lineages, entry)
        lineages.write()
        self._timers.enqueue(connection, TRIGGERS, [msgspec.to_builtins(job) for job in started])
        self._steps.enqueue(connection, STEPS, [msgspec.to_builtins(job) for job in steps])
        self._timers.schedule(connection, TIMERS, self._deadlines(lineages, batch))

    def _deadlines(self, lineages: Lineages, batch: Sequence[Recorded]) -> Timers:
        begun = [(entry, entry.event) for entry in batch if isinstance(entry.event, WorkflowStepStarted)]
        streams = self._ledger.load_many(EXECUTIONS, [(event.execution_id,) for _, event in begun]) if begun else []
        timers: Timers = []
        for (entry, event), stream in zip(begun, streams, strict=True):
            assert stream.state is not None
            terms = stream.state.request.steps[event.step].terms
            job = lineages.job(event, attempt=event.attempt, step=event.step)
            for seconds, is_heartbeat in (
                (terms.task_timeout_seconds, False),
                (terms.task_heartbeat_timeout_seconds, True),
            ):
                if seconds is not None:
                    at = entry.cause.at
                    timer = TimerJob(**msgspec.structs.asdict(job), started_at=at, is_heartbeat=is_heartbeat)
                    timers.append((at + timedelta(seconds=seconds), msgspec.to_builtins(timer)))
        return timers


def _next_step(lineages: Lineages, entry: Recorded) -> Iterator[StepJob]:
    match entry.event:
        case WorkflowExecutionRequested():
            yield lineages.job(entry.event, attempt=1, step=0)
        case WorkflowExecutionRetried():
            yield lineages.job(entry.event, attempt=entry.event.attempt, step=entry.event.step)
        case WorkflowStepSucceeded():
            yield lineages.job(entry.event, attempt=entry.event.attempt, step=entry.event.step + 1)
