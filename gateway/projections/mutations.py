"""rebuildProjection, rollbackProjection, retryProjection, skipEvent."""

from __future__ import annotations

import strawberry

from domain.errors import NotFound
from domain.projections.commands import rebuild_projection, rollback_projection, skip_event
from gateway.consumers import positions
from gateway.consumers.status import Status
from gateway.context import Context, Done, Info
from gateway.errors import user_error
from gateway.payloads import Payload, filled
from gateway.projections.types import Projection, projection
from gateway.scalars import Position


@strawberry.input(description="A projection to rebuild.")
class RebuildProjectionInput:
    """Input of rebuildProjection."""

    name: str
    reason: str | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A projection whose earlier print is wanted back.")
class RollbackProjectionInput:
    """Input of rollbackProjection."""

    name: str
    reason: str | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A follower of the log that stands still.")
class RetryProjectionInput:
    """Input of retryProjection."""

    name: str


@strawberry.input(description="An event that a follower of the log stands still at and shall pass over.")
class SkipEventInput:
    """Input of skipEvent."""

    name: str
    position: Position
    reason: str
    idempotency_key: str | None = None


@strawberry.type
class ProjectionPayload(Payload):
    """What the payloads of this module share."""

    @strawberry.field(description="The follower of the log; watch it with projectionProgress.")
    async def projection(self, info: Info) -> Projection | None:
        context: Context = info.context
        if self.key is None:
            return None
        found = {status.name: status for status in await context.run(context.services.status)}
        status = found.get(self.key["name"])
        return projection(status) if status else None


@strawberry.type(description="The projection that will be rebuilt.")
class RebuildProjectionPayload(ProjectionPayload):
    """Payload of rebuildProjection."""


@strawberry.type(description="The projection whose earlier print becomes live.")
class RollbackProjectionPayload(ProjectionPayload):
    """Payload of rollbackProjection."""


@strawberry.type(description="The follower that tries its event again.")
class RetryProjectionPayload(ProjectionPayload):
    """Payload of retryProjection."""


@strawberry.type(description="The follower that passes over the event.")
class SkipEventPayload(ProjectionPayload):
    """Payload of skipEvent."""


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

    @strawberry.mutation(
        description="Bring the print that the live one replaced up to date and make it live again; reads never stop."
    )
    async def rollback_projection(
        self,
        info: Info,
        input: RollbackProjectionInput,  # noqa: A002
    ) -> RollbackProjectionPayload:
        context: Context = info.context
        kept = {name for name, status in (await _followers(context)).items() if status.previous_generation}
        done = await context.carry_out(
            rollback_projection,
            input.name,
            known=tuple(context.services.projections),
            kept=kept,
            reason=input.reason,
            order=context.order("rollbackProjection", input),
        )
        return RollbackProjectionPayload(**filled(done, name=input.name))

    @strawberry.mutation(description="Let a follower that stands still try its event again; records nothing.")
    async def retry_projection(
        self,
        info: Info,
        input: RetryProjectionInput,  # noqa: A002
    ) -> RetryProjectionPayload:
        context: Context = info.context
        if input.name not in await _followers(context):
            return RetryProjectionPayload(**filled(_unknown(input.name), name=input.name))
        await context.run(positions.retry, input.name, context.services.pool)
        head = Position(await context.run(context.services.feed.head))
        return RetryProjectionPayload(**filled(Done(position=head, is_visible=True), name=input.name))

    @strawberry.mutation(
        description="Decide, for ever and in the log, that a follower passes over the event it stands still at."
    )
    async def skip_event(
        self,
        info: Info,
        input: SkipEventInput,  # noqa: A002
    ) -> SkipEventPayload:
        context: Context = info.context
        follower = (await _followers(context)).get(input.name)
        if follower is None:
            return SkipEventPayload(**filled(_unknown(input.name), name=input.name))
        done = await context.carry_out(
            skip_event,
            input.name,
            position=int(input.position),
            stands_at=follower.failed_position,
            reason=input.reason,
            order=context.order("skipEvent", input),
        )
        if not done.errors:
            await context.run(positions.skip, input.name, int(input.position), context.services.pool)
        return SkipEventPayload(**filled(done, name=input.name))


async def _followers(context: Context) -> dict[str, Status]:
    return {status.name: status for status in await context.run(context.services.status)}


def _unknown(name: str) -> Done:
    return Done(errors=[user_error(NotFound("projection", name, path=("name",)))])
