"""createWorkflow, updateWorkflow, deleteWorkflow."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from domain.pipelines.events import PipelineRef, WorkflowTerms
from domain.pipelines.workflows import create_workflow, delete_workflow, update_workflow
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.pipelines.types import Workflow
from gateway.reads.root import read_one


@strawberry.input(description="A pipeline to run as a step of a workflow.")
class PipelineReferenceInput:
    """Which pipeline."""

    database_id: str = strawberry.field(description="The workflow's own database, or GLOBAL.")
    pipeline_id: str


@strawberry.input(description="A workflow to make.")
class CreateWorkflowInput:
    """Input of createWorkflow."""

    database_id: str = strawberry.field(description="Its database, or GLOBAL.")
    workflow_id: str = strawberry.field(description="4 to 63 letters, digits, '-' or '_'.")
    description: str
    pipelines: list[PipelineReferenceInput] = strawberry.field(description="1 to 50, in the order they are run.")
    auto_trigger_extensions: list[str] = strawberry.field(
        default_factory=list, description="New files with these extensions start it, as .exr; .all for every file."
    )
    idempotency_key: str | None = None


@strawberry.input(description="Changes to a workflow; what is null stays as it is.")
class UpdateWorkflowInput:
    """Input of updateWorkflow."""

    database_id: str
    workflow_id: str
    description: str | None = None
    pipelines: list[PipelineReferenceInput] | None = None
    auto_trigger_extensions: list[str] | None = strawberry.field(default=None, description="None of them: no file.")
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A workflow to delete.")
class DeleteWorkflowInput:
    """Input of deleteWorkflow."""

    database_id: str
    workflow_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class WorkflowPayload(Payload):
    """Base of payloads with a workflow."""

    @strawberry.field(description="The workflow as it is now; null when the request was refused.")
    async def workflow(self, info: Info) -> Workflow | None:
        return None if self.key is None else await read_one(info, "Workflow", self.key, returns=Workflow)


@strawberry.type(description="The made workflow.")
class CreateWorkflowPayload(WorkflowPayload):
    """Payload of createWorkflow."""


@strawberry.type(description="The changed workflow.")
class UpdateWorkflowPayload(WorkflowPayload):
    """Payload of updateWorkflow."""


@strawberry.type(description="What was deleted.")
class DeleteWorkflowPayload(Payload):
    """Payload of deleteWorkflow."""

    @strawberry.field(description="Id of the deleted workflow; null when the request was refused.")
    def deleted_workflow_id(self) -> str | None:
        return None if self.key is None else self.key["workflow_id"]


@strawberry.type
class WorkflowMutations:
    """Mutations of workflows."""

    @strawberry.mutation(description="Make a workflow of pipelines of its database or of GLOBAL.")
    async def create_workflow(self, info: Info, input: CreateWorkflowInput) -> CreateWorkflowPayload:  # noqa: A002
        context: Context = info.context
        terms = WorkflowTerms(
            description=input.description,
            pipelines=_references(input.pipelines),
            auto_trigger_extensions=_extensions(input.auto_trigger_extensions),
        )
        key = (input.database_id, input.workflow_id)
        done = await context.carry_out(create_workflow, key, terms=terms, order=context.order("createWorkflow", input))
        return CreateWorkflowPayload(**filled(done, database_id=key[0], workflow_id=key[1]))

    @strawberry.mutation(description="Change a workflow; executions that run keep their steps.")
    async def update_workflow(self, info: Info, input: UpdateWorkflowInput) -> UpdateWorkflowPayload:  # noqa: A002
        context: Context = info.context
        key, extensions = (input.database_id, input.workflow_id), input.auto_trigger_extensions
        done = await context.carry_out(
            update_workflow,
            key,
            description=input.description,
            pipelines=None if input.pipelines is None else _references(input.pipelines),
            auto_trigger_extensions=None if extensions is None else _extensions(extensions),
            order=context.order("updateWorkflow", input),
        )
        return UpdateWorkflowPayload(**filled(done, database_id=key[0], workflow_id=key[1]))

    @strawberry.mutation(description="Delete a workflow; executions that run go on. Its id can be given again.")
    async def delete_workflow(self, info: Info, input: DeleteWorkflowInput) -> DeleteWorkflowPayload:  # noqa: A002
        context: Context = info.context
        key = (input.database_id, input.workflow_id)
        done = await context.carry_out(delete_workflow, key, order=context.order("deleteWorkflow", input))
        return DeleteWorkflowPayload(**filled(done, database_id=key[0], workflow_id=key[1]))


def _references(given: Sequence[PipelineReferenceInput]) -> tuple[PipelineRef, ...]:
    return tuple(PipelineRef(database_id=one.database_id, pipeline_id=one.pipeline_id) for one in given)


def _extensions(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(extension.lower() for extension in given))
