"""Takes away what hangs from assets and object versions that a batch deleted permanently, when it is written.

Nothing of a deleted asset changes a table after it, so this needs no order. What an asset version held stays: its
lists are the record that old bookmarks point to, and are reached through the past only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor
from psycopg.sql import SQL, Composed, Identifier

DELETED = SQL("unnest(%s::text[], %s::text[], %s::bigint[]) AS d (database_id, asset_id, position)")
SAME = SQL("t.database_id = d.database_id AND t.asset_id = d.asset_id")
PRESENT = (
    "asset_files",
    "asset_file_metadata_storage",
    "file_attribute_storage",
    "asset_versions_storage",
    "asset_file_counts",
    "asset_folders",
    "comment_storage",
)
HISTORIES = (
    "asset_files_history",
    "asset_file_metadata_history",
    "file_attribute_history",
    "asset_versions_storage_history",
    "asset_folders_history",
    "comment_storage_history",
)
OBJECTS = SQL("unnest(%s::text[], %s::text[], %s::text[]) AS d (s3_bucket, s3_key, s3_version_id)")
MEDIA = SQL(
    "DELETE FROM file_media t USING {objects} WHERE t.s3_bucket = d.s3_bucket AND t.s3_key = d.s3_key"
    " AND t.s3_version_id = d.s3_version_id"
).format(objects=OBJECTS)
RENDITIONS = SQL(
    "DELETE FROM renditions t USING {objects} WHERE t.s3_bucket = d.s3_bucket AND t.source_s3_key = d.s3_key"
    " AND t.source_s3_version_id = d.s3_version_id"
).format(objects=OBJECTS)
MEDIA_OF_ASSETS = SQL(
    "DELETE FROM file_media t USING {deleted}, file_versions v WHERE v.database_id = d.database_id"
    " AND v.asset_id = d.asset_id AND t.s3_bucket = v.s3_bucket AND t.s3_key = v.s3_key"
    " AND t.s3_version_id = v.s3_version_id"
).format(deleted=DELETED)
RENDITIONS_OF_ASSETS = SQL(
    "DELETE FROM renditions t USING {deleted}, file_versions v WHERE v.database_id = d.database_id"
    " AND v.asset_id = d.asset_id AND t.s3_bucket = v.s3_bucket AND t.source_s3_key = v.s3_key"
    " AND t.source_s3_version_id = v.s3_version_id"
).format(deleted=DELETED)
VERSIONS_OF_ASSETS = SQL(
    "UPDATE file_versions t SET deleted_position = d.position FROM {deleted}"
    " WHERE {same} AND t.deleted_position IS NULL"
).format(deleted=DELETED, same=SAME)


def remove_deleted(
    cursor: Cursor[Any], *, assets: Sequence[tuple[str, str, int]], objects: Sequence[tuple[str, str, str]]
) -> None:
    """Remove rows of deleted assets (database id, asset id, position) and object versions (bucket, key, version id)."""
    if objects:
        columns = [list(column) for column in zip(*objects, strict=True)]
        cursor.execute(MEDIA, columns)
        cursor.execute(RENDITIONS, columns)
    if assets:
        columns = [list(column) for column in zip(*assets, strict=True)]
        for statement in _of_assets():
            cursor.execute(statement, columns)


def _of_assets() -> list[Composed]:
    removals = [
        SQL("DELETE FROM {table} t USING {deleted} WHERE {same}").format(
            table=Identifier(table), deleted=DELETED, same=SAME
        )
        for table in PRESENT
    ]
    endings = [
        SQL("UPDATE {table} t SET valid_to = d.position FROM {deleted} WHERE {same} AND t.valid_to IS NULL").format(
            table=Identifier(table), deleted=DELETED, same=SAME
        )
        for table in HISTORIES
    ]
    return [MEDIA_OF_ASSETS, RENDITIONS_OF_ASSETS, VERSIONS_OF_ASSETS, *removals, *endings]
