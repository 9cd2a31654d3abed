"""WorkflowExecution: what a client sees of a run, its steps and what it made, and where the fields live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.executions.events import OutputKind, Trigger
from domain.executions.execution import ExecutionState
from domain.pipelines.events import ExecutionKind
from gateway.connections import Node, unplanned
from gateway.pipelines.types import Workflow
from gateway.reads.sources import Column, Many, Narrowing, One, OrderKey, Signed, Source, global_id, timestamp
from gateway.scalars import Long

if TYPE_CHECKING:
    from gateway.assets.types import Asset
    from gateway.files.types import File

strawberry.enum(
    ExecutionState,
    name="WorkflowExecutionStatus",
    description="Where an execution or a step stands; NEW and RUNNING are not ended.",
)
strawberry.enum(Trigger, name="WorkflowTrigger", description="What started an execution: somebody, or a new file.")
strawberry.enum(OutputKind, name="WorkflowOutputKind", description="What an output became.")


@strawberry.type(description="An object version that an execution works on, as it was when it was asked for.")
class WorkflowExecutionInput:
    """An input."""

    path: str = strawberry.field(description="Path inside the asset.")
    s3_bucket: str = strawberry.field(description="Bucket of the object.")
    s3_key: str = strawberry.field(description="Key of the object.")
    s3_version_id: str = strawberry.field(description="The version that pipelines are given.")
    size_bytes: Long = strawberry.field(description="Size.")


@strawberry.type(description="How an attempt at a step was last heard of.")
class WorkflowStepContact:
    """Contact with a pipeline."""

    attempt: int = strawberry.field(description="The execution's attempt.")
    heard_at: datetime = strawberry.field(description="Last heartbeat, progress or call.")
    calls: int = strawberry.field(description="Calls of its endpoint in this attempt.")
    message: str | None = strawberry.field(description="Why the last call failed, which is tried again; else null.")


@strawberry.type(description="A step of an execution: a pipeline as it was when the execution was asked for.")
class WorkflowExecutionStep:
    """A step."""

    step: int = strawberry.field(description="Its place, from 0.")
    pipeline_database_id: str = strawberry.field(description="Database of the pipeline, or GLOBAL.")
    pipeline_id: str = strawberry.field(description="The pipeline.")
    pipeline_execution_type: ExecutionKind = strawberry.field(description="How it is run.")
    resource: str = strawberry.field(description="What is run.")
    input_parameters: str = strawberry.field(description="The pipeline's own parameters.")
    status: ExecutionState = strawberry.field(description="Where the step stands; NEW before it is begun.")
    attempts: int = strawberry.field(description="How often it was begun.")
    started_at: datetime | None = strawberry.field(description="When its last attempt began.")
    stopped_at: datetime | None = strawberry.field(description="When its last attempt ended.")
    percent: int | None = strawberry.field(description="What the pipeline said of how far it is.")
    message: str | None = strawberry.field(description="What the pipeline said last.")
    failure_code: str | None = strawberry.field(description="Why it failed, for programs.")
    failure: str | None = strawberry.field(description="Why it failed, for people.")
    output_count: int | None = strawberry.field(description="How many outputs it made; null until it succeeded.")
    last_contact: WorkflowStepContact | None = strawberry.field(description="Null before it was heard of.")

    @strawberry.field(description="Signed URL of what the pipeline printed; null where there is none.")
    def log_url(self, expires_in_seconds: int = 3600) -> str | None:
        unplanned("logUrl")


@strawberry.type(description="Something that an execution recorded.")
class WorkflowExecutionOutput:
    """An output."""

    kind: OutputKind = strawberry.field(description="What it became.")
    path: str = strawberry.field(description="File that it is or is about; empty for the asset itself.")
    s3_version_id: str | None = strawberry.field(description="The object version; null for entries.")
    file: Annotated[File, strawberry.lazy("gateway.files.types")] | None = strawberry.field(
        description="The file as it is now; null when it is gone, or the output is about the asset."
    )


@strawberry.type(description="One run of a workflow over files of an asset, or over the asset itself.")
class WorkflowExecution(Node):
    """An execution."""

    execution_id: strawberry.ID = strawberry.field(description="Its id.")
    database_id: str = strawberry.field(description="Database of the asset.")
    asset_id: str = strawberry.field(description="The asset.")
    workflow_database_id: str = strawberry.field(description="Database of the workflow, or GLOBAL.")
    workflow_id: str = strawberry.field(description="The workflow.")
    trigger: Trigger = strawberry.field(description="What started it.")
    execution_status: ExecutionState = strawberry.field(description="Where it stands.")
    attempt: int = strawberry.field(description="From 1; retryWorkflowExecution begins another.")
    input_asset_file_key: str | None = strawberry.field(description="Path of the first input; null for the asset.")
    inputs: list[WorkflowExecutionInput] = strawberry.field(description="What it works on; none for the asset itself.")
    input_parameters: str = strawberry.field(
        description="JSON object that wins over each pipeline's own; may be empty."
    )
    lineage: list[str] = strawberry.field(
        description="Workflows, as database:id, whose outputs led to it; what it makes starts none of them."
    )
    correlation_id: str = strawberry.field(description="Events that it led to have the same one.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    requested_by: str = strawberry.field(description="Who asked, as kind:id.")
    start_date: datetime | None = strawberry.field(description="When its first step began.")
    stop_date: datetime | None = strawberry.field(description="When it ended; null while it has not.")
    failure_code: str | None = strawberry.field(description="Why it failed, for programs.")
    failure: str | None = strawberry.field(description="Why it failed, for people.")
    reason: str | None = strawberry.field(description="Why it was cancelled.")
    steps: list[WorkflowExecutionStep] = strawberry.field(description="Its steps in order.")
    outputs: list[WorkflowExecutionOutput] = strawberry.field(description="What it recorded, by kind and path.")
    asset: Annotated[Asset, strawberry.lazy("gateway.assets.types")] = strawberry.field(description="The asset.")
    workflow: Workflow | None = strawberry.field(description="The workflow as it is now.")
    revision: int = strawberry.field(description="Number of its events; give it as expectedRevision.")


@strawberry.input(description="Conditions on executions; all that are given must hold.")
class WorkflowExecutionFilter:
    """Conditions on executions."""

    database_id: str | None = strawberry.field(default=None, description="Over assets of this database.")
    asset_id: str | None = strawberry.field(default=None, description="Over assets of this id.")
    path: str | None = strawberry.field(default=None, description="With this file among the inputs.")
    workflow_database_id: str | None = strawberry.field(default=None, description="Of workflows of this database.")
    workflow_id: str | None = strawberry.field(default=None, description="Of workflows of this id.")
    execution_statuses: list[ExecutionState] | None = strawberry.field(default=None, description="That stand there.")
    trigger: Trigger | None = strawberry.field(default=None, description="Started like this.")
    output_path: str | None = strawberry.field(default=None, description="That wrote this file or entries of it.")


EXECUTION_ORDER = (
    OrderKey("{t}.requested_at", "timestamptz", descending=True),
    OrderKey("{t}.execution_id", "text", descending=True),
)
FILTER_COLUMNS = {
    "databaseId": "database_id",
    "assetId": "asset_id",
    "workflowDatabaseId": "workflow_database_id",
    "workflowId": "workflow_id",
    "trigger": "trigger",
}
LOG = (
    "CASE WHEN {t}.log_s3_key IS NOT NULL"
    " THEN json_build_array({t}.log_s3_bucket, {t}.log_s3_key, {t}.log_s3_version_id, NULL) END"
)
LATEST_CONTACT = (
    "{t}.execution_id = {p}.execution_id AND {t}.step = {p}.step AND {t}.attempt = (SELECT max(b.attempt)"
    " FROM workflows.beats b WHERE b.execution_id = {p}.execution_id AND b.step = {p}.step)"
)
OUTPUT_FILE = (
    "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id AND {t}.path = {p}.path AND {p}.path <> ''"
)

SOURCES = {
    "WorkflowExecution": Source(
        "WorkflowExecution",
        "workflow_executions_storage",
        {
            "id": global_id("WorkflowExecution", "{t}.execution_id"),
            "executionId": Column("{t}.execution_id"),
            "databaseId": Column("{t}.database_id"),
            "assetId": Column("{t}.asset_id"),
            "workflowDatabaseId": Column("{t}.workflow_database_id"),
            "workflowId": Column("{t}.workflow_id"),
            "trigger": Column("{t}.trigger"),
            "executionStatus": Column("{t}.execution_status"),
            "attempt": Column("{t}.attempt"),
            "inputAssetFileKey": Column("{t}.input_asset_file_key"),
            "inputs": Many("WorkflowExecutionInput", "true", "{t}.ordinality"),
            "inputParameters": Column("{t}.input_parameters"),
            "lineage": Column("to_json({t}.lineage)"),
            "correlationId": Column("{t}.correlation_id"),
            "requestedAt": timestamp("{t}.requested_at"),
            "requestedBy": Column("{t}.requested_by"),
            "startDate": timestamp("{t}.start_date"),
            "stopDate": timestamp("{t}.stop_date"),
            "failureCode": Column("{t}.failure_code"),
            "failure": Column("{t}.failure"),
            "reason": Column("{t}.reason"),
            "steps": Many("WorkflowExecutionStep", "{t}.execution_id = {p}.execution_id", "{t}.step"),
            "outputs": Many("WorkflowExecutionOutput", "{t}.execution_id = {p}.execution_id", "{t}.kind, {t}.path"),
            "asset": One("Asset", "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id", present=True),
            "workflow": One(
                "Workflow", "{t}.database_id = {p}.workflow_database_id AND {t}.workflow_id = {p}.workflow_id"
            ),
            "revision": Column("{t}.revision"),
        },
    ),
    "WorkflowExecutionInput": Source(
        "WorkflowExecutionInput",
        "jsonb_array_elements({p}.inputs) WITH ORDINALITY",
        {
            "path": Column("{t}.value ->> 'path'"),
            "s3Bucket": Column("{t}.value ->> 's3Bucket'"),
            "s3Key": Column("{t}.value ->> 's3Key'"),
            "s3VersionId": Column("{t}.value ->> 's3VersionId'"),
            "sizeBytes": Column("({t}.value ->> 'sizeBytes')::bigint"),
        },
    ),
    "WorkflowExecutionStep": Source(
        "WorkflowExecutionStep",
        "workflow_execution_steps",
        {
            "step": Column("{t}.step"),
            "pipelineDatabaseId": Column("{t}.pipeline_database_id"),
            "pipelineId": Column("{t}.pipeline_id"),
            "pipelineExecutionType": Column("{t}.execution_kind"),
            "resource": Column("{t}.definition ->> 'resource'"),
            "inputParameters": Column("{t}.definition ->> 'input_parameters'"),
            "status": Column("{t}.state"),
            "attempts": Column("{t}.attempts"),
            "startedAt": timestamp("{t}.started_at"),
            "stoppedAt": timestamp("{t}.stopped_at"),
            "percent": Column("{t}.percent"),
            "message": Column("{t}.message"),
            "failureCode": Column("{t}.failure_code"),
            "failure": Column("{t}.failure"),
            "outputCount": Column("{t}.output_count"),
            "lastContact": One("WorkflowStepContact", LATEST_CONTACT, present=True),
            "logUrl": Signed(LOG),
        },
    ),
    "WorkflowStepContact": Source(
        "WorkflowStepContact",
        "workflows.beats",
        {
            "attempt": Column("{t}.attempt"),
            "heardAt": timestamp("{t}.heard_at"),
            "calls": Column("{t}.calls"),
            "message": Column("{t}.message"),
        },
    ),
    "WorkflowExecutionOutput": Source(
        "WorkflowExecutionOutput",
        "workflow_execution_outputs",
        {
            "kind": Column("{t}.kind"),
            "path": Column("{t}.path"),
            "s3VersionId": Column("{t}.s3_version_id"),
            "file": One("File", OUTPUT_FILE, present=True),
        },
    ),
}


def execution_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `filter` of workflowExecutions."""
    given, row = narrowing.arguments.get("filter") or {}, narrowing.row
    for name, column in FILTER_COLUMNS.items():
        if given.get(name) is not None:
            yield f"{row}.{column} = {narrowing.bind(str(given[name]))}"
    if given.get("executionStatuses") is not None:
        statuses = narrowing.bind([str(status) for status in given["executionStatuses"]], "text[]")
        yield f"{row}.execution_status = ANY({statuses})"
    if given.get("path") is not None:
        path = narrowing.bind(given["path"].removeprefix("/"))
        yield f"{row}.inputs @> jsonb_build_array(jsonb_build_object('path', {path}))"
    if given.get("outputPath") is not None:
        path = narrowing.bind(given["outputPath"].removeprefix("/"))
        yield (
            f"EXISTS (SELECT FROM workflow_execution_outputs o WHERE o.execution_id = {row}.execution_id"
            f" AND o.database_id = {row}.database_id AND o.asset_id = {row}.asset_id AND o.path = {path})"
        )
