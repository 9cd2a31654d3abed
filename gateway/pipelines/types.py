"""Pipeline and Workflow: what a client sees of the definitions, and where their fields live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import strawberry

from domain.pipelines.events import ExecutionKind, PipelineType
from gateway.connections import Node
from gateway.reads.sources import Column, Many, Narrowing, One, OrderKey, Source, global_id, timestamp

strawberry.enum(
    ExecutionKind,
    name="PipelineExecutionType",
    description="How a pipeline is run: by ourselves, as a Python function in its own process, or by an HTTP endpoint.",
)
strawberry.enum(PipelineType, description="What a pipeline is for; clients group by it.")


@strawberry.type(description="Something that workflows run over files of an asset.")
class Pipeline(Node):
    """A pipeline."""

    database_id: str = strawberry.field(description="Its database, or GLOBAL.")
    pipeline_id: str = strawberry.field(description="Unique in its database; never one of GLOBAL and a database alike.")
    description: str = strawberry.field(description="What it does.")
    pipeline_type: PipelineType = strawberry.field(description="What it is for.")
    pipeline_execution_type: ExecutionKind = strawberry.field(description="How it is run; never changes.")
    resource: str = strawberry.field(
        description="Built-in pipeline (file-preview, asset-preview, proxy, convert, metadata), function, or URL."
    )
    asset_type: str = strawberry.field(description="Extension of the files it takes, as .exr; .all takes every file.")
    output_type: str | None = strawberry.field(description="Extension that its files have; null allows every one.")
    wait_for_callback: bool = strawberry.field(
        description="Whether its endpoint answers later by the callback instead of in its response."
    )
    task_timeout_seconds: int = strawberry.field(description="How long a step of it may take.")
    task_heartbeat_timeout_seconds: int | None = strawberry.field(
        description="How long it may be silent; null for as long as it likes."
    )
    input_parameters: str = strawberry.field(description="JSON object that it is given; empty for none.")
    enabled: bool = strawberry.field(description="Whether workflows that use it can be run.")
    date_created: datetime = strawberry.field(description="When it was made.")
    date_updated: datetime = strawberry.field(description="When its terms last changed.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted; null while it exists.")
    workflows: list[Workflow] = strawberry.field(description="Workflows that use it, by database and id.")
    revision: int = strawberry.field(description="Number of its changes; give it as expectedRevision.")


@strawberry.type(description="A pipeline in its place in a workflow.")
class WorkflowPipeline:
    """A step of a workflow."""

    database_id: str = strawberry.field(description="Database of the pipeline, or GLOBAL.")
    pipeline_id: str = strawberry.field(description="The pipeline.")
    pipeline: Pipeline = strawberry.field(description="As it is now; executions keep what it was when they were run.")


@strawberry.type(description="Pipelines that are run one after another over files of an asset.")
class Workflow(Node):
    """A workflow."""

    database_id: str = strawberry.field(description="Its database, or GLOBAL.")
    workflow_id: str = strawberry.field(description="Unique in its database.")
    description: str = strawberry.field(description="What it does.")
    pipelines: list[WorkflowPipeline] = strawberry.field(description="In the order they are run.")
    auto_trigger_extensions: list[str] = strawberry.field(
        description="New files with these extensions start it; .all stands for every file."
    )
    date_created: datetime = strawberry.field(description="When it was made.")
    date_modified: datetime = strawberry.field(description="When it last changed.")
    modified_by: str = strawberry.field(description="Who changed it last, as kind:id.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted; null while it exists.")
    revision: int = strawberry.field(description="Number of its changes; give it as expectedRevision.")


@strawberry.input(description="Conditions on pipelines; all that are given must hold.")
class PipelineFilter:
    """Conditions on pipelines."""

    database_ids: list[str] | None = strawberry.field(default=None, description="Of any of these; GLOBAL is one.")
    id_contains: str | None = strawberry.field(default=None, description="Text anywhere in the id, in any case.")
    pipeline_execution_types: list[ExecutionKind] | None = strawberry.field(default=None, description="Run like this.")
    enabled: bool | None = strawberry.field(default=None, description="Only enabled, or only disabled, ones.")
    include_deleted: bool = strawberry.field(default=False, description="Deleted ones too.")


@strawberry.input(description="Conditions on workflows; all that are given must hold.")
class WorkflowFilter:
    """Conditions on workflows."""

    database_ids: list[str] | None = strawberry.field(default=None, description="Of any of these; GLOBAL is one.")
    id_contains: str | None = strawberry.field(default=None, description="Text anywhere in the id, in any case.")
    triggered_by: str | None = strawberry.field(default=None, description="Started by new files of this extension.")
    include_deleted: bool = strawberry.field(default=False, description="Deleted ones too.")


PIPELINE_ORDER = (OrderKey("{t}.database_id", "text"), OrderKey("{t}.pipeline_id", "text"))
WORKFLOW_ORDER = (OrderKey("{t}.database_id", "text"), OrderKey("{t}.workflow_id", "text"))
USES = (
    "{t}.deleted_at IS NULL AND {t}.pipelines @> jsonb_build_array("
    "jsonb_build_object('databaseId', {p}.database_id, 'pipelineId', {p}.pipeline_id))"
)

SOURCES = {
    "Pipeline": Source(
        "Pipeline",
        "pipeline_storage",
        {
            "id": global_id("Pipeline", "{t}.database_id", "{t}.pipeline_id"),
            "databaseId": Column("{t}.database_id"),
            "pipelineId": Column("{t}.pipeline_id"),
            "description": Column("{t}.description"),
            "pipelineType": Column("{t}.pipeline_type"),
            "pipelineExecutionType": Column("{t}.pipeline_execution_type"),
            "resource": Column("{t}.resource"),
            "assetType": Column("{t}.asset_type"),
            "outputType": Column("{t}.output_type"),
            "waitForCallback": Column("{t}.wait_for_callback"),
            "taskTimeoutSeconds": Column("{t}.task_timeout_seconds"),
            "taskHeartbeatTimeoutSeconds": Column("{t}.task_heartbeat_timeout_seconds"),
            "inputParameters": Column("{t}.input_parameters"),
            "enabled": Column("{t}.enabled"),
            "dateCreated": timestamp("{t}.date_created"),
            "dateUpdated": timestamp("{t}.date_updated"),
            "deletedAt": timestamp("{t}.deleted_at"),
            "workflows": Many("Workflow", USES, "{t}.database_id, {t}.workflow_id"),
            "revision": Column("{t}.revision"),
        },
    ),
    "Workflow": Source(
        "Workflow",
        "workflow_storage",
        {
            "id": global_id("Workflow", "{t}.database_id", "{t}.workflow_id"),
            "databaseId": Column("{t}.database_id"),
            "workflowId": Column("{t}.workflow_id"),
            "description": Column("{t}.description"),
            "pipelines": Many("WorkflowPipeline", "true", "{t}.ordinality"),
            "autoTriggerExtensions": Column("to_json({t}.auto_trigger_extensions)"),
            "dateCreated": timestamp("{t}.date_created"),
            "dateModified": timestamp("{t}.date_modified"),
            "modifiedBy": Column("{t}.modified_by"),
            "deletedAt": timestamp("{t}.deleted_at"),
            "revision": Column("{t}.revision"),
        },
    ),
    "WorkflowPipeline": Source(
        "WorkflowPipeline",
        "jsonb_array_elements({p}.pipelines) WITH ORDINALITY",
        {
            "databaseId": Column("{t}.value ->> 'databaseId'"),
            "pipelineId": Column("{t}.value ->> 'pipelineId'"),
            "pipeline": One(
                "Pipeline",
                "{t}.database_id = {p}.value ->> 'databaseId' AND {t}.pipeline_id = {p}.value ->> 'pipelineId'",
            ),
        },
    ),
}


def pipeline_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `filter` of pipelines."""
    yield from _conditions(narrowing, "pipeline_id")
    given = narrowing.arguments.get("filter") or {}
    if given.get("pipelineExecutionTypes") is not None:
        kinds = narrowing.bind([str(kind) for kind in given["pipelineExecutionTypes"]], "text[]")
        yield f"{narrowing.row}.pipeline_execution_type = ANY({kinds})"
    if given.get("enabled") is not None:
        yield f"{narrowing.row}.enabled = {narrowing.bind(given['enabled'], 'boolean')}"


def workflow_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `filter` of workflows."""
    yield from _conditions(narrowing, "workflow_id")
    given = narrowing.arguments.get("filter") or {}
    if given.get("triggeredBy"):
        wanted = narrowing.bind([given["triggeredBy"].lower(), ".all"], "text[]")
        yield f"{narrowing.row}.auto_trigger_extensions && {wanted}"


def _conditions(narrowing: Narrowing, identity: str) -> Iterator[str]:
    given = narrowing.arguments.get("filter") or {}
    if not given.get("includeDeleted"):
        yield f"{narrowing.row}.deleted_at IS NULL"
    if given.get("databaseIds") is not None:
        yield f"{narrowing.row}.database_id = ANY({narrowing.bind(given['databaseIds'], 'text[]')})"
    if given.get("idContains"):
        yield f"position(lower({narrowing.bind(given['idContains'])}) in lower({narrowing.row}.{identity})) > 0"
