"""createAsset, updateAsset, archiveAsset, unarchiveAsset."""

from __future__ import annotations

from uuid import uuid4

import strawberry

from domain.assets.commands import archive_asset, unarchive_asset, update_asset
from gateway.assets.types import Asset
from gateway.context import Context, Info
from gateway.metadata import MetadataInput, entries
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one
from processors.lifecycle.creating import create


@strawberry.input(description="An asset to create.")
class CreateAssetInput:
    """Input of createAsset."""

    database_id: str
    asset_name: str
    description: str
    is_distributable: bool
    asset_id: str | None = strawberry.field(default=None, description="Null makes one: x and a UUID.")
    tags: list[str] | None = strawberry.field(default_factory=list)
    metadata: list[MetadataInput] | None = strawberry.field(default_factory=list)
    bucket_existing_key: str | None = strawberry.field(
        default=None,
        description="A key prefix of the database's bucket that already holds objects and belongs to no asset: it "
        "becomes this asset's, and the objects below it, with their versions, its files. That goes on after the "
        "answer: watch Asset.adoption. Without it the asset gets a prefix of its own, below which there must be no "
        "object.",
    )
    idempotency_key: str | None = None


@strawberry.input(description="Changes to an asset; what is null stays as it is.")
class UpdateAssetInput:
    """Input of updateAsset."""

    database_id: str
    asset_id: str
    asset_name: str | None = None
    description: str | None = None
    is_distributable: bool | None = None
    tags: list[str] | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="An asset to archive.")
class ArchiveAssetInput:
    """Input of archiveAsset."""

    database_id: str
    asset_id: str
    reason: str | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="An asset to bring back.")
class UnarchiveAssetInput:
    """Input of unarchiveAsset."""

    database_id: str
    asset_id: str
    reason: str | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class AssetPayload(Payload):
    """Base of payloads with an asset."""

    @strawberry.field(description="The asset as it is now; null when the request was refused.")
    async def asset(self, info: Info) -> Asset | None:
        return None if self.key is None else await read_one(info, "Asset", self.key, returns=Asset)


@strawberry.type(description="The created asset.")
class CreateAssetPayload(AssetPayload):
    """Payload of createAsset."""


@strawberry.type(description="The changed asset.")
class UpdateAssetPayload(AssetPayload):
    """Payload of updateAsset."""


@strawberry.type(description="The archived asset.")
class ArchiveAssetPayload(AssetPayload):
    """Payload of archiveAsset."""


@strawberry.type(description="The unarchived asset.")
class UnarchiveAssetPayload(AssetPayload):
    """Payload of unarchiveAsset."""


@strawberry.type
class AssetMutations:
    """Mutations of assets."""

    @strawberry.mutation(
        description="Create an asset: without files, or with the objects below an existing prefix as its files."
    )
    async def create_asset(self, info: Info, input: CreateAssetInput) -> CreateAssetPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            create,
            (input.database_id, f"x{uuid4()}" if input.asset_id is None else input.asset_id),
            objects=context.services.objects,
            bucket_existing_key=input.bucket_existing_key,
            asset_name=input.asset_name,
            description=input.description,
            is_distributable=input.is_distributable,
            tags=tuple(input.tags or ()),
            metadata=entries(input.metadata),
            order=context.order("createAsset", input),
        )
        key = {"database_id": input.database_id, "asset_id": done.result.get("assetId", "")}
        return CreateAssetPayload(**filled(done, **key))

    @strawberry.mutation(description="Change an asset's name, description, tags or distribution.")
    async def update_asset(self, info: Info, input: UpdateAssetInput) -> UpdateAssetPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            update_asset,
            input.database_id,
            input.asset_id,
            asset_name=input.asset_name,
            description=input.description,
            is_distributable=input.is_distributable,
            tags=None if input.tags is None else tuple(input.tags),
            order=context.order("updateAsset", input),
        )
        return UpdateAssetPayload(**filled(done, database_id=input.database_id, asset_id=input.asset_id))

    @strawberry.mutation(description="Take an asset out of the working set; nothing of it is lost.")
    async def archive_asset(self, info: Info, input: ArchiveAssetInput) -> ArchiveAssetPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            archive_asset,
            input.database_id,
            input.asset_id,
            reason=input.reason,
            order=context.order("archiveAsset", input),
        )
        return ArchiveAssetPayload(**filled(done, database_id=input.database_id, asset_id=input.asset_id))

    @strawberry.mutation(description="Bring an archived asset back exactly as it was.")
    async def unarchive_asset(self, info: Info, input: UnarchiveAssetInput) -> UnarchiveAssetPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            unarchive_asset,
            input.database_id,
            input.asset_id,
            reason=input.reason,
            order=context.order("unarchiveAsset", input),
        )
        return UnarchiveAssetPayload(**filled(done, database_id=input.database_id, asset_id=input.asset_id))
