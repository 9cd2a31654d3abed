"""projections."""

from __future__ import annotations

import strawberry

from gateway.context import Context, Info
from gateway.projections.types import Projection, projection


@strawberry.type
class ProjectionQueries:
    """Followers of the log."""

    @strawberry.field(description="Every follower of the log, by name.")
    async def projections(self, info: Info) -> list[Projection]:
        context: Context = info.context
        return [projection(status) for status in await context.read(context.services.status)]
