"""The execution aggregate: the state machine of one run of a workflow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.executions.convention import is_material
from domain.executions.errors import WorkflowExecutionEnded, WorkflowExecutionNotRetriable
from domain.executions.events import (
    ExecutionFile,
    ExecutionStep,
    WorkflowExecutionAborted,
    WorkflowExecutionEvent,
    WorkflowExecutionFailed,
    WorkflowExecutionRequested,
    WorkflowExecutionRetried,
    WorkflowExecutionSucceeded,
    WorkflowExecutionTimedOut,
    WorkflowRunClaimed,
    WorkflowRunEvent,
    WorkflowStepProgressed,
    WorkflowStepStarted,
    WorkflowStepSucceeded,
)
from domain.files.paths import extension
from domain.stream import Aggregate


class ExecutionState(StrEnum):
    """Where an execution stands; the last four are ends."""

    NEW = "NEW"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"


OPEN = frozenset({ExecutionState.NEW, ExecutionState.RUNNING})
ENDS: dict[type[WorkflowExecutionEvent], ExecutionState] = {
    WorkflowExecutionSucceeded: ExecutionState.SUCCEEDED,
    WorkflowExecutionFailed: ExecutionState.FAILED,
    WorkflowExecutionTimedOut: ExecutionState.TIMED_OUT,
    WorkflowExecutionAborted: ExecutionState.ABORTED,
}


@dataclass(frozen=True)
class Attempt:
    """One attempt at one step; a late report of another one counts for nothing."""

    attempt: int
    step: int


@dataclass(frozen=True)
class Execution:
    """What commands need to know of an execution."""

    request: WorkflowExecutionRequested
    state: ExecutionState = ExecutionState.NEW
    attempt: int = 1
    outputs: tuple[tuple[ExecutionFile, ...], ...] = ()
    """Of each step that succeeded."""
    is_step_started: bool = False
    progress: tuple[int | None, str | None] = (None, None)

    @property
    def key(self) -> dict[str, str]:
        """What every event of the execution carries."""
        request = self.request
        return {
            "database_id": request.database_id,
            "asset_id": request.asset_id,
            "execution_id": request.execution_id,
        }

    @property
    def next(self) -> Attempt:
        """The attempt that is or will be under way; its step is past the last one when only outputs remain."""
        return Attempt(self.attempt, len(self.outputs))

    @property
    def step(self) -> ExecutionStep | None:
        """The step of the next attempt; None when only outputs remain."""
        steps = self.request.steps
        return steps[len(self.outputs)] if len(self.outputs) < len(steps) else None

    @property
    def inputs(self) -> tuple[ExecutionFile, ...]:
        """What the next step works on: the files that the last step with files made, else the execution's inputs."""
        for made in reversed(self.outputs):
            files = tuple(file for file in made if is_material(file.path))
            if files:
                return files
        return self.request.inputs

    def awaits(self, attempt: Attempt) -> bool:
        """Whether what is reported of this attempt counts."""
        return self.state in OPEN and attempt == self.next

    def require_open(self) -> None:
        """Raises WorkflowExecutionEnded."""
        if self.state not in OPEN:
            raise WorkflowExecutionEnded(self.request.execution_id, self.state)

    def retry(self) -> WorkflowExecutionRetried:
        """Raises WorkflowExecutionNotRetriable."""
        if self.state in OPEN or self.state is ExecutionState.SUCCEEDED:
            raise WorkflowExecutionNotRetriable(self.request.execution_id, self.state)
        return WorkflowExecutionRetried(**self.key, attempt=self.attempt + 1, step=self.next.step)


def takes(step: ExecutionStep, path: str) -> bool:
    """Whether the step's pipeline takes files of this extension."""
    return step.terms.asset_type in (".all", extension(path))


def evolve(execution: Execution | None, event: WorkflowExecutionEvent) -> Execution:
    """The execution after the event."""
    if isinstance(event, WorkflowExecutionRequested):
        return Execution(event)
    assert execution is not None
    match event:
        case WorkflowStepStarted():
            return replace(execution, state=ExecutionState.RUNNING, is_step_started=True, progress=(None, None))
        case WorkflowStepProgressed():
            return replace(execution, progress=(event.percent, event.message))
        case WorkflowStepSucceeded():
            return replace(execution, outputs=(*execution.outputs, event.outputs), is_step_started=False)
        case WorkflowExecutionRetried():
            return replace(execution, state=ExecutionState.NEW, attempt=event.attempt, is_step_started=False)
        case _ if type(event) in ENDS:
            return replace(execution, state=ENDS[type(event)])
    raise TypeError(f"{type(event).__name__} is not an event of an execution")


def run_keys(request: WorkflowExecutionRequested) -> Iterable[tuple[str | None, tuple[str, ...]]]:
    """Path and stream key of everything that the execution has for itself."""
    paths: list[str | None] = [file.path for file in request.inputs] or [None]
    for path in paths:
        marked = "asset" if path is None else f"file:{path}"
        yield (
            path,
            (
                request.workflow_database_id,
                request.workflow_id,
                request.database_id,
                request.asset_id,
                marked,
            ),
        )


def _claimant(_: str | None, event: WorkflowRunEvent) -> str:
    return event.execution_id if isinstance(event, WorkflowRunClaimed) else ""


EXECUTIONS = Aggregate("workflow-execution", evolve)
RUNS: Aggregate[str] = Aggregate("workflow-run", _claimant)
"""The execution that has a file for itself; the empty text when none has."""
