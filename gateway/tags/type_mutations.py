"""createTagType, updateTagType, deleteTagType."""

from __future__ import annotations

import strawberry

from domain.tags.commands import create_tag_type, delete_tag_type, update_tag_type
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one
from gateway.tags.types import TagType


@strawberry.input(description="A tag type to create.")
class CreateTagTypeInput:
    """Input of createTagType."""

    tag_type_name: str
    description: str = ""
    required: bool = strawberry.field(
        default=False, description="Ask every change of an asset's tags to leave it one of this type."
    )
    idempotency_key: str | None = None


@strawberry.input(description="Changes to a tag type; what is null stays as it is.")
class UpdateTagTypeInput:
    """Input of updateTagType."""

    tag_type_name: str
    description: str | None = None
    required: bool | None = strawberry.field(
        default=None, description="Assets that have no such tag stay as they are until their tags change."
    )
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A tag type to delete.")
class DeleteTagTypeInput:
    """Input of deleteTagType."""

    tag_type_name: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class TagTypePayload(Payload):
    """Base of payloads with a tag type."""

    @strawberry.field(description="The type as it is now; null when the request was refused.")
    async def tag_type(self, info: Info) -> TagType | None:
        return None if self.key is None else await read_one(info, "TagType", self.key, returns=TagType)


@strawberry.type(description="The created tag type.")
class CreateTagTypePayload(TagTypePayload):
    """Payload of createTagType."""


@strawberry.type(description="The changed tag type.")
class UpdateTagTypePayload(TagTypePayload):
    """Payload of updateTagType."""


@strawberry.type(description="What was deleted.")
class DeleteTagTypePayload(Payload):
    """Payload of deleteTagType."""

    @strawberry.field(description="Name of the deleted type; null when the request was refused.")
    def deleted_tag_type_name(self) -> str | None:
        return None if self.key is None else self.key["tag_type_name"]


@strawberry.type
class TagTypeMutations:
    """Mutations of tag types."""

    @strawberry.mutation(description="Create a tag type without tags.")
    async def create_tag_type(self, info: Info, input: CreateTagTypeInput) -> CreateTagTypePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            create_tag_type,
            input.tag_type_name,
            description=input.description,
            is_required=input.required,
            order=context.order("createTagType", input),
        )
        return CreateTagTypePayload(**filled(done, tag_type_name=input.tag_type_name))

    @strawberry.mutation(description="Change a tag type's description, or whether assets need a tag of it.")
    async def update_tag_type(self, info: Info, input: UpdateTagTypeInput) -> UpdateTagTypePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            update_tag_type,
            input.tag_type_name,
            description=input.description,
            is_required=input.required,
            order=context.order("updateTagType", input),
        )
        return UpdateTagTypePayload(**filled(done, tag_type_name=input.tag_type_name))

    @strawberry.mutation(description="Delete a tag type that has no tags.")
    async def delete_tag_type(self, info: Info, input: DeleteTagTypeInput) -> DeleteTagTypePayload:  # noqa: A002
        context: Context = info.context
        order = context.order("deleteTagType", input)
        done = await context.carry_out(delete_tag_type, input.tag_type_name, order=order)
        return DeleteTagTypePayload(**filled(done, tag_type_name=input.tag_type_name))
