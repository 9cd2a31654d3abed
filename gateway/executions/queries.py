"""The root fields that read executions of workflows."""

from __future__ import annotations

from typing import cast

import strawberry

from gateway.connections import Connection
from gateway.context import Info
from gateway.executions.problems import PROBLEM_ORDER, WorkflowTriggerProblem, problem_conditions
from gateway.executions.types import (
    EXECUTION_ORDER,
    WorkflowExecution,
    WorkflowExecutionFilter,
    execution_conditions,
)
from gateway.reads.root import read_one, read_pages
from gateway.reads.sources import Pages
from gateway.scalars import Position

PROBLEMS = Pages("WorkflowTriggerProblem", "true", PROBLEM_ORDER, problem_conditions)
EXECUTIONS = Pages("WorkflowExecution", "true", EXECUTION_ORDER, execution_conditions)


@strawberry.type
class WorkflowExecutionQueries:
    """Queries of executions."""

    @strawberry.field(description="An execution by its id.")
    async def workflow_execution(
        self, info: Info, execution_id: strawberry.ID, at_least: Position | None = None
    ) -> WorkflowExecution | None:
        return await read_one(info, "WorkflowExecution", {"execution_id": str(execution_id)}, returns=WorkflowExecution)

    @strawberry.field(description="Executions, the latest first.")
    async def workflow_executions(
        self,
        info: Info,
        filter: WorkflowExecutionFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> Connection[WorkflowExecution]:
        return cast("Connection[WorkflowExecution]", await read_pages(info, EXECUTIONS))

    @strawberry.field(description="Files that should have started a workflow and did not, the latest first.")
    async def workflow_trigger_problems(
        self,
        info: Info,
        database_id: str | None = None,
        asset_id: str | None = None,
        workflow_id: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Connection[WorkflowTriggerProblem]:
        return cast("Connection[WorkflowTriggerProblem]", await read_pages(info, PROBLEMS))
