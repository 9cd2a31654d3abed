"""createAssetVersion."""

from __future__ import annotations

import strawberry

from domain.assets.events import ChosenFile
from domain.assets.versions import SEPARATOR, create_asset_version
from gateway.assets.types import AssetVersion
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input(description="A file version to put into an asset version.")
class VersionFileInput:
    """A chosen file version."""

    path: str
    s3_version_id: str


@strawberry.input(description="A version to make.")
class CreateAssetVersionInput:
    """Input of createAssetVersion."""

    database_id: str
    asset_id: str
    comment: str
    version_alias: str | None = None
    files: list[VersionFileInput] | None = strawberry.field(
        default=None, description="Null takes the latest version of every file."
    )
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type(description="The created version.")
class CreateAssetVersionPayload(Payload):
    """Payload of createAssetVersion."""

    skipped_paths: list[str] = strawberry.field(description="Chosen files that do not exist and were left out.")
    number: strawberry.Private[str]

    @strawberry.field(description="The version; null when the request was refused.")
    async def asset_version(self, info: Info) -> AssetVersion | None:
        if self.key is None:
            return None
        numbered = {"asset_version_id::text": self.number}
        return await read_one(info, "AssetVersion", {**self.key, **numbered}, returns=AssetVersion)


@strawberry.type
class AssetVersionMutations:
    """Mutations of asset versions."""

    @strawberry.mutation(description="Bookmark the asset as it is now, or an explicit list of file versions.")
    async def create_asset_version(
        self,
        info: Info,
        input: CreateAssetVersionInput,  # noqa: A002
    ) -> CreateAssetVersionPayload:
        context: Context = info.context
        chosen = None if input.files is None else tuple(_chosen(file) for file in input.files)
        done = await context.carry_out(
            create_asset_version,
            input.database_id,
            input.asset_id,
            comment=input.comment,
            version_alias=input.version_alias,
            files=chosen,
            order=context.order("createAssetVersion", input),
        )
        skipped = done.result.get("skippedPaths", "")
        return CreateAssetVersionPayload(
            **filled(done, database_id=input.database_id, asset_id=input.asset_id),
            skipped_paths=skipped.split(SEPARATOR) if skipped else [],
            number=done.result.get("assetVersionId", ""),
        )


def _chosen(file: VersionFileInput) -> ChosenFile:
    return ChosenFile(path=file.path, s3_version_id=file.s3_version_id)
