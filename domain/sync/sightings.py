"""What the store shows at one key, and the events that bring a file up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.files.events import (
    FileArchived,
    FileDeleteMarkerObserved,
    FileEvent,
    FileUnarchived,
    FileVersionObserved,
    FileVersionVanished,
    StoredObject,
)
from domain.files.file import File
from domain.sync.verdicts import Kind

MARKED = "A delete marker was put on it in the bucket."
UNMARKED = "Its delete marker was taken away in the bucket."
STILL_ARCHIVED = "It was archived before an older version came to the top."


@dataclass(frozen=True)
class SightedVersion:
    """A version or delete marker in the store."""

    version_id: str
    is_delete_marker: bool = False
    stored: StoredObject | None = None
    """None for delete markers, and for versions that `to_describe` did not name."""
    upload_id: str | None = None
    """The upload session that made it, by its own metadata."""


@dataclass(frozen=True)
class Sighting:
    """Everything that the store showed at a key, newest first."""

    s3_bucket: str
    s3_key: str
    revision: int
    """Of the file's stream, loaded before the store was asked; the sighting counts while it is still that."""
    versions: tuple[SightedVersion, ...]


@dataclass(frozen=True)
class News:
    """What a sighting adds to a file."""

    kind: Kind
    events: tuple[FileEvent, ...] = ()
    brings_versions: bool = False


NONE = News(Kind.UNCHANGED)


def to_describe(file: File | None, version_ids: Sequence[str]) -> list[str]:
    """Those of the versions at a key (newest first, without markers) that the events may need descriptions of."""
    unknown = _above(file, version_ids)
    if file is None or file.is_deleted or file.latest.s3_version_id in version_ids or unknown:
        return unknown
    return list(version_ids[:1])


def news(file: File | None, key: dict[str, str], seen: Sequence[SightedVersion]) -> News:
    """What the versions at a key, newest first, say that the file does not; `key` is the file's natural key.

    Only what lies above the newest version that the log knows is new: older ones belong to a past that was not
    recorded, and are left there.
    """
    if file is None or file.is_deleted:
        return _first(key, seen)
    ids = {version.version_id for version in seen}
    gone = [identity for identity in sorted((file.versions | file.markers) - file.vanished) if identity not in ids]
    above = set(_above(file, [version.version_id for version in seen]))
    arrived = [version for version in reversed(seen) if version.version_id in above]
    events: list[FileEvent] = [FileVersionVanished(**key, s3_version_id=identity) for identity in gone]
    events += [event for version in arrived if (event := _arrival(key, version))]
    is_latest_gone = file.latest.s3_version_id in gone or file.latest.s3_version_id in file.vanished
    top = next((version for version in seen if not version.is_delete_marker), None)
    brings = any(isinstance(event, FileVersionObserved) for event in events)
    if is_latest_gone and not brings and top is not None and top.stored is not None:
        events.append(FileVersionObserved(**key, stored=top.stored))
    return _with_archiving(file, key, events, seen=seen, gone=gone)


def _with_archiving(
    file: File, key: dict[str, str], events: list[FileEvent], *, seen: Sequence[SightedVersion], gone: Sequence[str]
) -> News:
    """The events, with those that make the archive state what the delete markers say, if they say something new."""
    brings = any(isinstance(event, FileVersionObserved) for event in events)
    marked = any(isinstance(event, FileDeleteMarkerObserved) for event in events)
    is_archived = file.is_archived and not brings
    kind = Kind.CHANGED if brings or marked else Kind.VANISHED if gone else Kind.UNCHANGED
    if seen and seen[0].is_delete_marker and marked:
        if not is_archived:
            events.append(FileArchived(**key, reason=MARKED))
        kind = Kind.ARCHIVED
    elif file.is_archived and file.archived_by_marker in gone:
        if is_archived:
            events.append(FileUnarchived(**key, reason=UNMARKED))
        kind = Kind.RESTORED
    elif file.is_archived and brings and gone and not marked and _is_older(file, events):
        events.append(FileArchived(**key, reason=STILL_ARCHIVED))
    return News(kind, tuple(events), brings)


def _is_older(file: File, events: Sequence[FileEvent]) -> bool:
    """Whether the versions that come to the top were known before."""
    observed = [event.stored.s3_version_id for event in events if isinstance(event, FileVersionObserved)]
    return all(identity in file.versions for identity in observed)


def _first(key: dict[str, str], seen: Sequence[SightedVersion]) -> News:
    """Of a key that the log has no file at."""
    if all(version.is_delete_marker for version in seen):
        return NONE
    events = [event for version in reversed(seen) if (event := _arrival(key, version))]
    if seen[0].is_delete_marker:
        events.append(FileArchived(**key, reason=MARKED))
    while events and not isinstance(events[0], FileVersionObserved):
        events.pop(0)
    return News(Kind.NEW, tuple(events), brings_versions=True) if events else NONE


def _above(file: File | None, version_ids: Sequence[str]) -> list[str]:
    """Those of the ids, newest first, that lie above every one that the file knows."""
    if file is None or file.is_deleted:
        return list(version_ids)
    known = file.versions | file.markers
    first = next((index for index, identity in enumerate(version_ids) if identity in known), len(version_ids))
    return list(version_ids[:first])


def _arrival(key: dict[str, str], version: SightedVersion) -> FileEvent | None:
    if version.is_delete_marker:
        return FileDeleteMarkerObserved(**key, s3_version_id=version.version_id)
    return None if version.stored is None else FileVersionObserved(**key, stored=version.stored)
