"""createAssetVersion, updateAssetVersion, archiveAssetVersion, unarchiveAssetVersion."""

from __future__ import annotations

import re
from typing import Any, Protocol

import strawberry

from domain.assets.events import ChosenFile
from domain.assets.versions import (
    SEPARATOR,
    archive_asset_version,
    create_asset_version,
    unarchive_asset_version,
    update_asset_version,
)
from gateway.assets.types import AssetVersion
from gateway.context import Context, Done, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one

NUMBER = re.compile(r"[1-9][0-9]{0,8}")


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


@strawberry.input(description="Changes to a version; what is null stays as it is. What it holds never changes.")
class UpdateAssetVersionInput:
    """Input of updateAssetVersion."""

    database_id: str
    asset_id: str
    asset_version_id: str
    comment: str | None = None
    version_alias: str | None = strawberry.field(default=None, description='"" clears it.')
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A version to take out of the default list.")
class ArchiveAssetVersionInput:
    """Input of archiveAssetVersion."""

    database_id: str
    asset_id: str
    asset_version_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A version to bring back into the default list.")
class UnarchiveAssetVersionInput:
    """Input of unarchiveAssetVersion."""

    database_id: str
    asset_id: str
    asset_version_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class AssetVersionPayload(Payload):
    """Base of payloads with a version."""

    number: strawberry.Private[str]

    @strawberry.field(description="The version; null when the request was refused.")
    async def asset_version(self, info: Info) -> AssetVersion | None:
        if self.key is None:
            return None
        numbered = {"asset_version_id::text": self.number}
        return await read_one(info, "AssetVersion", {**self.key, **numbered}, returns=AssetVersion)


@strawberry.type(description="The created version.")
class CreateAssetVersionPayload(AssetVersionPayload):
    """Payload of createAssetVersion."""

    skipped_paths: list[str] = strawberry.field(description="Chosen files that do not exist and were left out.")


@strawberry.type(description="The changed version.")
class UpdateAssetVersionPayload(AssetVersionPayload):
    """Payload of updateAssetVersion."""


@strawberry.type(description="The archived version.")
class ArchiveAssetVersionPayload(AssetVersionPayload):
    """Payload of archiveAssetVersion."""


@strawberry.type(description="The unarchived version.")
class UnarchiveAssetVersionPayload(AssetVersionPayload):
    """Payload of unarchiveAssetVersion."""


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

    @strawberry.mutation(description="Change the comment or the alias of a version.")
    async def update_asset_version(
        self,
        info: Info,
        input: UpdateAssetVersionInput,  # noqa: A002
    ) -> UpdateAssetVersionPayload:
        context: Context = info.context
        done = await context.carry_out(
            update_asset_version,
            version_key(input),
            comment=input.comment,
            version_alias=input.version_alias,
            order=context.order("updateAssetVersion", input),
        )
        return UpdateAssetVersionPayload(**_filled(done, input))

    @strawberry.mutation(description="Take a version other than the current one out of the default list.")
    async def archive_asset_version(
        self,
        info: Info,
        input: ArchiveAssetVersionInput,  # noqa: A002
    ) -> ArchiveAssetVersionPayload:
        context: Context = info.context
        order = context.order("archiveAssetVersion", input)
        done = await context.carry_out(archive_asset_version, version_key(input), order=order)
        return ArchiveAssetVersionPayload(**_filled(done, input))

    @strawberry.mutation(description="Bring a version back into the default list.")
    async def unarchive_asset_version(
        self,
        info: Info,
        input: UnarchiveAssetVersionInput,  # noqa: A002
    ) -> UnarchiveAssetVersionPayload:
        context: Context = info.context
        order = context.order("unarchiveAssetVersion", input)
        done = await context.carry_out(unarchive_asset_version, version_key(input), order=order)
        return UnarchiveAssetVersionPayload(**_filled(done, input))


class NamesVersion(Protocol):
    """An input about one version."""

    database_id: str
    asset_id: str
    asset_version_id: str


def version_key(given: NamesVersion) -> tuple[str, str, int]:
    """Natural key of the version; a text that is no number of ours becomes 0, which no version has."""
    number = given.asset_version_id
    return given.database_id, given.asset_id, int(number) if NUMBER.fullmatch(number) else 0


def _filled(done: Done, given: NamesVersion) -> dict[str, Any]:
    key = filled(done, database_id=given.database_id, asset_id=given.asset_id)
    return {**key, "number": given.asset_version_id}


def _chosen(file: VersionFileInput) -> ChosenFile:
    return ChosenFile(path=file.path, s3_version_id=file.s3_version_id)
