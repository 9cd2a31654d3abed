"""Copies what an asset version holds: files and metadata out of the history, as of the position of its event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor

from domain.assets.events import AssetVersionCreated
from projections.vams.rows import AssetVersionRow

LATEST_FILES = """
INSERT INTO asset_file_versions_storage
    (database_id, asset_id, asset_version_id, file_key, version_id, size_bytes, etag, last_modified)
SELECT v.database_id, v.asset_id, v.asset_version_id, f.path, f.s3_version_id, f.size_bytes, f.etag, f.last_modified
FROM unnest(%s::text[], %s::text[], %s::integer[], %s::bigint[])
    AS v (database_id, asset_id, asset_version_id, position)
JOIN asset_files_history f ON f.database_id = v.database_id AND f.asset_id = v.asset_id
WHERE f.valid_from <= v.position AND (f.valid_to IS NULL OR f.valid_to > v.position) AND f.archived_at IS NULL
"""

CHOSEN_FILES = """
INSERT INTO asset_file_versions_storage
    (database_id, asset_id, asset_version_id, file_key, version_id, size_bytes, etag, last_modified)
SELECT DISTINCT ON (v.database_id, v.asset_id, v.asset_version_id, f.path)
    v.database_id, v.asset_id, v.asset_version_id, f.path, f.s3_version_id, f.size_bytes, f.etag, f.last_modified
FROM unnest(%s::text[], %s::text[], %s::integer[], %s::bigint[], %s::text[], %s::text[])
    AS v (database_id, asset_id, asset_version_id, position, path, version_id)
JOIN asset_files_history f ON f.database_id = v.database_id AND f.asset_id = v.asset_id AND f.path = v.path
WHERE f.valid_from <= v.position AND f.s3_version_id = v.version_id
ORDER BY v.database_id, v.asset_id, v.asset_version_id, f.path, f.valid_from DESC
"""

METADATA = """
INSERT INTO asset_file_metadata_versions_storage
    (database_id, asset_id, asset_version_id, type, file_path, metadata_key, metadata_value, metadata_value_type)
SELECT v.database_id, v.asset_id, v.asset_version_id, m.type, m.file_path, m.key, m.value, m.value_type
FROM unnest(%s::text[], %s::text[], %s::integer[], %s::bigint[])
    AS v (database_id, asset_id, asset_version_id, position)
CROSS JOIN LATERAL (
    SELECT 'metadata' AS type, file_path, metadata_key AS key, metadata_value AS value,
        metadata_value_type AS value_type, valid_from, valid_to
    FROM asset_file_metadata_history h WHERE h.database_id = v.database_id AND h.asset_id = v.asset_id
    UNION ALL
    SELECT 'attribute', file_path, attribute_key, attribute_value, attribute_value_type, valid_from, valid_to
    FROM file_attribute_history h WHERE h.database_id = v.database_id AND h.asset_id = v.asset_id
) m
WHERE m.valid_from <= v.position AND (m.valid_to IS NULL OR m.valid_to > v.position)
AND (m.file_path = '/' OR EXISTS (
    SELECT FROM asset_file_versions_storage f
    WHERE f.database_id = v.database_id AND f.asset_id = v.asset_id
    AND f.asset_version_id = v.asset_version_id AND f.file_key = m.file_path
))
"""


def copy_versions(cursor: Cursor[Any], versions: Sequence[tuple[AssetVersionRow, AssetVersionCreated]]) -> None:
    """Copy the contents of versions whose batch is in the history already, in three statements for all of them."""
    if not versions:
        return
    latest = [_bookmark(row) for row, event in versions if event.files is None]
    chosen = [(*_bookmark(row), file.path, file.s3_version_id) for row, event in versions for file in event.files or ()]
    for statement, rows in (
        (LATEST_FILES, latest),
        (CHOSEN_FILES, chosen),
        (METADATA, [_bookmark(row) for row, _ in versions]),
    ):
        if rows:
            cursor.execute(statement.encode(), [list(column) for column in zip(*rows, strict=True)])


def _bookmark(row: AssetVersionRow) -> tuple[str, str, int, int]:
    return row.database_id, row.asset_id, row.asset_version_id, row.position
