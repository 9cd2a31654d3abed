"""runWorkflow, cancelWorkflowExecution, retryWorkflowExecution."""

from __future__ import annotations

from uuid import uuid4

import strawberry

from domain.executions.commands import Run, cancel_workflow_execution, retry_workflow_execution, run_workflow
from gateway.context import Context, Info
from gateway.executions.types import WorkflowExecution
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input(description="A workflow to run, and over what.")
class RunWorkflowInput:
    """Input of runWorkflow."""

    workflow_database_id: str = strawberry.field(description="The asset's own database, or GLOBAL.")
    workflow_id: str
    database_id: str = strawberry.field(description="Database of the asset.")
    asset_id: str
    paths: list[str] = strawberry.field(
        default_factory=list,
        description="Files of the asset, at most 1000; none of them runs it over the asset itself.",
    )
    input_parameters: str = strawberry.field(
        default="", description="A JSON object whose members win over those of each pipeline; empty for none."
    )
    idempotency_key: str | None = None


@strawberry.input(description="An execution to end.")
class CancelWorkflowExecutionInput:
    """Input of cancelWorkflowExecution."""

    execution_id: strawberry.ID
    reason: str | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="An execution that failed, timed out or was cancelled, to go on with.")
class RetryWorkflowExecutionInput:
    """Input of retryWorkflowExecution."""

    execution_id: strawberry.ID
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class WorkflowExecutionPayload(Payload):
    """Base of payloads with an execution."""

    @strawberry.field(description="The execution as it is now; null when the request was refused.")
    async def workflow_execution(self, info: Info) -> WorkflowExecution | None:
        if self.key is None:
            return None
        return await read_one(info, "WorkflowExecution", self.key, returns=WorkflowExecution)


@strawberry.type(description="The execution that was asked for.")
class RunWorkflowPayload(WorkflowExecutionPayload):
    """Payload of runWorkflow."""


@strawberry.type(description="The ended execution.")
class CancelWorkflowExecutionPayload(WorkflowExecutionPayload):
    """Payload of cancelWorkflowExecution."""


@strawberry.type(description="The execution, which goes on.")
class RetryWorkflowExecutionPayload(WorkflowExecutionPayload):
    """Payload of retryWorkflowExecution."""


@strawberry.type
class WorkflowExecutionMutations:
    """Mutations of executions."""

    @strawberry.mutation(
        description="Run a workflow over the latest versions of files, or over the asset; one such run each at a time."
    )
    async def run_workflow(self, info: Info, input: RunWorkflowInput) -> RunWorkflowPayload:  # noqa: A002
        context: Context = info.context
        run = Run(
            workflow=(input.workflow_database_id, input.workflow_id),
            asset=(input.database_id, input.asset_id),
            paths=tuple(input.paths),
            input_parameters=input.input_parameters,
        )
        done = await context.carry_out(run_workflow, str(uuid4()), run=run, order=context.order("runWorkflow", input))
        return RunWorkflowPayload(**filled(done, execution_id=done.result.get("executionId", "")))

    @strawberry.mutation(
        description="End an execution now; its pipeline is stopped where we run it, and late reports are ignored."
    )
    async def cancel_workflow_execution(
        self,
        info: Info,
        input: CancelWorkflowExecutionInput,  # noqa: A002
    ) -> CancelWorkflowExecutionPayload:
        context: Context = info.context
        execution_id = str(input.execution_id)
        order = context.order("cancelWorkflowExecution", input)
        done = await context.carry_out(cancel_workflow_execution, execution_id, reason=input.reason, order=order)
        return CancelWorkflowExecutionPayload(**filled(done, execution_id=execution_id))

    @strawberry.mutation(
        description="Go on with the first step that has not succeeded, over the same inputs with the same pipelines."
    )
    async def retry_workflow_execution(
        self,
        info: Info,
        input: RetryWorkflowExecutionInput,  # noqa: A002
    ) -> RetryWorkflowExecutionPayload:
        context: Context = info.context
        execution_id = str(input.execution_id)
        order = context.order("retryWorkflowExecution", input)
        done = await context.carry_out(retry_workflow_execution, execution_id, order=order)
        return RetryWorkflowExecutionPayload(**filled(done, execution_id=execution_id))
