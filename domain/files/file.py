"""The file aggregate: observed versions, archive state, deletion, role, reverts, metadata and attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.files.errors import (
    FileAlreadyArchived,
    FileBeingErased,
    FileNotFound,
    FileRevertInProgress,
    FileVersionIsLatest,
    FileVersionNotFound,
)
from domain.files.events import (
    FileArchived,
    FileAttributesRemoved,
    FileAttributesSet,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileErased,
    FileEvent,
    FileMetadataRemoved,
    FileMetadataSet,
    FileMovedAway,
    FilePermanentlyDeleted,
    FilePlace,
    FilePrimaryTypeSet,
    FileReverted,
    FileRevertFailed,
    FileRevertRequested,
    FileUnarchived,
    FileVersionSeen,
    FileVersionVanished,
    StoredObject,
)
from domain.metadata import Metadata, MetadataEntry, merged
from domain.schemas.rules import UNGOVERNED, Rules
from domain.stream import Aggregate


@dataclass(frozen=True)
class File:
    """What commands need to know of a file."""

    database_id: str
    asset_id: str
    path: str
    latest: StoredObject
    versions: frozenset[str]
    metadata: Metadata = field(default_factory=dict)
    attributes: Metadata = field(default_factory=dict)
    is_archived: bool = False
    archived_with: str | None = None
    """The file whose archiving took this one, its preview, along."""
    primary_type: str | None = None
    primary_type_other: str | None = None
    reverts: int = 0
    """How many reverts were ever asked for."""
    open_revert: int | None = None
    """The one that is neither done nor failed."""
    erased: frozenset[str] = frozenset()
    """Object versions of files of this path that were permanently deleted; they never come back."""
    deletions: int = 0
    """How often a file of this path was permanently deleted."""
    is_deleted: bool = False
    is_being_erased: bool = False
    """Deleted, and there may still be bytes of it in the store."""
    markers: frozenset[str] = frozenset()
    """Delete markers that others put on it in the bucket."""
    delete_marker: str | None = None
    """The one on top, unless it was taken away or covered since."""
    vanished: frozenset[str] = frozenset()
    """Versions and markers that others erased in the bucket."""
    moved_to: FilePlace | None = None
    """Where the last file of this path went; while it is set, the path has no file."""
    left_metadata: Metadata = field(default_factory=dict)
    """What that file had when it went, for a transfer to this path that keeps what the destination had."""
    left_attributes: Metadata = field(default_factory=dict)

    @property
    def key(self) -> dict[str, str]:
        """The natural key, as every event of the file carries it."""
        return {"database_id": self.database_id, "asset_id": self.asset_id, "path": self.path}

    @property
    def is_there(self) -> bool:
        """Whether the path has a file, archived or not: it was neither deleted nor moved away."""
        return not self.is_deleted and self.moved_to is None

    def require_in_work(self, *, field: tuple[str, ...] = ("path",)) -> None:
        """Raise FileAlreadyArchived for an archived file, FileNotFound where there is none any more."""
        if not self.is_there:
            raise FileNotFound(self.path, field=field)
        if self.is_archived:
            raise FileAlreadyArchived(self.path, field=field)

    def require_writable(self, *, field: tuple[str, ...]) -> None:
        """Raise FileAlreadyArchived or FileBeingErased unless the path takes a new object version."""
        if self.is_archived and self.is_there:
            raise FileAlreadyArchived(self.path, field=field)
        if self.is_being_erased:
            raise FileBeingErased(self.path, field=field)

    def set_primary_type(self, primary_type: str | None, other: str | None) -> tuple[FileEvent, ...]:
        """An event when the role changes."""
        if (primary_type, other) == (self.primary_type, self.primary_type_other):
            return ()
        return (FilePrimaryTypeSet(**self.key, primary_type=primary_type, primary_type_other=other),)

    def revert(self, s3_version_id: str) -> FileRevertRequested:
        """Raises FileVersionNotFound, FileVersionIsLatest, FileRevertInProgress."""
        if s3_version_id not in self.versions:
            raise FileVersionNotFound(s3_version_id)
        if s3_version_id == self.latest.s3_version_id:
            raise FileVersionIsLatest(s3_version_id)
        if self.open_revert is not None:
            raise FileRevertInProgress
        return FileRevertRequested(**self.key, revert_id=self.reverts + 1, reverted_from=s3_version_id)

    def set_metadata(
        self, entries: Sequence[MetadataEntry], *, replace_all: bool, attributes: bool, rules: Rules = UNGOVERNED
    ) -> tuple[FileEvent, ...]:
        """Events for what really changes; none when nothing does. Raises what Rules.setting does."""
        owned = self.attributes if attributes else self.metadata
        changed, removed = rules.setting(owned, entries, replace_all=replace_all)
        return (*self._removal(removed, attributes), *self._setting(changed, attributes))

    def remove_metadata(
        self, keys: Sequence[str], *, attributes: bool, rules: Rules = UNGOVERNED
    ) -> tuple[FileEvent, ...]:
        """An event for those of the keys that exist; none when no key does. Raises MetadataNotCompliant."""
        owned = self.attributes if attributes else self.metadata
        return self._removal(rules.removing(owned, keys), attributes)

    def _setting(self, entries: tuple[MetadataEntry, ...], attributes: bool) -> tuple[FileEvent, ...]:
        event = FileAttributesSet if attributes else FileMetadataSet
        return (event(**self.key, entries=entries),) if entries else ()

    def _removal(self, keys: tuple[str, ...], attributes: bool) -> tuple[FileEvent, ...]:
        event = FileAttributesRemoved if attributes else FileMetadataRemoved
        return (event(**self.key, keys=keys),) if keys else ()


def observed(file: File | None, event: FileVersionSeen) -> File:
    """The file after one more version of it was seen: the latest from now on, and in the working set.

    Where the last file moved away another begins, of which only the object versions at the key are known; where it was
    deleted not even those.
    """
    version = event.stored.s3_version_id
    if file is None:
        return File(event.database_id, event.asset_id, event.path, event.stored, frozenset({version}))
    versions = file.versions | {version}
    if file.is_there:
        now = replace(file, latest=event.stored, versions=versions, delete_marker=None)
        return replace(now, is_archived=False, archived_with=None)
    new = File(event.database_id, event.asset_id, event.path, event.stored, versions)
    return replace(new, reverts=file.reverts, deletions=file.deletions, erased=file.erased)


def deleted(file: File) -> File:
    """What stays of a file: that it was there, so that nothing of it is taken for a new one."""
    gone = File(file.database_id, file.asset_id, file.path, file.latest, frozenset(), reverts=file.reverts)
    erased = file.erased | file.versions | file.markers
    return replace(gone, deletions=file.deletions + 1, erased=erased, is_deleted=True, is_being_erased=True)


def moved_away(file: File, event: FileMovedAway) -> File:
    """The path after its file went, without entries."""
    return replace(
        file,
        moved_to=event.destination,
        metadata={},
        attributes={},
        left_metadata=file.metadata,
        left_attributes=file.attributes,
    )


def vanished(file: File, event: FileVersionVanished | FileDeleteMarkerVanished) -> File:
    """The file without a version or marker in the store; it stays known, so that no late word of it makes it new."""
    identity = event.s3_version_id
    marker = None if file.delete_marker == identity else file.delete_marker
    return replace(file, vanished=file.vanished | {identity}, delete_marker=marker)


def evolve(file: File | None, event: FileEvent) -> File:  # noqa: C901 - one case an event
    """The file after the event."""
    if isinstance(event, FileVersionSeen):
        return observed(file, event)
    assert file is not None
    match event:
        case FileMetadataSet():
            return replace(file, metadata=merged(file.metadata, event.entries, ()))
        case FileMetadataRemoved():
            return replace(file, metadata=merged(file.metadata, (), event.keys))
        case FileAttributesSet():
            return replace(file, attributes=merged(file.attributes, event.entries, ()))
        case FileAttributesRemoved():
            return replace(file, attributes=merged(file.attributes, (), event.keys))
        case FileArchived():
            return replace(file, is_archived=True, archived_with=event.with_path)
        case FileUnarchived():
            return replace(file, is_archived=False, archived_with=None)
        case FilePermanentlyDeleted():
            return deleted(file)
        case FileErased():
            return replace(file, is_being_erased=False)
        case FilePrimaryTypeSet():
            return replace(file, primary_type=event.primary_type, primary_type_other=event.primary_type_other)
        case FileRevertRequested():
            return replace(file, reverts=event.revert_id, open_revert=event.revert_id)
        case FileReverted() | FileRevertFailed():
            return replace(file, open_revert=None)
        case FileMovedAway():
            return moved_away(file, event)
        case FileDeleteMarkerObserved():
            return replace(file, markers=file.markers | {event.s3_version_id}, delete_marker=event.s3_version_id)
        case FileVersionVanished() | FileDeleteMarkerVanished():
            return vanished(file, event)
    raise TypeError(f"{type(event).__name__} is not an event of a file")


FILES = Aggregate("file", evolve)
