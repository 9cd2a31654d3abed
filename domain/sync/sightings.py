"""What the store shows at one key, and the events that bring a file up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.files.events import (
    FileArchived,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileEvent,
    FileUnarchived,
    FileVersionObserved,
    FileVersionVanished,
    StoredObject,
)
from domain.files.file import File, evolve
from domain.sync.verdicts import Kind

MARKED = "A delete marker was put on it in the bucket."
UNMARKED = "Its delete marker was taken away in the bucket."
STILL_ARCHIVED = "It was archived before its latest version was erased in the bucket."


@dataclass(frozen=True)
class SightedVersion:
    """A version or delete marker in the store."""

    version_id: str
    is_delete_marker: bool = False
    stored: StoredObject | None = None
    """None for delete markers, and for versions that `to_describe` did not name."""
    upload_id: str | None = None
    """The upload session that made it, by its own metadata."""
    transfer_id: str | None = None
    """The transfer that copied it here, by its own metadata."""
    execution_id: str | None = None
    """The execution of a workflow that made it, by its own metadata."""
    copied_from: str | None = None
    """The version that it is a copy of, by its own metadata."""
    file_revert_id: int | None = None
    """The revert of the file that copied it, by its own metadata; those of one file are numbered from 1."""


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


def is_in_order(file: File, seen: Sequence[SightedVersion]) -> bool:
    """Whether the versions and markers at a key, newest first, can say nothing that the file does not."""
    above = _above(file, seen)
    if has_left(file):
        return all(version.is_delete_marker for version in above)
    return not above and not _gone(file, seen)


def to_describe(file: File | None, seen: Sequence[SightedVersion]) -> list[str]:
    """The ids of those of the versions at a key, newest first, that the events may need descriptions of."""
    unknown = [version.version_id for version in _above(file, seen) if not version.is_delete_marker]
    if unknown or file is None or has_left(file) or file.latest.s3_version_id in {v.version_id for v in seen}:
        return unknown
    top = _top(seen)
    return [] if top is None else [top.version_id]


def news(file: File | None, key: dict[str, str], seen: Sequence[SightedVersion]) -> News:
    """What the versions at a key, newest first, say that the file does not; `key` is the file's natural key.

    Only what lies above the newest version that the log knows is new: older ones belong to a past that was not
    recorded, and are left there.
    """
    arrived = [event for version in reversed(_above(file, seen)) if (event := _arrival(key, version))]
    if file is None or has_left(file):
        while arrived and not isinstance(arrived[0], FileVersionObserved):
            arrived.pop(0)
        if arrived and seen[0].is_delete_marker:
            arrived.append(FileArchived(**key, reason=MARKED))
        return News(Kind.NEW, tuple(arrived), brings_versions=True) if arrived else NONE
    gone = _gone(file, seen)
    events: list[FileEvent] = [*(_departure(file, key, identity) for identity in gone), *arrived]
    top = _top(seen)
    is_uncovered = file.latest.s3_version_id in gone and not _brings(arrived)
    if is_uncovered and top is not None and top.stored is not None:
        events.append(FileVersionObserved(**key, stored=top.stored))
    kind, end = _archiving(file, key, seen, events)
    return News(kind, (*events, *end), _brings(arrived))


def _archiving(
    file: File, key: dict[str, str], seen: Sequence[SightedVersion], events: Sequence[FileEvent]
) -> tuple[Kind, list[FileEvent]]:
    """What makes the archive state follow delete markers that came, went or were uncovered, after the other events.

    Observing a version ends it. What people decided since a marker came stands until the top changes again.
    """
    after = file
    for event in events:
        after = evolve(after, event)
    has_arrivals = any(isinstance(event, FileDeleteMarkerObserved | FileVersionObserved) for event in events)
    is_top_new = has_arrivals or file.delete_marker != after.delete_marker or _is_latest_gone(file, after)
    if seen and seen[0].is_delete_marker and is_top_new:
        marker = FileDeleteMarkerObserved(**key, s3_version_id=seen[0].version_id)
        uncovered = [] if after.delete_marker == seen[0].version_id else [marker]
        archived = [] if after.is_archived else [FileArchived(**key, reason=MARKED)]
        return Kind.VANISHED if file.is_archived and after.vanished != file.vanished else Kind.ARCHIVED, [
            *uncovered,
            *archived,
        ]
    if file.delete_marker in after.vanished and _top(seen) is not None:
        return Kind.RESTORED, [FileUnarchived(**key, reason=UNMARKED)] if after.is_archived else []
    if after.vanished != file.vanished:
        is_still_archived = file.is_archived and not after.is_archived and after.latest.s3_version_id in file.versions
        return Kind.VANISHED if after.versions == file.versions else Kind.CHANGED, (
            [FileArchived(**key, reason=STILL_ARCHIVED)] if is_still_archived else []
        )
    return Kind.CHANGED if events else Kind.UNCHANGED, []


def _is_latest_gone(file: File, after: File) -> bool:
    return file.latest.s3_version_id in after.vanished - file.vanished


def has_left(file: File) -> bool:
    """Whether the path has no file any more, so that whatever comes to the key begins another."""
    return not file.is_there


def _gone(file: File, seen: Sequence[SightedVersion]) -> list[str]:
    """Versions and markers that the file knows and the store does not show any more."""
    shown = {version.version_id for version in seen}
    return sorted((file.versions | file.markers) - file.vanished - shown)


def _above(file: File | None, seen: Sequence[SightedVersion]) -> list[SightedVersion]:
    """Those, newest first, that lie above every one that the file knows."""
    known = frozenset[str]() if file is None else file.versions | file.markers | file.erased
    first = next((index for index, version in enumerate(seen) if version.version_id in known), len(seen))
    return list(seen[:first])


def _top(seen: Sequence[SightedVersion]) -> SightedVersion | None:
    return next((version for version in seen if not version.is_delete_marker), None)


def _brings(events: Sequence[FileEvent]) -> bool:
    return any(isinstance(event, FileVersionObserved) for event in events)


def _departure(file: File, key: dict[str, str], identity: str) -> FileEvent:
    event = FileDeleteMarkerVanished if identity in file.markers else FileVersionVanished
    return event(**key, s3_version_id=identity)


def _arrival(key: dict[str, str], version: SightedVersion) -> FileEvent | None:
    if version.is_delete_marker:
        return FileDeleteMarkerObserved(**key, s3_version_id=version.version_id)
    return None if version.stored is None else FileVersionObserved(**key, stored=version.stored)
