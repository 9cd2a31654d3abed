"""rebuildProjection."""

from __future__ import annotations

import strawberry

from domain.projections.commands import rebuild_projection
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.projections.types import Projection, projection


@strawberry.input(description="A projection to rebuild.")
class RebuildProjectionInput:
    """Input of rebuildProjection."""

    name: str
    reason: str | None = None
    idempotency_key: str | None = None


@strawberry.type(description="The projection that will be rebuilt.")
class RebuildProjectionPayload(Payload):
    """Payload of rebuildProjection."""

    @strawberry.field(description="The projection; follow it with projectionProgress.")
    async def projection(self, info: Info) -> Projection | None:
        context: Context = info.context
        if self.key is None:
            return None
        found = {status.name: status for status in await context.run(context.services.status)}
        status = found.get(self.key["name"])
        return projection(status) if status else None


@strawberry.type
class ProjectionMutations:
    """Mutations of projections."""

    @strawberry.mutation(description="Strike a projection again beside the live one, then swap; reads never stop.")
    async def rebuild_projection(
        self,
        info: Info,
        input: RebuildProjectionInput,  # noqa: A002
    ) -> RebuildProjectionPayload:
        context: Context = info.context
        done = await context.carry_out(
            rebuild_projection,
            input.name,
            known=tuple(context.services.projections),
            reason=input.reason,
            order=context.order("rebuildProjection", input),
        )
        return RebuildProjectionPayload(**filled(done, name=input.name))
