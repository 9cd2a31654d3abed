"""retryObjectJob."""

from __future__ import annotations

from typing import cast

import strawberry

from domain.ledger import Ledger
from domain.stream import Outcome
from gateway.context import Context, Info
from gateway.object_jobs.types import ObjectJob
from gateway.payloads import Payload, filled
from gateway.reads.root import by_typed_key, read_many
from gateway.reads.sources import One
from gateway.scalars import Position
from gateway.services import Services
from processors.lifecycle import object_jobs
from processors.lifecycle.object_jobs import ObjectJobKind


@strawberry.input(description="A job on objects that has failed.")
class RetryObjectJobInput:
    """Input of retryObjectJob."""

    position: Position = strawberry.field(description="ObjectJob.position.")
    kind: ObjectJobKind = strawberry.field(description="ObjectJob.kind.")


@strawberry.type(description="The job that is tried again.")
class RetryObjectJobPayload(Payload):
    """Payload of retryObjectJob."""

    @strawberry.field(description="The job as it is now; null when there is none.")
    async def object_job(self, info: Info) -> ObjectJob | None:
        if self.key is None:
            return None
        key = {"position": (int(self.key["position"]), "bigint"), "kind": (self.key["kind"], "text")}
        spec = One("ObjectJob", "true", by_typed_key(key))
        return cast("ObjectJob | None", await read_many(info, lambda plan, one, _: plan.one(one.nodes, spec, None, {})))


@strawberry.type
class ObjectJobMutations:
    """Mutations of jobs on objects."""

    @strawberry.mutation(
        description="Try a job on objects that has FAILED once more, when what made the store refuse it is mended. A "
        "job in any other state stays as it is. Records nothing: what the job is for was decided before."
    )
    async def retry_object_job(self, info: Info, input: RetryObjectJobInput) -> RetryObjectJobPayload:  # noqa: A002
        context: Context = info.context
        position, kind = int(input.position), ObjectJobKind(input.kind).value
        done = await context.carry_out(_try_again, context.services, position, kind)
        return RetryObjectJobPayload(**filled(done, position=str(position), kind=kind))


def _try_again(ledger: Ledger, services: Services, position: int, kind: str) -> Outcome:
    """Raises NotFound."""
    with services.pool.connection() as connection, connection.transaction():
        object_jobs.try_again(connection, services.queue, position, kind)
    return Outcome(ledger.head(), {})
