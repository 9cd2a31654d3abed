"""What happened to assets."""

from __future__ import annotations

import msgspec

from domain.event import Event
from domain.files.events import StoredObject
from domain.metadata import MetadataEntry


class AssetEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one asset."""

    database_id: str
    asset_id: str


class AssetCreated(AssetEvent, frozen=True, kw_only=True):
    """An asset exists from now on, without files."""

    TOPIC = "asset-created"
    asset_name: str
    description: str
    is_distributable: bool
    tags: tuple[str, ...]
    bucket_id: str
    s3_bucket: str
    asset_location: str
    """Key prefix of its files, ending in "/"."""
    metadata: tuple[MetadataEntry, ...] = ()


class AssetRenamed(AssetEvent, frozen=True, kw_only=True):
    """The display name changed; the id never does."""

    TOPIC = "asset-renamed"
    asset_name: str


class AssetDescribed(AssetEvent, frozen=True, kw_only=True):
    """The description changed."""

    TOPIC = "asset-described"
    description: str


class AssetRetagged(AssetEvent, frozen=True, kw_only=True):
    """The whole set of tags was replaced."""

    TOPIC = "asset-retagged"
    tags: tuple[str, ...]


class AssetDistributionSet(AssetEvent, frozen=True, kw_only=True):
    """Downloads were allowed or forbidden."""

    TOPIC = "asset-distribution-set"
    is_distributable: bool


class AssetArchived(AssetEvent, frozen=True, kw_only=True):
    """The asset left the working set; nothing of it was lost."""

    TOPIC = "asset-archived"
    reason: str | None = None


class AssetUnarchived(AssetEvent, frozen=True, kw_only=True):
    """The asset is back, exactly as it was archived."""

    TOPIC = "asset-unarchived"
    reason: str | None = None


class AssetMetadataSet(AssetEvent, frozen=True, kw_only=True):
    """Entries were added or replaced by key."""

    TOPIC = "asset-metadata-set"
    entries: tuple[MetadataEntry, ...]


class AssetMetadataRemoved(AssetEvent, frozen=True, kw_only=True):
    """Entries were removed by key."""

    TOPIC = "asset-metadata-removed"
    keys: tuple[str, ...]


class AssetPreviewSet(AssetEvent, frozen=True, kw_only=True):
    """The asset has a preview image, in place of any earlier one."""

    TOPIC = "asset-preview-set"
    stored: StoredObject


class AssetPreviewDeleted(AssetEvent, frozen=True, kw_only=True):
    """The asset has no preview image any more, and the bytes of all it ever had are to be erased."""

    TOPIC = "asset-preview-deleted"


class AssetPermanentlyDeleted(AssetEvent, frozen=True, kw_only=True):
    """The asset is no more: its files, versions, metadata and links go, its id and place stay taken for ever."""

    TOPIC = "asset-permanently-deleted"
    reason: str


class AssetErased(AssetEvent, frozen=True, kw_only=True):
    """No byte of the deleted asset is in the store any more, and no link or open upload of it is left."""

    TOPIC = "asset-erased"


class ChosenFile(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A file in the explicit list of a version."""

    path: str
    s3_version_id: str


class AssetVersionCreated(AssetEvent, frozen=True, kw_only=True):
    """A bookmark in the log. Without a list of files it stands for the latest of every file at its position."""

    TOPIC = "asset-version-created"
    asset_version_id: int
    """Counts from 1 within the asset, without gaps."""
    comment: str
    version_alias: str | None = None
    files: tuple[ChosenFile, ...] | None = None


class AssetVersionDescribed(AssetEvent, frozen=True, kw_only=True):
    """The comment of a version was replaced; what the version holds never changes."""

    TOPIC = "asset-version-described"
    asset_version_id: int
    comment: str


class AssetVersionAliased(AssetEvent, frozen=True, kw_only=True):
    """A version got another alias, or lost the one it had."""

    TOPIC = "asset-version-aliased"
    asset_version_id: int
    version_alias: str | None
    """None clears it."""


class AssetVersionArchived(AssetEvent, frozen=True, kw_only=True):
    """A version left the default list; nothing of it was lost."""

    TOPIC = "asset-version-archived"
    asset_version_id: int


class AssetVersionUnarchived(AssetEvent, frozen=True, kw_only=True):
    """A version is back in the default list."""

    TOPIC = "asset-version-unarchived"
    asset_version_id: int


class AssetRevertRequested(AssetEvent, frozen=True, kw_only=True):
    """The files of an older version are to be put on top again; a processor does it and records how it ended."""

    TOPIC = "asset-revert-requested"
    revert_id: int
    """Counts from 1 within the asset."""
    asset_version_id: int
    """The version to go back to."""
    version_position: int
    """Where that version is in the log: files and metadata are wanted as they were there."""
    comment: str
    with_metadata: bool
    files: tuple[ChosenFile, ...] | None = None
    """The version's explicit list; None where it stands for every file at its position."""


class AssetReverted(AssetEvent, frozen=True, kw_only=True):
    """A revert is done; the version made for it was recorded with it."""

    TOPIC = "asset-reverted"
    revert_id: int
    reverted_from: int
    """The version whose files are on top again."""
    asset_version_id: int
    """The version that holds exactly those files."""
    skipped_paths: tuple[str, ...] = ()
    """Files whose bytes no longer exist, so that they are not in the new version."""


class AssetRevertFailed(AssetEvent, frozen=True, kw_only=True):
    """A revert was given up; nothing of it was recorded."""

    TOPIC = "asset-revert-failed"
    revert_id: int
    message: str


EVENTS: tuple[type[Event], ...] = (
    AssetCreated,
    AssetRenamed,
    AssetDescribed,
    AssetRetagged,
    AssetDistributionSet,
    AssetArchived,
    AssetUnarchived,
    AssetMetadataSet,
    AssetMetadataRemoved,
    AssetPreviewSet,
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionUnarchived,
    AssetRevertRequested,
    AssetReverted,
    AssetRevertFailed,
    AssetPreviewDeleted,
    AssetPermanentlyDeleted,
    AssetErased,
)
