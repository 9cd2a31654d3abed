"""Rows that another store has found, joined with the tables: hits of a search, frames of the columnar tables."""

from __future__ import annotations

from gateway.files.reads import FILE_KEY
from gateway.reads.sources import Column, Either, Many, One, Source, timestamp

FOUND = "<found>"
"""Stands for the placeholder of the found rows as JSON, which the resolver binds."""

ASSET_KEY = "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id"

_HITS = (
    f"(SELECT * FROM json_to_recordset({FOUND}) AS h(n integer, entity text, database_id text, asset_id text,"
    " path text, cursor text, score double precision, highlights json))"
)
STILL_THERE = (
    "CASE {t}.entity WHEN 'asset' THEN EXISTS (SELECT 1 FROM asset_storage a WHERE a.database_id = {t}.database_id"
    " AND a.asset_id = {t}.asset_id) ELSE EXISTS (SELECT 1 FROM asset_files f WHERE"
    " f.database_id = {t}.database_id AND f.asset_id = {t}.asset_id AND f.path = {t}.path) END"
)
_FRAMES = (
    f"(SELECT * FROM json_to_recordset({FOUND}) AS h(n integer, cursor text, file_id text, database_id text,"
    " asset_id text, path text, s3_version_id text, size_bytes bigint, frame_number integer, is_deep boolean,"
    " part_count integer, width integer, height integer, compression text, channels json,"
    " last_modified timestamptz))"
)

_COLUMNS = {
    "fileId": "file_id",
    "databaseId": "database_id",
    "assetId": "asset_id",
    "path": "path",
    "sizeBytes": "size_bytes",
    "frameNumber": "frame_number",
    "isDeep": "is_deep",
    "partCount": "part_count",
    "width": "width",
    "height": "height",
    "compression": "compression",
    "channels": "channels",
}

SOURCES = {
    "SearchEdge": Source(
        "SearchEdge",
        _HITS,
        {
            "cursor": Column("{t}.cursor"),
            "score": Column("{t}.score"),
            "highlights": Many("Highlight", "true", "{t}.ordinality"),
            "node": Either("{t}.entity", {"asset": One("Asset", ASSET_KEY), "file": One("File", FILE_KEY)}),
        },
    ),
    "Highlight": Source(
        "Highlight",
        "json_array_elements({p}.highlights) WITH ORDINALITY",
        {"field": Column("{t}.value -> 'field'"), "fragments": Column("{t}.value -> 'fragments'")},
    ),
    "FrameEdge": Source("FrameEdge", _FRAMES, {"cursor": Column("{t}.cursor"), "node": One("Frame", "true")}),
    "Frame": Source(
        "Frame",
        "(SELECT {p}.*)",
        {
            **{name: Column(f"{{t}}.{column}") for name, column in _COLUMNS.items()},
            "lastModified": timestamp("{t}.last_modified"),
            "file": One("FileAtVersion", f"{FILE_KEY} AND {{t}}.s3_version_id = {{p}}.s3_version_id"),
        },
    ),
}
