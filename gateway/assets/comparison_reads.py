"""Where differences between versions live: two sets of rows side by side, of which the differing ones are shown."""

from __future__ import annotations

from gateway.assets.reads import KEY
from gateway.reads.sources import Column, Many, One, OrderKey, Pages, Source

PAIRS = (
    "(SELECT f.database_id, f.asset_id, f.asset_version_id AS from_version, t.asset_version_id AS to_version,"
    " coalesce(t.asset_version_id::text, '') AS to_name FROM asset_versions_storage f CROSS JOIN LATERAL"
    " (SELECT v.asset_version_id FROM asset_versions_storage v"
    " WHERE v.database_id = f.database_id AND v.asset_id = f.asset_id UNION ALL SELECT NULL) t)"
)
"""Every version of every asset beside each of its versions, and beside now, which has no number."""

_OF_ASSET = "x.database_id = {p}.database_id AND x.asset_id = {p}.asset_id"
_CHANGE = "CASE WHEN f.{key} IS NULL THEN 'ADDED' WHEN t.{key} IS NULL THEN 'REMOVED' ELSE 'CHANGED' END AS change"

_FILES_OF = (
    "SELECT x.file_key AS path, x.version_id, x.size_bytes, x.etag FROM asset_file_versions_storage x"
    f" WHERE {_OF_ASSET} AND x.asset_version_id = {{p}}.<version>"
)
_FILES_NOW = (
    "SELECT x.path, x.s3_version_id, x.size_bytes, x.etag FROM asset_files x"
    f" WHERE {_OF_ASSET} AND x.archived_at IS NULL AND {{p}}.to_version IS NULL"
)
FILES = (
    f"(SELECT path, {_CHANGE.format(key='version_id')}, f.version_id AS from_id, t.version_id AS to_id,"
    " f.size_bytes AS from_size, t.size_bytes AS to_size"
    f" FROM ({_FILES_OF.replace('<version>', 'from_version')}) f"
    f" FULL JOIN ({_FILES_OF.replace('<version>', 'to_version')} UNION ALL {_FILES_NOW}) t USING (path)"
    " WHERE (f.etag, f.size_bytes) IS DISTINCT FROM (t.etag, t.size_bytes))"
)

_ENTRIES_OF = (
    "SELECT x.type, x.file_path, x.metadata_key AS key, x.metadata_value AS value, x.metadata_value_type AS value_type"
    f" FROM asset_file_metadata_versions_storage x WHERE {_OF_ASSET} AND x.asset_version_id = {{p}}.<version>"
)
_IS_HELD = (
    "{p}.to_version IS NULL AND (x.file_path = '/' OR EXISTS (SELECT FROM asset_files a"
    " WHERE a.database_id = x.database_id AND a.asset_id = x.asset_id AND a.path = x.file_path"
    " AND a.archived_at IS NULL))"
)
_ENTRIES_NOW = (
    "SELECT 'metadata', x.file_path, x.metadata_key, x.metadata_value, x.metadata_value_type"
    f" FROM asset_file_metadata_storage x WHERE {_OF_ASSET} AND {_IS_HELD} UNION ALL"
    " SELECT 'attribute', x.file_path, x.attribute_key, x.attribute_value, x.attribute_value_type"
    f" FROM file_attribute_storage x WHERE {_OF_ASSET} AND {_IS_HELD}"
)
METADATA = (
    f"(SELECT type, file_path, key, {_CHANGE.format(key='value')}, f.value AS from_value, t.value AS to_value"
    f" FROM ({_ENTRIES_OF.replace('<version>', 'from_version')}) f"
    f" FULL JOIN ({_ENTRIES_OF.replace('<version>', 'to_version')} UNION ALL {_ENTRIES_NOW}) t"
    " USING (type, file_path, key)"
    " WHERE (f.value, f.value_type) IS DISTINCT FROM (t.value, t.value_type))"
)

SOURCES = {
    "AssetVersionComparison": Source(
        "AssetVersionComparison",
        PAIRS,
        {
            "fromVersion": One("AssetVersion", f"{KEY} AND {{t}}.asset_version_id = {{p}}.from_version"),
            "toVersion": One("AssetVersion", f"{KEY} AND {{t}}.asset_version_id = {{p}}.to_version"),
            "files": Pages("VersionFileChange", "true", (OrderKey('{t}.path COLLATE "C"', "text"),)),
            "metadata": Many("VersionMetadataChange", "true", "{t}.file_path, {t}.key, {t}.type"),
        },
    ),
    "VersionFileChange": Source(
        "VersionFileChange",
        FILES,
        {
            "path": Column("{t}.path"),
            "change": Column("{t}.change"),
            "fromS3VersionId": Column("{t}.from_id"),
            "toS3VersionId": Column("{t}.to_id"),
            "fromSizeBytes": Column("{t}.from_size"),
            "toSizeBytes": Column("{t}.to_size"),
        },
    ),
    "VersionMetadataChange": Source(
        "VersionMetadataChange",
        METADATA,
        {
            "path": Column("nullif({t}.file_path, '/')"),
            "key": Column("{t}.key"),
            "isAttribute": Column("{t}.type = 'attribute'"),
            "change": Column("{t}.change"),
            "fromValue": Column("{t}.from_value"),
            "toValue": Column("{t}.to_value"),
        },
    ),
}
