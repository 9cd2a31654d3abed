"""revertAssetVersion."""

from __future__ import annotations

import strawberry

from domain.assets.reverts import revert_asset_version
from gateway.assets.types import AssetRevert
from gateway.assets.versions import version_key
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input(description="A version whose files are to be put on top again.")
class RevertAssetVersionInput:
    """Input of revertAssetVersion."""

    database_id: str
    asset_id: str
    asset_version_id: str
    comment: str = strawberry.field(description="Why; the comment of the version that is made.")
    revert_metadata: bool | None = strawberry.field(
        default=False, description="Also replace metadata and attributes, of the asset and the version's files."
    )
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type(description="The revert that was begun.")
class RevertAssetVersionPayload(Payload):
    """Payload of revertAssetVersion."""

    revert_id: strawberry.Private[str]

    @strawberry.field(description="The revert, which goes on after this answer; null when it was refused.")
    async def revert(self, info: Info) -> AssetRevert | None:
        if self.key is None:
            return None
        numbered = {"revert_id::text": self.revert_id}
        return await read_one(info, "AssetRevert", {**self.key, **numbered}, returns=AssetRevert)


@strawberry.type
class AssetRevertMutations:
    """Mutations that bring versions back."""

    @strawberry.mutation(
        description="Put the files of an older version on top again and make a version of exactly those. "
        "Files that the older version lacks stay in the asset. The bytes are copied after the answer: "
        "watch AssetRevert.state, or the event AssetReverted."
    )
    async def revert_asset_version(
        self,
        info: Info,
        input: RevertAssetVersionInput,  # noqa: A002
    ) -> RevertAssetVersionPayload:
        context: Context = info.context
        done = await context.carry_out(
            revert_asset_version,
            version_key(input),
            comment=input.comment,
            with_metadata=bool(input.revert_metadata),
            order=context.order("revertAssetVersion", input),
        )
        return RevertAssetVersionPayload(
            **filled(done, database_id=input.database_id, asset_id=input.asset_id),
            revert_id=done.result.get("revertId", ""),
        )
