"""What happened to executions of workflows."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from domain.event import Event
from domain.files.events import StoredObject
from domain.pipelines.events import ExecutionKind, PipelineTerms


class Trigger(StrEnum):
    """What started an execution."""

    REQUEST = "REQUEST"
    FILE = "FILE"


class ExecutionStep(msgspec.Struct, frozen=True, kw_only=True):
    """A pipeline as it was when the execution was asked for."""

    database_id: str
    pipeline_id: str
    execution_kind: ExecutionKind
    terms: PipelineTerms


class ExecutionFile(msgspec.Struct, frozen=True, kw_only=True):
    """An object that stands for a path of the asset: an input, or an output before it becomes a file."""

    path: str
    stored: StoredObject


class OutputKind(StrEnum):
    """What an output became."""

    FILE = "FILE"
    FILE_PREVIEW = "FILE_PREVIEW"
    ASSET_PREVIEW = "ASSET_PREVIEW"
    METADATA = "METADATA"
    ATTRIBUTES = "ATTRIBUTES"


class ExecutionOutput(msgspec.Struct, frozen=True, kw_only=True):
    """What an execution recorded: a file version, the asset's preview, or entries of an owner."""

    kind: OutputKind
    path: str
    """Of the file; empty for the asset itself."""
    s3_version_id: str | None = None
    """None for entries."""


class WorkflowExecutionEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one execution."""

    database_id: str
    asset_id: str
    execution_id: str


class WorkflowExecutionRequested(WorkflowExecutionEvent, frozen=True, kw_only=True):
    """A workflow is to be run over files of the asset, or over the asset when there is no input."""

    TOPIC = "workflow-execution-requested"
    workflow_database_id: str
    workflow_id: str
    trigger: Trigger
    inputs: tuple[ExecutionFile, ...]
    steps: tuple[ExecutionStep, ...]
    input_parameters: str
    """A JSON object whose members win over those of each pipeline; empty for none."""
    lineage: tuple[str, ...]
    """The workflows, as database:id, whose outputs led to this, the first one first; none of them is started again."""


class WorkflowStepEvent(WorkflowExecutionEvent, frozen=True, kw_only=True):
    """Base of the events of one attempt at one step."""

    attempt: int
    """From 1; retrying an execution begins another."""
    step: int
    """From 0; the number of steps when only the outputs remain to be recorded."""


class WorkflowStepStarted(WorkflowStepEvent, frozen=True, kw_only=True):
    """The pipeline is being run; its timeout counts from here."""

    TOPIC = "workflow-step-started"


class WorkflowStepProgressed(WorkflowStepEvent, frozen=True, kw_only=True):
    """The pipeline said how far it is."""

    TOPIC = "workflow-step-progressed"
    percent: int | None = None
    message: str | None = None


class WorkflowStepSucceeded(WorkflowStepEvent, frozen=True, kw_only=True):
    """The pipeline ended well; its outputs wait in the store."""

    TOPIC = "workflow-step-succeeded"
    outputs: tuple[ExecutionFile, ...]
    log: StoredObject | None = None


class WorkflowExecutionSucceeded(WorkflowExecutionEvent, frozen=True, kw_only=True):
    """Every step succeeded, and the outputs were recorded together with this."""

    TOPIC = "workflow-execution-succeeded"
    attempt: int
    outputs: tuple[ExecutionOutput, ...]


class WorkflowExecutionFailed(WorkflowStepEvent, frozen=True, kw_only=True):
    """A step, or the recording of the outputs after the last one, could not be done. Nothing was recorded of it."""

    TOPIC = "workflow-execution-failed"
    code: str
    message: str
    log: StoredObject | None = None


class WorkflowExecutionTimedOut(WorkflowStepEvent, frozen=True, kw_only=True):
    """A step took too long, or was silent for too long."""

    TOPIC = "workflow-execution-timed-out"
    message: str


class WorkflowExecutionAborted(WorkflowStepEvent, frozen=True, kw_only=True):
    """Somebody cancelled it, before or during this step."""

    TOPIC = "workflow-execution-aborted"
    reason: str | None = None


class WorkflowExecutionRetried(WorkflowStepEvent, frozen=True, kw_only=True):
    """It goes on with this step, the first that has not succeeded, with the inputs and pipelines it began with."""

    TOPIC = "workflow-execution-retried"


class WorkflowRunEvent(Event, frozen=True, kw_only=True):
    """Base of the events that keep a workflow from running twice at once over the same thing."""

    workflow_database_id: str
    workflow_id: str
    database_id: str
    asset_id: str
    path: str | None
    """None is the asset itself."""
    execution_id: str


class WorkflowRunClaimed(WorkflowRunEvent, frozen=True, kw_only=True):
    """The execution has the file for itself, as far as this workflow is concerned."""

    TOPIC = "workflow-run-claimed"


class WorkflowRunReleased(WorkflowRunEvent, frozen=True, kw_only=True):
    """The execution has ended."""

    TOPIC = "workflow-run-released"


EVENTS: tuple[type[Event], ...] = (
    WorkflowExecutionRequested,
    WorkflowStepStarted,
    WorkflowStepProgressed,
    WorkflowStepSucceeded,
    WorkflowExecutionSucceeded,
    WorkflowExecutionFailed,
    WorkflowExecutionTimedOut,
    WorkflowExecutionAborted,
    WorkflowExecutionRetried,
    WorkflowRunClaimed,
    WorkflowRunReleased,
)
