"""WorkflowTriggerProblem: a file that should have started a workflow and did not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import strawberry

from gateway.reads.sources import Column, Narrowing, OrderKey, Source, timestamp
from gateway.scalars import Position

FIELDS = {
    "databaseId": "database_id",
    "assetId": "asset_id",
    "path": "path",
    "workflowDatabaseId": "workflow_database_id",
    "workflowId": "workflow_id",
    "code": "code",
    "message": "message",
}


@strawberry.type(description="A file that should have started a workflow and did not. Mend it, then use runWorkflow.")
class WorkflowTriggerProblem:
    """A problem."""

    position: Position = strawberry.field(description="Of the event that should have started it.")
    workflow_database_id: str = strawberry.field(description="Database of the workflow, or GLOBAL.")
    workflow_id: str = strawberry.field(description="The workflow.")
    database_id: str = strawberry.field(description="Database of the file.")
    asset_id: str = strawberry.field(description="Asset of the file.")
    path: str = strawberry.field(description="The file.")
    code: str = strawberry.field(description="Why, as runWorkflow would be refused; UNAVAILABLE after every attempt.")
    message: str = strawberry.field(description="Why, for people.")
    at: datetime = strawberry.field(description="When it was met; it is forgotten thirty days later.")


PROBLEM_ORDER = (
    OrderKey("{t}.position", "bigint", True),
    OrderKey("{t}.workflow_database_id", "text"),
    OrderKey("{t}.workflow_id", "text"),
)
SOURCES = {
    "WorkflowTriggerProblem": Source(
        "WorkflowTriggerProblem",
        "workflows.trigger_problems",
        {
            "position": Column("{t}.position::text"),
            **{name: Column(f"{{t}}.{column}") for name, column in FIELDS.items()},
            "at": timestamp("{t}.at"),
        },
    )
}


def problem_conditions(narrowing: Narrowing) -> Iterator[str]:
    """What the arguments of `workflowTriggerProblems` choose."""
    for name in ("databaseId", "assetId", "workflowId"):
        if narrowing.arguments.get(name) is not None:
            yield f"{narrowing.row}.{FIELDS[name]} = {narrowing.bind(narrowing.arguments[name])}"
