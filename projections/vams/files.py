"""Folds the events of files."""

from __future__ import annotations

from typing import Any

from domain.event import Recorded
from domain.files.events import (
    FileAttributesRemoved,
    FileAttributesSet,
    FileCopied,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileEvent,
    FileMetadataRemoved,
    FileMetadataSet,
    FileMoved,
    FileMovedAway,
    FileVersionSeen,
    FileVersionVanished,
)
from domain.files.frames import FRAME_NUMBER, frame_number
from domain.files.paths import extension
from domain.files.previews import base_of
from domain.transfers.events import TransferKind
from projections.vams.rows import AttributeRow, FileRow, FileVersionRow, MetadataRow
from projections.vams.sheets import Sheets
from projections.vams.transfer_rows import FileOriginRow


def version_seen(sheets: Sheets, entry: Recorded, event: FileVersionSeen) -> None:
    """The version is the file's latest, in the working set; a file that is new there may change its asset's type."""
    before = sheets.files.find((event.database_id, event.asset_id, event.path))
    sheets.files.put(_file(entry, event, before), entry.position)
    sheets.file_versions.put(_version(entry, event), entry.position)
    if isinstance(event, FileMoved | FileCopied):
        sheets.file_origins.put(_origin(entry, event), entry.position)
    if before is None or before.archived_at is not None:
        set_type(sheets, entry, event, sheets.census.enter(entry, event))


def metadata_set(sheets: Sheets, entry: Recorded, event: FileMetadataSet) -> None:
    """A row an entry."""
    owner = (event.database_id, event.asset_id, event.path)
    for given in event.entries:
        row = MetadataRow(*owner, given.key, given.value, given.value_type, entry.position)
        sheets.metadata.put(row, entry.position)
    touch(sheets, entry, event)


def metadata_removed(sheets: Sheets, entry: Recorded, event: FileMetadataRemoved) -> None:
    """The rows are gone."""
    for key in event.keys:
        sheets.metadata.remove((event.database_id, event.asset_id, event.path, key), entry.position)
    touch(sheets, entry, event)


def attributes_set(sheets: Sheets, entry: Recorded, event: FileAttributesSet) -> None:
    """A row an entry."""
    owner = (event.database_id, event.asset_id, event.path)
    for given in event.entries:
        row = AttributeRow(*owner, given.key, given.value, given.value_type, entry.position)
        sheets.attributes.put(row, entry.position)
    touch(sheets, entry, event)


def attributes_removed(sheets: Sheets, entry: Recorded, event: FileAttributesRemoved) -> None:
    """The rows are gone."""
    for key in event.keys:
        sheets.attributes.remove((event.database_id, event.asset_id, event.path, key), entry.position)
    touch(sheets, entry, event)


def version_vanished(sheets: Sheets, entry: Recorded, event: FileVersionVanished) -> None:
    """The version can't be read any more; its row stays as what old lists refer to, with what was found in it."""
    found = sheets.file_versions.find((event.database_id, event.asset_id, event.path, event.s3_version_id))
    if found is not None:
        sheets.file_versions.put(found._replace(deleted_position=entry.position), entry.position)
    touch(sheets, entry, event)


def delete_marker_seen(
    sheets: Sheets, entry: Recorded, event: FileDeleteMarkerObserved | FileDeleteMarkerVanished
) -> None:
    """The state of the file is what is recorded with it."""
    touch(sheets, entry, event)


def moved_away(sheets: Sheets, entry: Recorded, event: FileMovedAway) -> None:
    """The path has no file, and no entries; what was seen there stays known."""
    owner = (event.database_id, event.asset_id, event.path)
    if sheets.files.get(owner).archived_at is None:
        set_type(sheets, entry, event, sheets.census.leave(entry, event))
    sheets.files.remove(owner, entry.position)
    for key in event.metadata_keys:
        sheets.metadata.remove((*owner, key), entry.position)
    for key in event.attribute_keys:
        sheets.attributes.remove((*owner, key), entry.position)


def sequence_pattern(path: str) -> str | None:
    """The path with one # for each digit of its frame number; None when it has none."""
    found = FRAME_NUMBER.search(path)
    if found is None:
        return None
    start, end = found.span(1)
    return f"{path[:start]}{'#' * (end - start)}{path[end:]}"


def _file(entry: Recorded, event: FileVersionSeen, before: FileRow | None) -> FileRow:
    stored = event.stored
    return FileRow(
        database_id=event.database_id,
        asset_id=event.asset_id,
        path=event.path,
        s3_bucket=stored.s3_bucket,
        s3_key=stored.s3_key,
        s3_version_id=stored.s3_version_id,
        size_bytes=stored.size_bytes,
        etag=stored.etag,
        content_type=stored.content_type,
        content_sha256=stored.content_sha256,
        last_modified=stored.last_modified,
        archived_at=None,
        primary_type=before.primary_type if before else None,
        primary_type_other=before.primary_type_other if before else None,
        preview_of=base_of(event.path),
        file_extension=extension(event.path),
        sequence_pattern=sequence_pattern(event.path),
        frame_number=frame_number(event.path),
        revision=entry.revision,
        position=entry.position,
    )


def _version(entry: Recorded, event: FileVersionSeen) -> FileVersionRow:
    stored = event.stored
    return FileVersionRow(
        database_id=event.database_id,
        asset_id=event.asset_id,
        path=event.path,
        s3_version_id=stored.s3_version_id,
        s3_bucket=stored.s3_bucket,
        s3_key=stored.s3_key,
        size_bytes=stored.size_bytes,
        etag=stored.etag,
        content_type=stored.content_type,
        content_sha256=stored.content_sha256,
        last_modified=stored.last_modified,
        archived_at=None,
        position=entry.position,
        deleted_position=None,
    )


def _origin(entry: Recorded, event: FileMoved | FileCopied) -> FileOriginRow:
    kind = TransferKind.MOVE if isinstance(event, FileMoved) else TransferKind.COPY
    return FileOriginRow(
        database_id=event.database_id,
        asset_id=event.asset_id,
        path=event.path,
        s3_version_id=event.stored.s3_version_id,
        transfer_id=event.transfer_id,
        kind=kind,
        origin_database_id=event.source.database_id,
        origin_asset_id=event.source.asset_id,
        origin_path=event.source.path,
        origin_version_id=event.source_version_id,
        position=entry.position,
    )


def set_type(sheets: Sheets, entry: Recorded, event: FileEvent, asset_type: str | None) -> None:
    """The type of the file's asset; None leaves it."""
    asset = sheets.assets.get((event.database_id, event.asset_id))
    if asset_type not in (None, asset.asset_type):
        sheets.assets.put(asset._replace(asset_type=asset_type), entry.position)


def touch(sheets: Sheets, entry: Recorded, event: FileEvent, **values: Any) -> None:
    """Another state of the file's row, of this event."""
    row = sheets.files.get((event.database_id, event.asset_id, event.path))
    sheets.files.put(row._replace(**values, revision=entry.revision, position=entry.position), entry.position)
