"""createAssetLink, updateAssetLink, deleteAssetLink."""

from __future__ import annotations

from uuid import uuid4

import strawberry

from domain.links.commands import create_asset_link, delete_asset_link, update_asset_link
from domain.links.events import RelationshipType
from domain.links.link import AssetKey
from gateway.context import Context, Info
from gateway.links.types import AssetLink
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input(description="Two active assets to link.")
class CreateAssetLinkInput:
    """Input of createAssetLink."""

    from_database_id: str
    from_asset_id: str = strawberry.field(description="The parent, unless the two are related.")
    to_database_id: str
    to_asset_id: str
    relationship_type: RelationshipType
    asset_link_alias_id: str | None = strawberry.field(
        default=None, description="Of links from a parent to a child, which may then have several; 128 characters."
    )
    tags: list[str] | None = strawberry.field(default_factory=list)
    idempotency_key: str | None = None


@strawberry.input(description="Changes to a link; what is null stays as it is.")
class UpdateAssetLinkInput:
    """Input of updateAssetLink."""

    asset_link_id: strawberry.ID
    asset_link_alias_id: str | None = strawberry.field(default=None, description="The empty text removes it.")
    tags: list[str] | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A link to delete.")
class DeleteAssetLinkInput:
    """Input of deleteAssetLink."""

    asset_link_id: strawberry.ID
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class AssetLinkPayload(Payload):
    """Base of payloads with a link."""

    @strawberry.field(description="The link as it is now; null when the request was refused.")
    async def asset_link(self, info: Info) -> AssetLink | None:
        return None if self.key is None else await read_one(info, "AssetLink", self.key, returns=AssetLink)


@strawberry.type(description="The created link.")
class CreateAssetLinkPayload(AssetLinkPayload):
    """Payload of createAssetLink."""


@strawberry.type(description="The changed link.")
class UpdateAssetLinkPayload(AssetLinkPayload):
    """Payload of updateAssetLink."""


@strawberry.type(description="What was deleted.")
class DeleteAssetLinkPayload(Payload):
    """Payload of deleteAssetLink."""

    @strawberry.field(description="Id of the deleted link; null when the request was refused.")
    def deleted_asset_link_id(self) -> strawberry.ID | None:
        return None if self.key is None else strawberry.ID(self.key["asset_link_id"])


@strawberry.type
class LinkMutations:
    """Mutations of links."""

    @strawberry.mutation(description="Link two assets, as related ones or as parent and child; cycles are refused.")
    async def create_asset_link(self, info: Info, input: CreateAssetLinkInput) -> CreateAssetLinkPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            create_asset_link,
            str(uuid4()),
            from_asset=AssetKey(input.from_database_id, input.from_asset_id),
            to_asset=AssetKey(input.to_database_id, input.to_asset_id),
            relationship_type=input.relationship_type,
            alias=input.asset_link_alias_id,
            tags=tuple(input.tags or ()),
            order=context.order("createAssetLink", input),
        )
        return CreateAssetLinkPayload(**filled(done, asset_link_id=done.result.get("assetLinkId", "")))

    @strawberry.mutation(description="Change a link's alias or tags.")
    async def update_asset_link(self, info: Info, input: UpdateAssetLinkInput) -> UpdateAssetLinkPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            update_asset_link,
            str(input.asset_link_id),
            alias=input.asset_link_alias_id,
            tags=None if input.tags is None else tuple(input.tags),
            order=context.order("updateAssetLink", input),
        )
        return UpdateAssetLinkPayload(**filled(done, asset_link_id=str(input.asset_link_id)))

    @strawberry.mutation(description="Delete a link with its metadata; the assets stay as they are.")
    async def delete_asset_link(self, info: Info, input: DeleteAssetLinkInput) -> DeleteAssetLinkPayload:  # noqa: A002
        context: Context = info.context
        order = context.order("deleteAssetLink", input)
        done = await context.carry_out(delete_asset_link, str(input.asset_link_id), order=order)
        return DeleteAssetLinkPayload(**filled(done, asset_link_id=str(input.asset_link_id)))
