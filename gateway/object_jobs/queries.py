"""The root field that lists jobs on objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import strawberry

from gateway.connections import Connection
from gateway.context import Info
from gateway.object_jobs.types import OBJECT_JOB_ORDER, ObjectJob, ObjectJobState
from gateway.reads.root import read_pages
from gateway.reads.sources import Narrowing, Pages
from gateway.scalars import Position


def _narrow(narrowing: Narrowing) -> Iterator[str]:
    for argument, column in (("databaseId", "database_id"), ("assetId", "asset_id")):
        value = narrowing.arguments.get(argument)
        if value is not None:
            yield f"{narrowing.row}.{column} = {narrowing.bind(value)}"
    states = narrowing.arguments.get("states")
    if states is not None:
        names = [getattr(state, "value", state) for state in states]
        yield f"{narrowing.row}.state = ANY({narrowing.bind(names, 'text[]')})"


JOBS = Pages("ObjectJob", "true", OBJECT_JOB_ORDER, _narrow)


@strawberry.type
class ObjectJobQueries:
    """Queries of jobs on objects."""

    @strawberry.field(
        description="Work on objects that archiving, unarchiving, deleting and moving left to be done, newest first. "
        "It is noted by the lifecycle processor, which may lag behind the log."
    )
    async def object_jobs(
        self,
        info: Info,
        database_id: str | None = None,
        asset_id: str | None = None,
        states: list[ObjectJobState] | None = None,
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> Connection[ObjectJob]:
        return cast("Connection[ObjectJob]", await read_pages(info, JOBS))
