"""Starts workflows for files: which of them a file starts, and the job that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid5

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from domain.databases.database import ANY_EXTENSION
from domain.errors import DomainError
from domain.event import NAMESPACE, Recorded
from domain.executions.commands import Run, run_workflow
from domain.executions.convention import starts_workflows
from domain.executions.errors import WorkflowAlreadyRunning
from domain.executions.events import Trigger
from domain.files.events import FileUploaded, FileVersionObserved
from domain.files.paths import extension
from domain.ledger import Ledger
from domain.pipelines.events import GLOBAL, WorkflowCreated, WorkflowDeleted, WorkflowEvent, WorkflowRedefined
from processors.jobs.queue import JobQueue
from processors.workflows.jobs import TRIGGERS, TriggerJob, answering
from processors.workflows.lineage import Lineage
from processors.workflows.problems import TriggerProblem, tell

RUN_AGAIN_AFTER = timedelta(seconds=5)
"""How long a file waits while its workflow runs over an earlier version of it."""

ALL = "SELECT database_id, workflow_id, extensions FROM workflows.triggers ORDER BY database_id, workflow_id"
SET = """
INSERT INTO workflows.triggers (database_id, workflow_id, extensions) VALUES (%s, %s, %s)
ON CONFLICT (database_id, workflow_id) DO UPDATE SET extensions = excluded.extensions
"""
DROP = "DELETE FROM workflows.triggers WHERE database_id = %s AND workflow_id = %s"


class TriggerRules:
    """Which files start which workflows, inside the transaction that moves the processor's position."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._cursor = connection.cursor(row_factory=tuple_row)
        rows = self._cursor.execute(ALL.encode()).fetchall()
        self._extensions = {(row[0], row[1]): frozenset(row[2]) for row in rows}

    def apply(self, event: WorkflowEvent) -> None:
        """What starts the workflow from here on."""
        key = (event.database_id, event.workflow_id)
        match event:
            case WorkflowCreated() | WorkflowRedefined() if event.terms.auto_trigger_extensions:
                self._extensions[key] = frozenset(event.terms.auto_trigger_extensions)
                self._cursor.execute(SET.encode(), (*key, list(event.terms.auto_trigger_extensions)))
            case WorkflowCreated() | WorkflowRedefined() | WorkflowDeleted():
                self._extensions.pop(key, None)
                self._cursor.execute(DROP.encode(), key)

    def started_by(self, entry: Recorded, lineage: Lineage) -> Iterator[TriggerJob]:
        """Jobs for the workflows that a file's event starts: none that led to the event itself."""
        event = entry.event
        if not isinstance(event, FileUploaded | FileVersionObserved) or not starts_workflows(event.path):
            return
        wanted = {extension(event.path), ANY_EXTENSION}
        for (database_id, workflow_id), extensions in self._extensions.items():
            if database_id not in (GLOBAL, event.database_id) or not wanted & extensions:
                continue
            if f"{database_id}:{workflow_id}" in lineage:
                continue
            yield TriggerJob(
                position=entry.position,
                correlation_id=entry.cause.correlation_id,
                workflow_database_id=database_id,
                workflow_id=workflow_id,
                lineage=list(lineage),
            )


@dataclass(frozen=True)
class TriggerWorker:
    """Starts workflows. One that is started twice is one execution, as its id follows from the file's event."""

    ledger: Ledger
    read_event: Callable[[int], Recorded]
    """The event at a position of the log."""
    pool: ConnectionPool[Connection[Any]]
    queue: Callable[[], JobQueue]
    code_of: Callable[[DomainError], str]
    """How callers know a refusal."""

    def run(self, **arguments: object) -> None:
        """Ask for the execution; later, while the workflow runs over the file already."""
        job = msgspec.convert(arguments, TriggerJob)
        event = self.read_event(job.position).event
        assert isinstance(event, FileUploaded | FileVersionObserved)
        workflow = (job.workflow_database_id, job.workflow_id)
        run = Run(
            workflow=workflow,
            asset=(event.database_id, event.asset_id),
            paths=(event.path,),
            trigger=Trigger.FILE,
            stored=event.stored,
            lineage=tuple(job.lineage),
        )
        order = answering(job.position, job.correlation_id)
        try:
            run_workflow(self.ledger, execution_id(job), run=run, order=order)
        except WorkflowAlreadyRunning:
            self._run_later(job)
        except DomainError as refusal:
            self._tell(job, event, self.code_of(refusal), refusal.message)

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Note that a service failed in every attempt; runWorkflow can be asked for instead."""
        job = msgspec.convert(arguments, TriggerJob)
        event = self.read_event(job.position).event
        assert isinstance(event, FileUploaded | FileVersionObserved)
        self._tell(job, event, "UNAVAILABLE", f"A service failed in every attempt, last with: {error}")

    def _tell(self, job: TriggerJob, event: FileUploaded | FileVersionObserved, code: str, message: str) -> None:
        workflow = (job.workflow_database_id, job.workflow_id)
        file = (event.database_id, event.asset_id, event.path)
        with self.pool.connection() as connection:
            tell(connection, TriggerProblem(job.position, *workflow, *file, code, message))

    def _run_later(self, job: TriggerJob) -> None:
        at = datetime.now(UTC) + RUN_AGAIN_AFTER
        with self.pool.connection() as connection, connection.transaction():
            self.queue().schedule(connection, TRIGGERS, [(at, msgspec.to_builtins(job))])


def execution_id(job: TriggerJob) -> str:
    """The execution that this event starts, whoever asks and how often."""
    name = f"workflow-trigger:{job.position}:{job.workflow_database_id}:{job.workflow_id}"
    return str(uuid5(NAMESPACE, name))
