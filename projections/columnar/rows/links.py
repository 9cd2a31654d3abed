"""asset_files: which object version is which file of which asset, so that header rows find the library."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa

from domain.assets.events import AssetPermanentlyDeleted
from domain.event import Event
from domain.files.events import (
    FileArchived,
    FileCopied,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileEvent,
    FileMoved,
    FileMovedAway,
    FilePermanentlyDeleted,
    FileUnarchived,
    FileUploaded,
    FileVersionObserved,
    FileVersionSeen,
    FileVersionVanished,
)
from domain.media.identity import file_id
from projections.columnar.rows.assets import AssetKey, asset_key
from projections.columnar.rows.earlier import rows_under
from projections.columnar.rows.kinds import Batch
from projections.columnar.rows.seen import Seen
from projections.columnar.store import ColumnarStore
from projections.columnar.tables import TableDefinition

ASSET_FILES = pa.schema(
    [
        pa.field("database_id", pa.string(), nullable=False),
        pa.field("asset_id", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("s3_bucket", pa.string(), nullable=False),
        pa.field("s3_key", pa.string(), nullable=False),
        pa.field("s3_version_id", pa.string(), nullable=False),
        pa.field("file_id", pa.string(), nullable=False),
        pa.field("size_bytes", pa.int64(), nullable=False),
        pa.field("etag", pa.string(), nullable=False),
        pa.field("last_modified", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("is_latest", pa.bool_(), nullable=False),
        pa.field("is_archived", pa.bool_(), nullable=False),
        pa.field("position", pa.int64(), nullable=False),  # at which the version was seen
        pa.field("changed_position", pa.int64(), nullable=False),  # at which the file changed last
        pa.field("asset_key", pa.string(), nullable=False),
    ]
)
LINKS = TableDefinition(
    "asset_files",
    ASSET_FILES,
    sort_by=("database_id", "asset_id", "path"),
    key=("database_id", "asset_id", "path"),
)
EVENTS: tuple[type[FileEvent], ...] = (
    FileUploaded,
    FileVersionObserved,
    FileMoved,
    FileCopied,
    FileMovedAway,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileVersionVanished,
    FileArchived,
    FileUnarchived,
    FilePermanentlyDeleted,
)

FileKey = tuple[str, str, str]


class Link(NamedTuple):
    """One version of one file, in the order of the table's columns."""

    database_id: str
    asset_id: str
    path: str
    s3_bucket: str
    s3_key: str
    s3_version_id: str
    file_id: str
    size_bytes: int
    etag: str
    last_modified: object
    is_latest: bool
    is_archived: bool
    position: int
    changed_position: int
    asset_key: str

    @property
    def key(self) -> FileKey:
        """The file that this is a version of."""
        return self.database_id, self.asset_id, self.path


@dataclass(frozen=True)
class Links:
    """What a batch leaves of the files that it touches."""

    rows: list[Link]
    files: set[FileKey]
    assets: set[AssetKey]
    """Those that lost every file."""
    held: set[FileKey]
    """Those of the files that the store has rows of."""


def folded(batch: Batch, store: ColumnarStore, seen: Seen | None) -> Links:
    """The versions of the touched files after the batch."""
    events = [(entry.position, entry.event) for entry in batch.of(*EVENTS)]
    deleted = {
        (entry.event.database_id, entry.event.asset_id)
        for entry in batch.of(AssetPermanentlyDeleted)
        if isinstance(entry.event, AssetPermanentlyDeleted)
    }
    files = {_key(event) for _, event in events}
    near = files if seen is None else seen.among(LINKS.name, LINKS.key, files)
    held = [Link(**row) for row in rows_under(store, LINKS, near)]
    versions: dict[FileKey, list[Link]] = defaultdict(list)
    for link in held:
        versions[link.key].append(link)
    for position, event in events:
        assert isinstance(event, FileEvent)
        versions[_key(event)] = after(versions[_key(event)], event, position)
    rows = [link for key in files for link in versions[key] if key[:2] not in deleted]
    return Links(rows, files, deleted, held={link.key for link in held})


def after(versions: Sequence[Link], event: FileEvent, position: int) -> list[Link]:
    """The versions of a file after an event of it; the last seen is the latest, unless there is no file now."""
    match event:
        case FileVersionSeen():
            same = (event.stored.s3_bucket, event.stored.s3_version_id)
            others = [link for link in versions if (link.s3_bucket, link.s3_version_id) != same]
            seen = _link(event, position, is_archived=any(link.is_archived for link in versions))
            links = [link._replace(is_latest=False) for link in others] + [seen]
        case FileMovedAway() | FileDeleteMarkerObserved():
            links = [link._replace(is_latest=False) for link in versions]
        case FileDeleteMarkerVanished():
            links = _with_latest(versions)
        case FileVersionVanished():
            links = [link for link in versions if link.s3_version_id != event.s3_version_id]
            was_latest = any(link.is_latest for link in versions)
            links = _with_latest(links) if was_latest else links
        case FileArchived() | FileUnarchived():
            links = [link._replace(is_archived=isinstance(event, FileArchived)) for link in versions]
        case FilePermanentlyDeleted():
            links = []
        case _:
            raise TypeError(type(event).__name__)
    return [link._replace(changed_position=position) for link in links]


def _with_latest(versions: Sequence[Link]) -> list[Link]:
    last = max((link.position for link in versions), default=0)
    return [link._replace(is_latest=link.position == last) for link in versions]


def _link(event: FileVersionSeen, position: int, *, is_archived: bool) -> Link:
    stored = event.stored
    return Link(
        database_id=event.database_id,
        asset_id=event.asset_id,
        path=event.path,
        s3_bucket=stored.s3_bucket,
        s3_key=stored.s3_key,
        s3_version_id=stored.s3_version_id,
        file_id=file_id(stored.s3_key, stored.last_modified),
        size_bytes=stored.size_bytes,
        etag=stored.etag,
        last_modified=stored.last_modified,
        is_latest=True,
        is_archived=is_archived,
        position=position,
        changed_position=position,
        asset_key=asset_key(event.database_id, event.asset_id),
    )


def _key(event: Event) -> FileKey:
    assert isinstance(event, FileEvent)
    return event.database_id, event.asset_id, event.path
