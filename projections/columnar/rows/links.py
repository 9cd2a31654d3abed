"""asset_files: which object version is which file of which asset, so that header rows find the library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pyarrow as pa

from domain.event import Recorded
from domain.files.events import FileMovedAway, FileVersionSeen
from domain.media.identity import file_id
from projections.columnar.filters import AllOf, Column, Filter
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
        pa.field("position", pa.int64(), nullable=False),
    ]
)
LINKS = TableDefinition(
    "asset_files",
    ASSET_FILES,
    sort_by=("database_id", "asset_id", "path"),
    key=("database_id", "asset_id", "path"),
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
    position: int

    @property
    def key(self) -> FileKey:
        """The file that this is a version of."""
        return self.database_id, self.asset_id, self.path


def seen(batch: Iterable[Recorded]) -> list[Link]:
    """The versions that the batch's events tell of, in order of position."""
    return [_link(entry, entry.event) for entry in batch if isinstance(entry.event, FileVersionSeen)]


def _link(entry: Recorded, event: FileVersionSeen) -> Link:
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
        position=entry.position,
    )


def departures(batch: Iterable[Recorded]) -> dict[FileKey, int]:
    """The last position at which each file of the batch moved away: none of its versions was the latest right then."""
    return {
        (entry.event.database_id, entry.event.asset_id, entry.event.path): entry.position
        for entry in batch
        if isinstance(entry.event, FileMovedAway)
    }


def held(store: ColumnarStore, wanted: set[FileKey]) -> list[Link]:
    """Rows the store has of these files, whoever wrote them."""
    return [link for row in store.read("asset_files", _near(wanted)) if (link := Link(**row)).key in wanted]


def _near(keys: set[FileKey]) -> Filter:
    columns = zip(("database_id", "asset_id", "path"), zip(*keys, strict=True), strict=True)
    return AllOf(tuple(Column(name).is_in(sorted(set(values))) for name, values in columns))


def merged(before: Iterable[Link], links: Iterable[Link], gone: Mapping[FileKey, int]) -> list[Link]:
    """All versions of the files, the last one of each marked as its latest; both in order of position or not.

    A file that moved away has no latest one, until another version is seen at its path.
    """
    ordered = sorted((*before, *links), key=lambda link: link.position)
    versions = {(link.key, link.s3_bucket, link.s3_version_id): link for link in ordered}
    latest = {link.key: link.position for link in ordered}
    return [
        link._replace(is_latest=link.position == latest[link.key] > gone.get(link.key, 0)) for link in versions.values()
    ]
