"""rebuildProjection, rollbackProjection, retryProjection, skipEvent."""

from __future__ import annotations

import strawberry

from domain.cause import Order
from domain.errors import NotFound
from domain.ledger import Ledger
from domain.projections.commands import rebuild_projection, rollback_projection, skip_event
from domain.stream import Outcome
from gateway.consumers import positions
from gateway.consumers.status import Status
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.projections.types import Projection, projection
from gateway.scalars import Position
from gateway.services import Services


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
        found = {status.name: status for status in await context.read(context.services.status)}
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
        done = await context.carry_out(
            _roll_back,
            input.name,
            context.services,
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
        done = await context.carry_out(_retry, input.name, context.services)
        return RetryProjectionPayload(**filled(done, name=input.name))

    @strawberry.mutation(
        description="Decide, for ever and in the log, that a follower passes over the event it stands still at."
    )
    async def skip_event(
        self,
        info: Info,
        input: SkipEventInput,  # noqa: A002
    ) -> SkipEventPayload:
        context: Context = info.context
        done = await context.carry_out(
            _skip,
            input.name,
            context.services,
            position=int(input.position),
            reason=input.reason,
            order=context.order("skipEvent", input),
        )
        return SkipEventPayload(**filled(done, name=input.name))


def _roll_back(ledger: Ledger, name: str, services: Services, *, reason: str | None, order: Order) -> Outcome:
    kept = {status.name for status in services.status() if status.previous_generation}
    known = tuple(services.projections)
    return rollback_projection(ledger, name, known=known, kept=kept, reason=reason, order=order)


def _retry(ledger: Ledger, name: str, services: Services) -> Outcome:
    _follower(name, services)
    positions.retry(name, services.pool)
    return Outcome(ledger.head(), {})


def _skip(ledger: Ledger, name: str, services: Services, *, position: int, reason: str, order: Order) -> Outcome:
    stands_at = _follower(name, services).failed_position
    outcome = skip_event(ledger, name, position=position, stands_at=stands_at, reason=reason, order=order)
    positions.skip(name, position, services.pool)
    return outcome


def _follower(name: str, services: Services) -> Status:
    """Raises NotFound."""
    for status in services.status():
        if status.name == name:
            return status
    raise NotFound("projection", name, path=("name",))
