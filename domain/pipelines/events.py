"""What happened to the definitions of pipelines and workflows."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from domain.event import Event

GLOBAL = "GLOBAL"
"""The database id of pipelines and workflows that belong to no database."""


class ExecutionKind(StrEnum):
    """How a pipeline is run; it never changes."""

    BUILT_IN = "BUILT_IN"
    PYTHON = "PYTHON"
    HTTP = "HTTP"


class PipelineType(StrEnum):
    """What a pipeline is for."""

    STANDARD_FILE = "STANDARD_FILE"
    PREVIEW_FILE = "PREVIEW_FILE"


class PipelineTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a pipeline that can change, replaced as a whole."""

    description: str
    resource: str
    """The name of a built-in pipeline, an allowed `module:function`, or a URL."""
    pipeline_type: PipelineType = PipelineType.STANDARD_FILE
    asset_type: str = ".all"
    """The extension of its inputs in lower case, or `.all`."""
    output_type: str | None = None
    """The extension that its files must have; None allows every one."""
    wait_for_callback: bool = False
    """Of an HTTP pipeline: it answers later, through the signed callback, and not in its response."""
    task_timeout_seconds: int = 86_400
    task_heartbeat_timeout_seconds: int | None = None
    """The longest silence that is no failure; None allows any."""
    input_parameters: str = ""
    """A JSON object as text; empty for none."""
    enabled: bool = True
    secret_generation: int = 1
    """Which signing secret an HTTP pipeline is given."""


class PipelineRef(msgspec.Struct, frozen=True, kw_only=True):
    """Which pipeline a step of a workflow runs."""

    database_id: str
    pipeline_id: str


class WorkflowTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a workflow, replaced as a whole."""

    description: str
    pipelines: tuple[PipelineRef, ...]
    """Run one after another; at least one."""
    auto_trigger_extensions: tuple[str, ...] = ()
    """Files with these extensions, in lower case, start it when they appear; `.all` stands for every file."""


class PipelineEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one pipeline."""

    database_id: str
    pipeline_id: str


class PipelineCreated(PipelineEvent, frozen=True, kw_only=True):
    """Workflows can use the pipeline from now on."""

    TOPIC = "pipeline-created"
    execution_kind: ExecutionKind
    terms: PipelineTerms


class PipelineRedefined(PipelineEvent, frozen=True, kw_only=True):
    """Its terms were replaced; executions that run keep those they began with."""

    TOPIC = "pipeline-redefined"
    terms: PipelineTerms


class PipelineDeleted(PipelineEvent, frozen=True, kw_only=True):
    """No workflow used it, and none can any more."""

    TOPIC = "pipeline-deleted"


class WorkflowEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one workflow."""

    database_id: str
    workflow_id: str


class WorkflowCreated(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow can be run from now on."""

    TOPIC = "workflow-created"
    terms: WorkflowTerms


class WorkflowRedefined(WorkflowEvent, frozen=True, kw_only=True):
    """Its terms were replaced; executions that run keep those they began with."""

    TOPIC = "workflow-redefined"
    terms: WorkflowTerms


class WorkflowDeleted(WorkflowEvent, frozen=True, kw_only=True):
    """The workflow can be run no more."""

    TOPIC = "workflow-deleted"


EVENTS: tuple[type[Event], ...] = (
    PipelineCreated,
    PipelineRedefined,
    PipelineDeleted,
    WorkflowCreated,
    WorkflowRedefined,
    WorkflowDeleted,
)
