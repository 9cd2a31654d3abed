"""createTag, updateTag, deleteTag."""

from __future__ import annotations

import strawberry

from domain.tags.commands import create_tag, delete_tag, update_tag
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one
from gateway.tags.types import Tag


@strawberry.input(description="A tag to create.")
class CreateTagInput:
    """Input of createTag."""

    tag_name: str
    tag_type_name: str
    description: str = ""
    idempotency_key: str | None = None


@strawberry.input(description="Changes to a tag; what is null stays as it is.")
class UpdateTagInput:
    """Input of updateTag."""

    tag_name: str
    tag_type_name: str | None = strawberry.field(default=None, description="Move it to this type.")
    description: str | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A tag to delete.")
class DeleteTagInput:
    """Input of deleteTag."""

    tag_name: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class TagPayload(Payload):
    """Base of payloads with a tag."""

    @strawberry.field(description="The tag as it is now; null when the request was refused.")
    async def tag(self, info: Info) -> Tag | None:
        return None if self.key is None else await read_one(info, "Tag", self.key, returns=Tag)


@strawberry.type(description="The created tag.")
class CreateTagPayload(TagPayload):
    """Payload of createTag."""


@strawberry.type(description="The changed tag.")
class UpdateTagPayload(TagPayload):
    """Payload of updateTag."""


@strawberry.type(description="What was deleted.")
class DeleteTagPayload(Payload):
    """Payload of deleteTag."""

    @strawberry.field(description="Name of the deleted tag; null when the request was refused.")
    def deleted_tag_name(self) -> str | None:
        return None if self.key is None else self.key["tag_name"]


@strawberry.type
class TagMutations:
    """Mutations of tags."""

    @strawberry.mutation(description="Create a tag; only tags that exist can be given to assets and links.")
    async def create_tag(self, info: Info, input: CreateTagInput) -> CreateTagPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            create_tag,
            input.tag_name,
            tag_type_name=input.tag_type_name,
            description=input.description,
            order=context.order("createTag", input),
        )
        return CreateTagPayload(**filled(done, tag_name=input.tag_name))

    @strawberry.mutation(description="Change a tag's description or type.")
    async def update_tag(self, info: Info, input: UpdateTagInput) -> UpdateTagPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            update_tag,
            input.tag_name,
            tag_type_name=input.tag_type_name,
            description=input.description,
            order=context.order("updateTag", input),
        )
        return UpdateTagPayload(**filled(done, tag_name=input.tag_name))

    @strawberry.mutation(description="Delete a tag that no asset and no link has, archived assets included.")
    async def delete_tag(self, info: Info, input: DeleteTagInput) -> DeleteTagPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(delete_tag, input.tag_name, order=context.order("deleteTag", input))
        return DeleteTagPayload(**filled(done, tag_name=input.tag_name))
