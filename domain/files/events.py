"""What happened to files."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.event import Event
from domain.metadata import MetadataEntry


class StoredObject(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One version of one object, as the object store tells it."""

    s3_bucket: str
    s3_key: str
    s3_version_id: str
    size_bytes: int
    etag: str
    last_modified: datetime
    """Aware, UTC, whole seconds: the store's own time of writing."""
    content_type: str = "application/octet-stream"
    content_sha256: str | None = None
    """Lower-case hex; None when nobody has computed it."""


class FileEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one file."""

    database_id: str
    asset_id: str
    path: str


class FilePlace(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A path inside an asset."""

    database_id: str
    asset_id: str
    path: str


class FileVersionSeen(FileEvent, frozen=True, kw_only=True):
    """Base of the events that put an object version on top of the path; a path without a file has one from then on."""

    stored: StoredObject


class FileUploaded(FileVersionSeen, frozen=True, kw_only=True):
    """An upload session ended with this object version at the path."""

    TOPIC = "file-uploaded"
    upload_id: str


class FileVersionObserved(FileVersionSeen, frozen=True, kw_only=True):
    """A version that was in the bucket already was registered."""

    TOPIC = "file-version-observed"


class FileMoved(FileVersionSeen, frozen=True, kw_only=True):
    """The file came here from another place, with the bytes of its latest version there."""

    TOPIC = "file-moved"
    transfer_id: str
    source: FilePlace
    source_version_id: str
    """The object version there whose bytes these are."""


class FileCopied(FileVersionSeen, frozen=True, kw_only=True):
    """The file began here as a copy of one version of another file."""

    TOPIC = "file-copied"
    transfer_id: str
    source: FilePlace
    source_version_id: str
    """The object version there whose bytes these are."""


class FileMovedAway(FileEvent, frozen=True, kw_only=True):
    """The path has no file any more: it is at the destination. Old object versions stay at the old key."""

    TOPIC = "file-moved-away"
    transfer_id: str
    destination: FilePlace
    metadata_keys: tuple[str, ...] = ()
    """Keys of the entries that people wrote, none of which is at this path any more."""
    attribute_keys: tuple[str, ...] = ()
    """The same of what machines wrote."""


class FileDeleteMarkerObserved(FileEvent, frozen=True, kw_only=True):
    """Somebody put a delete marker on top of the file in the bucket; its versions are all there."""

    TOPIC = "file-delete-marker-observed"
    s3_version_id: str
    """Of the marker."""


class FileVersionVanished(FileEvent, frozen=True, kw_only=True):
    """Somebody erased an object version in the bucket for good; the entries of the file stay."""

    TOPIC = "file-version-vanished"
    s3_version_id: str


class FileDeleteMarkerVanished(FileEvent, frozen=True, kw_only=True):
    """Somebody took a delete marker away in the bucket."""

    TOPIC = "file-delete-marker-vanished"
    s3_version_id: str
    """Of the marker."""


class FileMetadataSet(FileEvent, frozen=True, kw_only=True):
    """Entries that people wrote were added or replaced by key."""

    TOPIC = "file-metadata-set"
    entries: tuple[MetadataEntry, ...]


class FileMetadataRemoved(FileEvent, frozen=True, kw_only=True):
    """Entries that people wrote were removed by key."""

    TOPIC = "file-metadata-removed"
    keys: tuple[str, ...]


class FileAttributesSet(FileEvent, frozen=True, kw_only=True):
    """Entries that machines wrote were added or replaced by key."""

    TOPIC = "file-attributes-set"
    entries: tuple[MetadataEntry, ...]


class FileAttributesRemoved(FileEvent, frozen=True, kw_only=True):
    """Entries that machines wrote were removed by key."""

    TOPIC = "file-attributes-removed"
    keys: tuple[str, ...]


class FileArchived(FileEvent, frozen=True, kw_only=True):
    """The file left the working set; nothing of it was lost."""

    TOPIC = "file-archived"
    reason: str | None = None
    with_path: str | None = None
    """The file that it is a preview of, when it was archived along with that one and will come back with it."""


class FileUnarchived(FileEvent, frozen=True, kw_only=True):
    """The file is back, exactly as it was archived."""

    TOPIC = "file-unarchived"
    reason: str | None = None
    with_path: str | None = None
    """The file that it is a preview of, when it came back along with that one."""


class FilePermanentlyDeleted(FileEvent, frozen=True, kw_only=True):
    """The file is no more, and its bytes are to be erased; the path can't be used until FileErased."""

    TOPIC = "file-permanently-deleted"
    reason: str | None = None
    with_path: str | None = None
    """The file that it is a preview of, when it was deleted along with that one."""


class FileErased(FileEvent, frozen=True, kw_only=True):
    """No byte of the deleted file is in the store any more: no object version, preview or rendition."""

    TOPIC = "file-erased"


class FilePrimaryTypeSet(FileEvent, frozen=True, kw_only=True):
    """The role of the file in its asset changed; its object did not."""

    TOPIC = "file-primary-type-set"
    primary_type: str | None
    """primary, lod1 to lod5 or other; None takes the role away."""
    primary_type_other: str | None = None
    """What `other` stands for."""


class FileRevertRequested(FileEvent, frozen=True, kw_only=True):
    """An older object version is to be put on top again; a processor does it and records how it ended."""

    TOPIC = "file-revert-requested"
    revert_id: int
    """Counts from 1 within the file."""
    reverted_from: str
    """The object version to go back to."""


class FileReverted(FileEvent, frozen=True, kw_only=True):
    """A revert is done; the version that is on top now was recorded with it."""

    TOPIC = "file-reverted"
    revert_id: int
    reverted_from: str
    s3_version_id: str
    """The copy that is on top."""


class FileRevertFailed(FileEvent, frozen=True, kw_only=True):
    """A revert was given up; nothing of it was recorded."""

    TOPIC = "file-revert-failed"
    revert_id: int
    message: str


EVENTS: tuple[type[Event], ...] = (
    FileUploaded,
    FileVersionObserved,
    FileMetadataSet,
    FileMetadataRemoved,
    FileAttributesSet,
    FileAttributesRemoved,
    FileArchived,
    FileUnarchived,
    FilePermanentlyDeleted,
    FileErased,
    FilePrimaryTypeSet,
    FileRevertRequested,
    FileReverted,
    FileRevertFailed,
    FileMoved,
    FileCopied,
    FileMovedAway,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileVersionVanished,
)
