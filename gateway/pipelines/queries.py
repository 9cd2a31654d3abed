"""The root fields that read pipelines and workflows."""

from __future__ import annotations

from typing import cast

import strawberry

from gateway.connections import Connection
from gateway.context import Info
from gateway.pipelines.types import (
    PIPELINE_ORDER,
    WORKFLOW_ORDER,
    Pipeline,
    PipelineFilter,
    Workflow,
    WorkflowFilter,
    pipeline_conditions,
    workflow_conditions,
)
from gateway.reads.root import read_one, read_pages
from gateway.reads.sources import Pages
from gateway.scalars import Position

PIPELINES = Pages("Pipeline", "true", PIPELINE_ORDER, pipeline_conditions)
WORKFLOWS = Pages("Workflow", "true", WORKFLOW_ORDER, workflow_conditions)


@strawberry.type
class PipelineQueries:
    """Queries of definitions."""

    @strawberry.field(description="A pipeline of a database, or of GLOBAL; a deleted one too.")
    async def pipeline(
        self, info: Info, database_id: str, pipeline_id: str, at_least: Position | None = None
    ) -> Pipeline | None:
        key = {"database_id": database_id, "pipeline_id": pipeline_id}
        return await read_one(info, "Pipeline", key, returns=Pipeline)

    @strawberry.field(description="Pipelines by database and id.")
    async def pipelines(
        self,
        info: Info,
        filter: PipelineFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> Connection[Pipeline]:
        return cast("Connection[Pipeline]", await read_pages(info, PIPELINES))

    @strawberry.field(description="A workflow of a database, or of GLOBAL; a deleted one too.")
    async def workflow(
        self, info: Info, database_id: str, workflow_id: str, at_least: Position | None = None
    ) -> Workflow | None:
        key = {"database_id": database_id, "workflow_id": workflow_id}
        return await read_one(info, "Workflow", key, returns=Workflow)

    @strawberry.field(description="Workflows by database and id.")
    async def workflows(
        self,
        info: Info,
        filter: WorkflowFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> Connection[Workflow]:
        return cast("Connection[Workflow]", await read_pages(info, WORKFLOWS))
