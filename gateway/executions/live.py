"""The subscription workflowExecutionChanged."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

import strawberry

from domain.event import Recorded
from domain.executions.events import WorkflowExecutionEvent
from domain.executions.execution import ENDS, OPEN
from gateway.context import Context, Info
from gateway.executions.types import WorkflowExecution
from gateway.graphql.errors import ClientError
from gateway.graphql.execution import PositionedEvent
from gateway.ledger.errors import LedgerError
from gateway.reads.root import read_one

STATUS = "SELECT execution_status FROM workflow_executions_storage WHERE execution_id = %(id)s"


@strawberry.type
class WorkflowExecutionSubscriptions:
    """Subscriptions to executions."""

    @strawberry.subscription(
        description="The execution now and after each change; changes in quick succession come as one. Ends with it."
    )
    async def workflow_execution_changed(
        self, info: Info, execution_id: strawberry.ID
    ) -> AsyncGenerator[WorkflowExecution, None]:
        context: Context = info.context
        start = await context.read(context.services.feed.head)
        await context.wait_for(start)
        status = await context.services.reader.fetch(STATUS, {"id": str(execution_id)})
        if status is None:
            raise ClientError(f"There is no workflow execution {str(execution_id)!r}.", "NOT_FOUND")
        yield await _shown(info, execution_id, start)
        if status not in OPEN:
            return
        try:
            async for page in context.services.broadcast.follow(start):
                changes = _changes(page, str(execution_id))
                if changes and await context.shown(changes[-1].position):
                    yield await _shown(info, execution_id, changes[-1].position)
                if changes and type(changes[-1].event) in ENDS:
                    return
        except LedgerError as error:
            raise ClientError(f"The log cannot be followed further: {error}", "UNAVAILABLE") from error


async def _shown(info: Info, execution_id: strawberry.ID, position: int) -> WorkflowExecution:
    found = await read_one(info, "WorkflowExecution", {"execution_id": str(execution_id)}, returns=WorkflowExecution)
    return PositionedEvent(position, found)  # type: ignore[return-value]


def _changes(page: Sequence[Recorded], execution_id: str) -> list[Recorded]:
    return [
        entry
        for entry in page
        if isinstance(entry.event, WorkflowExecutionEvent) and entry.event.execution_id == execution_id
    ]
