"""requestRenditions."""

from __future__ import annotations

import strawberry

from domain.files.paths import check_path
from domain.media.commands import request_renditions
from gateway.context import Context, Info
from gateway.files.types import File
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input(description="A file whose pictures are to be made again.")
class RequestRenditionsInput:
    """Input of requestRenditions."""

    database_id: str
    asset_id: str
    path: str
    idempotency_key: str | None = None


@strawberry.type(description="The file whose pictures will be made.")
class RequestRenditionsPayload(Payload):
    """Payload of requestRenditions."""

    @strawberry.field(description="The file; its renditions are REQUESTED until they are made.")
    async def file(self, info: Info) -> File | None:
        return None if self.key is None else await read_one(info, "File", self.key, returns=File)


@strawberry.type
class MediaMutations:
    """Mutations of media."""

    @strawberry.mutation(
        description="Inspect a file again and make its pictures again; an attempt under way is left alone."
    )
    async def request_renditions(
        self,
        info: Info,
        input: RequestRenditionsInput,  # noqa: A002
    ) -> RequestRenditionsPayload:
        context: Context = info.context
        file = (input.database_id, input.asset_id, input.path)
        order = context.order("requestRenditions", input)
        done = await context.carry_out(request_renditions, file, again=True, order=order)
        key = dict(zip(("database_id", "asset_id", "path"), file, strict=True))
        if not done.errors:
            key["path"] = check_path(input.path)
        return RequestRenditionsPayload(**filled(done, **key))
