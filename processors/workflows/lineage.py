"""Which workflows led to an event, walked along what each event answers, as of the processor's position."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

from psycopg import Connection, Cursor
from psycopg.rows import tuple_row

from domain.event import Recorded
from domain.executions.convention import is_material
from domain.executions.events import (
    WorkflowExecutionAborted,
    WorkflowExecutionEvent,
    WorkflowExecutionFailed,
    WorkflowExecutionRequested,
    WorkflowExecutionSucceeded,
    WorkflowExecutionTimedOut,
    WorkflowStepSucceeded,
)
from domain.files.events import FileVersionSeen
from processors.workflows.jobs import StepJob

Lineage = tuple[str, ...]
FileKey = tuple[str, str, str]
ENDED = (
    WorkflowExecutionSucceeded,
    WorkflowExecutionFailed,
    WorkflowExecutionTimedOut,
    WorkflowExecutionAborted,
)

CAUSES = "SELECT position, workflows FROM workflows.lineage WHERE position = ANY(%s)"
ADD = "COPY workflows.lineage (position, workflows) FROM STDIN"
ADD_EXECUTIONS = "COPY workflows.executions (execution_id, position, correlation_id, workflows) FROM STDIN"
EXECUTIONS = """
SELECT execution_id, position, correlation_id, workflows FROM workflows.executions WHERE execution_id = ANY(%s)
"""
EXPECT = """
INSERT INTO workflows.expected (database_id, asset_id, path, execution_id)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""
FORGET = "DELETE FROM workflows.expected WHERE execution_id = ANY(%s)"
EXPECTED = """
SELECT e.database_id, e.asset_id, e.path, e.execution_id, x.workflows
FROM unnest(%s::text[], %s::text[], %s::text[]) AS k (database_id, asset_id, path)
JOIN workflows.expected e USING (database_id, asset_id, path) JOIN workflows.executions x USING (execution_id)
"""


class _Execution(NamedTuple):
    """An execution as the processor's table has it; `workflows` are its lineage and itself."""

    execution_id: str
    position: int
    correlation_id: str
    workflows: Lineage


class Lineages:
    """The lineages that a batch needs, inside the transaction that moves the processor's position.

    Everything is read first and written by `write`, in a number of statements that does not grow with the batch.
    """

    def __init__(self, connection: Connection[Any], batch: Sequence[Recorded]) -> None:
        self._cursor = connection.cursor(row_factory=tuple_row)
        self._by_position = self._read_causes(batch)
        self._executions = self._read_executions(batch)
        self._expected: dict[FileKey, dict[str, Lineage]] = {}
        self._read_expected(batch)
        self._new_lineages: list[tuple[int, list[str]]] = []
        self._new_executions: list[_Execution] = []
        self._new_expected: dict[tuple[str, str, str, str], None] = {}
        self._ended: list[str] = []

    def follow(self, entry: Recorded) -> Lineage:
        """Take note of the event; gives the workflows that led to it."""
        event = entry.event
        lineage = self._by_position.get(entry.cause.causation_position or 0, ())
        match event:
            case WorkflowExecutionRequested():
                lineage = (*event.lineage, f"{event.workflow_database_id}:{event.workflow_id}")
                made = _Execution(event.execution_id, entry.position, entry.cause.correlation_id, lineage)
                self._executions[event.execution_id] = made
                self._new_executions.append(made)
            case FileVersionSeen() if not lineage:
                waiting = self._expected.get((event.database_id, event.asset_id, event.path), {})
                lineage = tuple(dict.fromkeys(chain.from_iterable(waiting.values())))
            case WorkflowStepSucceeded():
                self._expect(event)
        if isinstance(event, ENDED):
            self._forget(event.execution_id)
        if lineage:
            self._by_position[entry.position] = lineage
            self._new_lineages.append((entry.position, list(lineage)))
        return lineage

    def job(self, event: WorkflowExecutionEvent, *, attempt: int, step: int) -> StepJob:
        """The job of an attempt at a step of an execution in the batch."""
        execution = self._executions[event.execution_id]
        return StepJob(
            execution_id=event.execution_id,
            attempt=attempt,
            step=step,
            position=execution.position,
            correlation_id=execution.correlation_id,
        )

    def write(self) -> None:
        """Bring the tables to the end of the batch."""
        _copy(self._cursor, ADD_EXECUTIONS, [(*made[:3], list(made.workflows)) for made in self._new_executions])
        _copy(self._cursor, ADD, self._new_lineages)
        if self._new_expected:
            columns = [list(column) for column in zip(*self._new_expected, strict=True)]
            self._cursor.execute(EXPECT.encode(), columns)
        if self._ended:
            self._cursor.execute(FORGET.encode(), (self._ended,))

    def _expect(self, event: WorkflowStepSucceeded) -> None:
        """Files of a step may become files of the asset from here on."""
        lineage = self._executions[event.execution_id].workflows
        for path in (file.path for file in event.outputs if is_material(file.path)):
            key = (event.database_id, event.asset_id, path)
            self._expected.setdefault(key, {})[event.execution_id] = lineage
            self._new_expected[(*key, event.execution_id)] = None

    def _forget(self, execution_id: str) -> None:
        for waiting in self._expected.values():
            waiting.pop(execution_id, None)
        self._new_expected = {key: None for key in self._new_expected if key[3] != execution_id}
        self._ended.append(execution_id)

    def _read_causes(self, batch: Sequence[Recorded]) -> dict[int, Lineage]:
        causes = {entry.cause.causation_position for entry in batch} - {None}
        rows = self._cursor.execute(CAUSES.encode(), (list(causes),)).fetchall() if causes else []
        return {position: tuple(workflows) for position, workflows in rows}

    def _read_executions(self, batch: Sequence[Recorded]) -> dict[str, _Execution]:
        wanted = {entry.event.execution_id for entry in batch if isinstance(entry.event, WorkflowExecutionEvent)}
        rows = self._cursor.execute(EXECUTIONS.encode(), (list(wanted),)).fetchall() if wanted else []
        return {row[0]: _Execution(row[0], row[1], row[2], tuple(row[3])) for row in rows}

    def _read_expected(self, batch: Sequence[Recorded]) -> None:
        seen = [entry.event for entry in batch if isinstance(entry.event, FileVersionSeen)]
        keys = {(event.database_id, event.asset_id, event.path) for event in seen}
        if keys:
            columns = [list(column) for column in zip(*keys, strict=True)]
            for row in self._cursor.execute(EXPECTED.encode(), columns):
                self._expected.setdefault((row[0], row[1], row[2]), {})[row[3]] = tuple(row[4])


def _copy(cursor: Cursor[Any], statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)
