"""Refusals about assets."""

from __future__ import annotations

from domain.errors import AlreadyExists, Archived, Conflict, NotFound


class AssetNotFound(NotFound):
    """The database holds no asset with this id."""

    def __init__(self, asset_id: str) -> None:
        super().__init__("asset", asset_id, path=("assetId",))


class AssetAlreadyExists(AlreadyExists):
    """The asset id is taken in this database."""

    def __init__(self, asset_id: str) -> None:
        super().__init__(f"There is already an asset {asset_id!r} in this database.", path=("assetId",))


class AssetIdSpent(AlreadyExists):
    """The asset id belonged to an asset that was permanently deleted, whose record it names for ever."""

    def __init__(self, asset_id: str) -> None:
        super().__init__(
            f"The id {asset_id!r} belonged to an asset that was permanently deleted: choose another.",
            path=("assetId",),
        )


class AssetPreviewNotFound(NotFound):
    """The asset has no preview image."""

    def __init__(self, asset_id: str) -> None:
        super().__init__("preview image of the asset", asset_id, path=("assetId",))


class AssetAlreadyArchived(Archived):
    """The asset is archived and was to be archived or changed."""

    def __init__(self, asset_id: str) -> None:
        super().__init__(f"The asset {asset_id!r} is archived: unarchive it first.", path=("assetId",))


class AssetNotArchived(Conflict):
    """The asset is not archived, so it can't be unarchived."""

    def __init__(self, asset_id: str) -> None:
        super().__init__(f"The asset {asset_id!r} is not archived.", path=("assetId",))


class VersionAliasTaken(AlreadyExists):
    """Another version of the asset has this alias."""

    def __init__(self, alias: str) -> None:
        super().__init__(f"Another version of this asset has the alias {alias!r}.", path=("versionAlias",))


class AssetVersionNotFound(NotFound):
    """The asset has no version of this number."""

    def __init__(self, number: int) -> None:
        super().__init__("version of this asset with the number", str(number), path=("assetVersionId",))


class AssetVersionIsCurrent(Conflict):
    """The version is the newest, which the asset shows and which therefore can't be archived."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Version {number} is the current one: create another version before this one is archived.",
            path=("assetVersionId",),
        )


class AssetVersionAlreadyArchived(Archived):
    """The version is archived."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Version {number} is archived already.", path=("assetVersionId",))


class AssetVersionNotArchived(Conflict):
    """The version is not archived, so it can't be unarchived."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Version {number} is not archived.", path=("assetVersionId",))


class RevertInProgress(Conflict):
    """A revert of the asset is being carried out."""

    def __init__(self) -> None:
        super().__init__(
            "Another revert of this asset is being carried out: wait until Asset.reverts shows it done or failed.",
            path=("assetId",),
        )
