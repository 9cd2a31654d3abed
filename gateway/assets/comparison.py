"""compareAssetVersions: what differs between two versions of an asset, or between a version and now."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import strawberry

from gateway.assets.types import AssetVersion
from gateway.connections import Connection, unplanned
from gateway.context import Info
from gateway.reads.root import read_one
from gateway.scalars import Long

FromVersion = Annotated[str, strawberry.argument(name="from", description="Number of the version to compare with.")]


@strawberry.enum(description="What became of a file or an entry between two versions.")
class VersionChange(Enum):
    """Kinds of difference."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


@strawberry.type(description="A file that differs. A copy of the same bytes, as a revert makes it, is no difference.")
class VersionFileChange:
    """A changed file."""

    path: str = strawberry.field(description="Path inside the asset.")
    change: VersionChange = strawberry.field(description="What became of it.")
    from_s3_version_id: str | None = strawberry.field(description="Object version before; null when it was added.")
    to_s3_version_id: str | None = strawberry.field(description="Object version after; null when it was removed.")
    from_size_bytes: Long | None = strawberry.field(description="Size before.")
    to_size_bytes: Long | None = strawberry.field(description="Size after.")


@strawberry.type(description="A metadata entry or attribute that differs.")
class VersionMetadataChange:
    """A changed entry."""

    path: str | None = strawberry.field(description="The file it is about; null for the asset itself.")
    key: str = strawberry.field(description="Its key.")
    is_attribute: bool = strawberry.field(description="Whether a machine wrote it.")
    change: VersionChange = strawberry.field(description="What became of it.")
    from_value: str | None = strawberry.field(description="Value before; null when it was added.")
    to_value: str | None = strawberry.field(description="Value after; null when it was removed.")


@strawberry.type(description="What differs between two versions.")
class AssetVersionComparison:
    """A comparison."""

    from_version: AssetVersion = strawberry.field(description="The version compared with.")
    to_version: AssetVersion | None = strawberry.field(description="The other version; null stands for now.")

    @strawberry.field(description="Files that were added, removed or changed, by path.")
    def files(self, first: int | None = None, after: str | None = None) -> Connection[VersionFileChange]:
        unplanned("AssetVersionComparison.files")

    metadata: list[VersionMetadataChange] = strawberry.field(
        description="Entries of the asset and of the versions' files that differ, by path and key."
    )


@strawberry.type
class ComparisonQueries:
    """Comparisons of versions."""

    @strawberry.field(
        description="What was added, removed and changed from one version to another, or to now when `to` is null; "
        "null when the asset has no such version."
    )
    async def compare_asset_versions(
        self,
        info: Info,
        database_id: str,
        asset_id: str,
        from_: FromVersion,
        to: str | None = None,
    ) -> AssetVersionComparison | None:
        key = {"database_id": database_id, "asset_id": asset_id, "from_version::text": from_, "to_name": to or ""}
        return await read_one(info, "AssetVersionComparison", key, returns=AssetVersionComparison)
