"""deleteAssetPermanently, deleteAssetPreview."""

from __future__ import annotations

import strawberry

from domain.assets.deletion import delete_asset_permanently, delete_asset_preview
from gateway.assets.mutations import AssetPayload
from gateway.context import Context, Info
from gateway.payloads import Payload, filled


@strawberry.input(description="An asset to delete for ever.")
class DeleteAssetPermanentlyInput:
    """Input of deleteAssetPermanently."""

    database_id: str
    asset_id: str
    reason: str = strawberry.field(description="Kept in the log for ever, 1 to 256 characters.")
    confirm_permanent_delete: bool = strawberry.field(description="Must be true: this can't be undone.")
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="The asset whose preview image is to be deleted.")
class DeleteAssetPreviewInput:
    """Input of deleteAssetPreview."""

    database_id: str
    asset_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type(description="What became of the asset.")
class DeleteAssetPermanentlyPayload(Payload):
    """Payload of deleteAssetPermanently."""


@strawberry.type(description="The asset without a preview image.")
class DeleteAssetPreviewPayload(AssetPayload):
    """Payload of deleteAssetPreview."""


@strawberry.type
class AssetDeletionMutations:
    """Mutations that delete for ever."""

    @strawberry.mutation(
        description="Delete an asset for ever, archived or not: its files, versions, metadata, comments and pictures "
        "are gone at once and its tags given back. After the answer its links are deleted, its open uploads aborted "
        "and every byte below its prefix erased; watch Query.objectJobs or the event AssetErased. The log keeps the "
        "record, asOf shows what was, and the id is never given again."
    )
    async def delete_asset_permanently(
        self,
        info: Info,
        input: DeleteAssetPermanentlyInput,  # noqa: A002
    ) -> DeleteAssetPermanentlyPayload:
        context: Context = info.context
        done = await context.carry_out(
            delete_asset_permanently,
            input.database_id,
            input.asset_id,
            reason=input.reason,
            is_confirmed=input.confirm_permanent_delete,
            order=context.order("deleteAssetPermanently", input),
        )
        return DeleteAssetPermanentlyPayload(**filled(done))

    @strawberry.mutation(description="Delete an asset's preview image for ever; every version of it is erased.")
    async def delete_asset_preview(
        self,
        info: Info,
        input: DeleteAssetPreviewInput,  # noqa: A002
    ) -> DeleteAssetPreviewPayload:
        context: Context = info.context
        order = context.order("deleteAssetPreview", input)
        done = await context.carry_out(delete_asset_preview, input.database_id, input.asset_id, order=order)
        return DeleteAssetPreviewPayload(**filled(done, database_id=input.database_id, asset_id=input.asset_id))
