"""The file aggregate: observed versions, metadata and attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.files.events import (
    FileAttributesRemoved,
    FileAttributesSet,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileEvent,
    FileMetadataRemoved,
    FileMetadataSet,
    FileMovedAway,
    FilePlace,
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
    """The file after one more version of it was seen, which is the latest from now on.

    Where the last file moved away another begins, of which only the object versions at the key are known.
    """
    version = event.stored.s3_version_id
    if file is None or file.moved_to is not None:
        versions = file.versions if file else frozenset()
        return File(event.database_id, event.asset_id, event.path, event.stored, versions | {version})
    return replace(file, latest=event.stored, versions=file.versions | {version}, delete_marker=None)


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
        case FileMovedAway():
            return moved_away(file, event)
        case FileDeleteMarkerObserved():
            return replace(file, markers=file.markers | {event.s3_version_id}, delete_marker=event.s3_version_id)
        case FileVersionVanished() | FileDeleteMarkerVanished():
            return vanished(file, event)
    raise TypeError(f"{type(event).__name__} is not an event of a file")


FILES = Aggregate("file", evolve)
