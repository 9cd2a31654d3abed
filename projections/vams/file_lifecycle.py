"""Folds what takes files out of the working set, brings them back, deletes them, and puts old versions on top."""

from __future__ import annotations

from typing import Any

from domain.event import Recorded
from domain.files.events import (
    FileArchived,
    FileEvent,
    FilePermanentlyDeleted,
    FilePrimaryTypeSet,
    FileReverted,
    FileRevertFailed,
    FileRevertRequested,
    FileUnarchived,
)
from projections.vams.files import set_type, touch
from projections.vams.rows import FileRevertRow
from projections.vams.sheets import Sheets

REQUESTED = "REQUESTED"
DONE = "DONE"
FAILED = "FAILED"


def archived(sheets: Sheets, entry: Recorded, event: FileArchived) -> None:
    """Archived with the time, as its latest version is."""
    touch(sheets, entry, event, archived_at=entry.cause.at)
    _mark_version(sheets, entry, event, archived_at=entry.cause.at)
    set_type(sheets, entry, event, sheets.census.leave(entry, event))


def unarchived(sheets: Sheets, entry: Recorded, event: FileUnarchived) -> None:
    """As it was before."""
    touch(sheets, entry, event, archived_at=None)
    _mark_version(sheets, entry, event, archived_at=None)
    set_type(sheets, entry, event, sheets.census.enter(entry, event))


def permanently_deleted(sheets: Sheets, entry: Recorded, event: FilePermanentlyDeleted) -> None:
    """The file, its metadata and attributes are gone; its versions stay as what old lists refer to."""
    key = (event.database_id, event.asset_id, event.path)
    if sheets.files.get(key).archived_at is None:
        set_type(sheets, entry, event, sheets.census.leave(entry, event))
    sheets.files.remove(key, entry.position)
    for row in sheets.metadata.under(key):
        sheets.metadata.remove(row, entry.position)
    for row in sheets.attributes.under(key):
        sheets.attributes.remove(row, entry.position)
    for version in sheets.file_versions.under(key):
        found = sheets.file_versions.get(version)
        if found.deleted_position is None:
            sheets.file_versions.put(found._replace(deleted_position=entry.position), entry.position)
            sheets.deleted_objects.append((found.s3_bucket, found.s3_key, found.s3_version_id))


def primary_type_set(sheets: Sheets, entry: Recorded, event: FilePrimaryTypeSet) -> None:
    """Another role."""
    touch(sheets, entry, event, primary_type=event.primary_type, primary_type_other=event.primary_type_other)


def revert_requested(sheets: Sheets, entry: Recorded, event: FileRevertRequested) -> None:
    """A revert that nobody has carried out yet."""
    row = FileRevertRow(
        database_id=event.database_id,
        asset_id=event.asset_id,
        path=event.path,
        revert_id=event.revert_id,
        reverted_from=event.reverted_from,
        state=REQUESTED,
        s3_version_id=None,
        failure=None,
        requested_at=entry.cause.at,
        requested_by=entry.cause.actor,
        ended_at=None,
        position=entry.position,
    )
    sheets.file_reverts.put(row, entry.position)
    touch(sheets, entry, event)


def reverted(sheets: Sheets, entry: Recorded, event: FileReverted) -> None:
    """Done, with the copy that it made."""
    _end(sheets, entry, event, state=DONE, s3_version_id=event.s3_version_id)
    touch(sheets, entry, event)


def revert_failed(sheets: Sheets, entry: Recorded, event: FileRevertFailed) -> None:
    """Given up, with the reason."""
    _end(sheets, entry, event, state=FAILED, failure=event.message)
    touch(sheets, entry, event)


def _mark_version(sheets: Sheets, entry: Recorded, event: FileEvent, **values: Any) -> None:
    file = sheets.files.get((event.database_id, event.asset_id, event.path))
    latest = sheets.file_versions.find((event.database_id, event.asset_id, event.path, file.s3_version_id))
    if latest is not None:
        sheets.file_versions.put(latest._replace(**values), entry.position)


def _end(sheets: Sheets, entry: Recorded, event: FileReverted | FileRevertFailed, **values: Any) -> None:
    row = sheets.file_reverts.get((event.database_id, event.asset_id, event.path, event.revert_id))
    sheets.file_reverts.put(row._replace(**values, ended_at=entry.cause.at), entry.position)
