"""createPipeline, updatePipeline, deletePipeline."""

from __future__ import annotations

from typing import Any

import strawberry

from domain.pipelines.commands import create_pipeline, delete_pipeline, update_pipeline
from domain.pipelines.events import ExecutionKind, PipelineTerms, PipelineType
from gateway.context import Context, Done, Info
from gateway.payloads import Payload, filled
from gateway.pipelines.types import Pipeline
from gateway.reads.root import read_one
from processors.workflows.endpoint import pipeline_name


@strawberry.input(description="A pipeline to make.")
class CreatePipelineInput:
    """Input of createPipeline."""

    database_id: str = strawberry.field(description="Its database, or GLOBAL.")
    pipeline_id: str = strawberry.field(description="4 to 63 letters, digits, '-' or '_'.")
    description: str
    pipeline_execution_type: ExecutionKind
    resource: str = strawberry.field(
        description="What is run: a built-in pipeline's name, a function that the server allows, or a URL."
    )
    pipeline_type: PipelineType = PipelineType.STANDARD_FILE
    asset_type: str = strawberry.field(default=".all", description="Extension of the files it takes, or .all.")
    output_type: str | None = strawberry.field(
        default=None, description="Extension that its files must have; null allows every one."
    )
    wait_for_callback: bool = strawberry.field(
        default=False, description="Of an HTTP pipeline: it answers by the callback instead of in its response."
    )
    task_timeout_seconds: int = strawberry.field(default=86_400, description="1 to 604800.")
    task_heartbeat_timeout_seconds: int | None = strawberry.field(
        default=None, description="Less than the timeout; null lets it be silent."
    )
    input_parameters: str = strawberry.field(default="", description="A JSON object; empty for none.")
    enabled: bool = True
    idempotency_key: str | None = None


@strawberry.input(
    description="Changes to a pipeline; what is null stays as it is. Executions keep what they began with."
)
class UpdatePipelineInput:
    """Input of updatePipeline."""

    database_id: str
    pipeline_id: str
    description: str | None = None
    resource: str | None = None
    pipeline_type: PipelineType | None = None
    asset_type: str | None = None
    output_type: str | None = strawberry.field(default=None, description="The empty text allows every one again.")
    wait_for_callback: bool | None = None
    task_timeout_seconds: int | None = None
    task_heartbeat_timeout_seconds: int | None = strawberry.field(
        default=None, description="0 lets it be silent again."
    )
    input_parameters: str | None = None
    enabled: bool | None = None
    rotate_secret: bool = strawberry.field(default=False, description="Sign calls of its endpoint with a new secret.")
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A pipeline to delete.")
class DeletePipelineInput:
    """Input of deletePipeline."""

    database_id: str
    pipeline_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class PipelinePayload(Payload):
    """Base of payloads with a pipeline."""

    signing_secret: str | None = strawberry.field(
        description="What calls of its endpoint are signed with (Standard Webhooks); null where nothing is to be told."
    )

    @strawberry.field(description="The pipeline as it is now; null when the request was refused.")
    async def pipeline(self, info: Info) -> Pipeline | None:
        return None if self.key is None else await read_one(info, "Pipeline", self.key, returns=Pipeline)


@strawberry.type(description="The made pipeline.")
class CreatePipelinePayload(PipelinePayload):
    """Payload of createPipeline."""


@strawberry.type(description="The changed pipeline.")
class UpdatePipelinePayload(PipelinePayload):
    """Payload of updatePipeline."""


@strawberry.type(description="What was deleted.")
class DeletePipelinePayload(Payload):
    """Payload of deletePipeline."""

    @strawberry.field(description="Id of the deleted pipeline; null when the request was refused.")
    def deleted_pipeline_id(self) -> str | None:
        return None if self.key is None else self.key["pipeline_id"]


@strawberry.type
class PipelineMutations:
    """Mutations of pipelines."""

    @strawberry.mutation(description="Make a pipeline that workflows can run.")
    async def create_pipeline(self, info: Info, input: CreatePipelineInput) -> CreatePipelinePayload:  # noqa: A002
        context: Context = info.context
        key = (input.database_id, input.pipeline_id)
        done = await context.carry_out(
            create_pipeline,
            key,
            execution_kind=input.pipeline_execution_type,
            terms=_terms(input),
            policy=context.services.pipeline_policy,
            order=context.order("createPipeline", input),
        )
        is_told = input.pipeline_execution_type is ExecutionKind.HTTP
        secret = _secret(context, done, key) if is_told else None
        payload = filled(done, database_id=key[0], pipeline_id=key[1])
        return CreatePipelinePayload(**payload, signing_secret=secret)

    @strawberry.mutation(description="Change a pipeline, or switch it off and on.")
    async def update_pipeline(self, info: Info, input: UpdatePipelineInput) -> UpdatePipelinePayload:  # noqa: A002
        context: Context = info.context
        key = (input.database_id, input.pipeline_id)
        done = await context.carry_out(
            update_pipeline,
            key,
            changes=_changes(input),
            rotate_secret=input.rotate_secret,
            policy=context.services.pipeline_policy,
            order=context.order("updatePipeline", input),
        )
        secret = _secret(context, done, key) if input.rotate_secret else None
        payload = filled(done, database_id=key[0], pipeline_id=key[1])
        return UpdatePipelinePayload(**payload, signing_secret=secret)

    @strawberry.mutation(description="Delete a pipeline that no workflow uses. Its id can be given again.")
    async def delete_pipeline(self, info: Info, input: DeletePipelineInput) -> DeletePipelinePayload:  # noqa: A002
        context: Context = info.context
        key = (input.database_id, input.pipeline_id)
        done = await context.carry_out(delete_pipeline, key, order=context.order("deletePipeline", input))
        return DeletePipelinePayload(**filled(done, database_id=key[0], pipeline_id=key[1]))


def _terms(given: CreatePipelineInput) -> PipelineTerms:
    return PipelineTerms(
        description=given.description,
        resource=given.resource,
        pipeline_type=given.pipeline_type,
        asset_type=given.asset_type.lower(),
        output_type=given.output_type.lower() if given.output_type else None,
        wait_for_callback=given.wait_for_callback,
        task_timeout_seconds=given.task_timeout_seconds,
        task_heartbeat_timeout_seconds=given.task_heartbeat_timeout_seconds,
        input_parameters=given.input_parameters,
        enabled=given.enabled,
    )


def _changes(given: UpdatePipelineInput) -> dict[str, Any]:
    names = (
        "description",
        "resource",
        "pipeline_type",
        "wait_for_callback",
        "task_timeout_seconds",
        "input_parameters",
        "enabled",
    )
    changes = {name: getattr(given, name) for name in names if getattr(given, name) is not None}
    if given.asset_type is not None:
        changes["asset_type"] = given.asset_type.lower()
    if given.output_type is not None:
        changes["output_type"] = given.output_type.lower() or None
    if given.task_heartbeat_timeout_seconds is not None:
        changes["task_heartbeat_timeout_seconds"] = given.task_heartbeat_timeout_seconds or None
    return changes


def _secret(context: Context, done: Done, key: tuple[str, str]) -> str | None:
    generation = done.result.get("secretGeneration")
    return context.services.signing_keys.secret(pipeline_name(*key), int(generation)) if generation else None
