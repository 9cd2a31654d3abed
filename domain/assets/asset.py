"""The asset aggregate: what it guards, what it decides, and how events change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.assets.errors import AssetAlreadyArchived, AssetNotArchived, AssetPreviewNotFound
from domain.assets.events import (
    AssetArchived,
    AssetCreated,
    AssetDescribed,
    AssetDistributionSet,
    AssetErased,
    AssetEvent,
    AssetMetadataRemoved,
    AssetMetadataSet,
    AssetPermanentlyDeleted,
    AssetPreviewDeleted,
    AssetPreviewSet,
    AssetRenamed,
    AssetRetagged,
    AssetReverted,
    AssetRevertFailed,
    AssetRevertRequested,
    AssetUnarchived,
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionUnarchived,
    ChosenFile,
)
from domain.assets.numbering import Versions
from domain.files.events import StoredObject
from domain.metadata import Metadata, MetadataEntry, merged
from domain.schemas.rules import UNGOVERNED, Rules
from domain.stream import Aggregate


@dataclass(frozen=True)
class Asset:
    """What commands need to know of an asset."""

    database_id: str
    asset_id: str
    asset_name: str
    description: str
    is_distributable: bool
    tags: tuple[str, ...]
    bucket_id: str
    s3_bucket: str
    asset_location: str
    is_archived: bool = False
    is_deleted: bool = False
    """Permanently; nothing but its erasure is recorded of it from then on."""
    is_erased: bool = False
    preview: StoredObject | None = None
    """Its preview image."""
    metadata: Metadata = field(default_factory=dict)
    versions: Versions = field(default_factory=Versions)

    @property
    def key(self) -> dict[str, str]:
        """The natural key, as every event of the asset carries it."""
        return {"database_id": self.database_id, "asset_id": self.asset_id}

    def require_active(self) -> None:
        """Raise AssetAlreadyArchived for an archived asset."""
        if self.is_archived:
            raise AssetAlreadyArchived(self.asset_id)

    def update(
        self,
        *,
        asset_name: str | None = None,
        description: str | None = None,
        is_distributable: bool | None = None,
        tags: tuple[str, ...] | None = None,
    ) -> tuple[AssetEvent, ...]:
        """One event for each given value that differs; None leaves a value as it is."""
        self.require_active()
        events: list[AssetEvent] = []
        if asset_name not in (None, self.asset_name):
            events.append(AssetRenamed(**self.key, asset_name=asset_name))
        if description not in (None, self.description):
            events.append(AssetDescribed(**self.key, description=description))
        if tags not in (None, self.tags):
            events.append(AssetRetagged(**self.key, tags=tags))
        if is_distributable not in (None, self.is_distributable):
            events.append(AssetDistributionSet(**self.key, is_distributable=is_distributable))
        return tuple(events)

    def archive(self, reason: str | None) -> AssetArchived:
        """Raises AssetAlreadyArchived."""
        self.require_active()
        return AssetArchived(**self.key, reason=reason)

    def unarchive(self, reason: str | None) -> AssetUnarchived:
        """Raises AssetNotArchived."""
        if not self.is_archived:
            raise AssetNotArchived(self.asset_id)
        return AssetUnarchived(**self.key, reason=reason)

    def delete_preview(self) -> AssetPreviewDeleted:
        """Raises AssetAlreadyArchived, AssetPreviewNotFound."""
        self.require_active()
        if self.preview is None:
            raise AssetPreviewNotFound(self.asset_id)
        return AssetPreviewDeleted(**self.key)

    def set_metadata(
        self, entries: Sequence[MetadataEntry], *, replace_all: bool, rules: Rules = UNGOVERNED
    ) -> tuple[AssetEvent, ...]:
        """Events for what really changes; none when nothing does. Raises what Rules.setting does."""
        self.require_active()
        changed, removed = rules.setting(self.metadata, entries, replace_all=replace_all)
        return self._metadata_events(changed, removed)

    def remove_metadata(self, keys: Sequence[str], *, rules: Rules = UNGOVERNED) -> tuple[AssetEvent, ...]:
        """An event for those of the keys that exist; none when no key does. Raises MetadataNotCompliant."""
        self.require_active()
        return self._metadata_events((), rules.removing(self.metadata, keys))

    def create_version(
        self, *, comment: str, version_alias: str | None, files: tuple[ChosenFile, ...] | None
    ) -> AssetVersionCreated:
        """The next number. Raises VersionAliasTaken."""
        self.require_active()
        self.versions.require_free(version_alias)
        return AssetVersionCreated(
            **self.key,
            asset_version_id=self.versions.newest + 1,
            comment=comment,
            version_alias=version_alias,
            files=files,
        )

    def update_version(self, number: int, *, comment: str | None, version_alias: str | None) -> tuple[AssetEvent, ...]:
        """One event for each given value that differs; None leaves a value, an empty alias clears it.

        Raises AssetVersionNotFound, VersionAliasTaken.
        """
        self.require_active()
        self.versions.require(number)
        events: list[AssetEvent] = []
        if comment not in (None, self.versions.comments[number]):
            events.append(AssetVersionDescribed(**self.key, asset_version_id=number, comment=comment))
        if version_alias is not None and version_alias != self.versions.aliases.get(number, ""):
            self.versions.require_free(version_alias, number=number)
            event = AssetVersionAliased(**self.key, asset_version_id=number, version_alias=version_alias or None)
            events.append(event)
        return tuple(events)

    def archive_version(self, number: int) -> AssetVersionArchived:
        """Raises AssetVersionNotFound, AssetVersionIsCurrent, AssetVersionAlreadyArchived."""
        self.require_active()
        self.versions.require_archivable(number)
        return AssetVersionArchived(**self.key, asset_version_id=number)

    def unarchive_version(self, number: int) -> AssetVersionUnarchived:
        """Raises AssetVersionNotFound, AssetVersionNotArchived."""
        self.require_active()
        self.versions.require_archived(number)
        return AssetVersionUnarchived(**self.key, asset_version_id=number)

    def _metadata_events(self, changed: tuple[MetadataEntry, ...], removed: tuple[str, ...]) -> tuple[AssetEvent, ...]:
        removal = (AssetMetadataRemoved(**self.key, keys=removed),) if removed else ()
        setting = (AssetMetadataSet(**self.key, entries=changed),) if changed else ()
        return (*removal, *setting)


def created(event: AssetCreated) -> Asset:
    """The asset as its first event makes it."""
    return Asset(
        database_id=event.database_id,
        asset_id=event.asset_id,
        asset_name=event.asset_name,
        description=event.description,
        is_distributable=event.is_distributable,
        tags=event.tags,
        bucket_id=event.bucket_id,
        s3_bucket=event.s3_bucket,
        asset_location=event.asset_location,
        metadata=merged({}, event.metadata, ()),
    )


def evolve(asset: Asset | None, event: AssetEvent) -> Asset:  # noqa: C901 - one case an event
    """The asset after the event."""
    if isinstance(event, AssetCreated):
        return created(event)
    assert asset is not None
    match event:
        case AssetRenamed():
            return replace(asset, asset_name=event.asset_name)
        case AssetDescribed():
            return replace(asset, description=event.description)
        case AssetRetagged():
            return replace(asset, tags=event.tags)
        case AssetDistributionSet():
            return replace(asset, is_distributable=event.is_distributable)
        case AssetArchived():
            return replace(asset, is_archived=True)
        case AssetUnarchived():
            return replace(asset, is_archived=False)
        case AssetMetadataSet():
            return replace(asset, metadata=merged(asset.metadata, event.entries, ()))
        case AssetMetadataRemoved():
            return replace(asset, metadata=merged(asset.metadata, (), event.keys))
        case AssetPreviewSet():
            return replace(asset, preview=event.stored)
        case AssetPreviewDeleted():
            return replace(asset, preview=None)
        case AssetPermanentlyDeleted():
            return replace(asset, is_deleted=True)
        case AssetErased():
            return replace(asset, is_erased=True)
        case (
            AssetVersionCreated()
            | AssetVersionDescribed()
            | AssetVersionAliased()
            | AssetVersionArchived()
            | AssetVersionUnarchived()
            | AssetRevertRequested()
            | AssetReverted()
            | AssetRevertFailed()
        ):
            return replace(asset, versions=asset.versions.after(event))
    raise TypeError(f"{type(event).__name__} is not an event of an asset")


ASSETS = Aggregate("asset", evolve)
