"""The columnar tables of the library: the five that exr-inspector and oiio-proxy-generator made, and the log.

Names, types and order of the five are those that existing queries read, so they must not change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pyarrow as pa

_EMBEDDING = pa.list_(pa.field("item", pa.float32(), nullable=False), 384)
_FINGERPRINT = pa.list_(pa.field("item", pa.float32(), nullable=False), 128)

FILES = pa.schema(
    [
        ("file_id", pa.string()),
        ("file_path", pa.string()),
        ("file_path_normalized", pa.string()),
        ("header_hash", pa.string()),
        ("size_bytes", pa.int64()),
        ("mtime", pa.string()),
        ("multipart_count", pa.int32()),
        ("is_deep", pa.bool_()),
        ("metadata_embedding", _EMBEDDING),
        ("frame_number", pa.int32()),
        ("inspection_timestamp", pa.string()),
        ("inspection_count", pa.int32()),
        ("last_inspected", pa.string()),
    ]
)

PARTS = pa.schema(
    [
        ("file_id", pa.string()),
        ("file_path", pa.string()),
        ("part_index", pa.int32()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("display_width", pa.int32()),
        ("display_height", pa.int32()),
        ("data_x_offset", pa.int32()),
        ("data_y_offset", pa.int32()),
        ("part_name", pa.string()),
        ("view_name", pa.string()),
        ("multi_view", pa.bool_()),
        ("data_window", pa.string()),
        ("display_window", pa.string()),
        ("pixel_aspect_ratio", pa.float32()),
        ("line_order", pa.string()),
        ("compression", pa.string()),
        ("color_space", pa.string()),
        ("render_software", pa.string()),
        ("is_tiled", pa.bool_()),
        ("tile_width", pa.int32()),
        ("tile_height", pa.int32()),
        ("tile_depth", pa.int32()),
        ("is_deep", pa.bool_()),
    ]
)

CHANNELS = pa.schema(
    [
        ("file_id", pa.string()),
        ("file_path", pa.string()),
        ("part_index", pa.int32()),
        ("channel_name", pa.string()),
        ("layer_name", pa.string()),
        ("component_name", pa.string()),
        ("channel_type", pa.string()),
        ("x_sampling", pa.int32()),
        ("y_sampling", pa.int32()),
        ("channel_fingerprint", _FINGERPRINT),
    ]
)

ATTRIBUTES = pa.schema(
    [
        ("file_id", pa.string()),
        ("file_path", pa.string()),
        ("part_index", pa.int32()),
        ("attr_name", pa.string()),
        ("attr_type", pa.string()),
        ("value_json", pa.string()),
        ("value_text", pa.string()),
        ("value_int", pa.int64()),
        ("value_float", pa.float64()),
    ]
)

PROXY_OUTPUTS = pa.schema(
    [
        ("proxy_id", pa.string()),
        ("file_id", pa.string()),
        ("s3_key", pa.string()),
        ("s3_bucket", pa.string()),
        ("asset_id", pa.string()),
        ("thumbnail_s3_key", pa.string()),
        ("proxy_s3_key", pa.string()),
        ("thumbnail_size_bytes", pa.int64()),
        ("proxy_size_bytes", pa.int64()),
        ("source_size_bytes", pa.int64()),
        ("source_colorspace", pa.string()),
        ("thumb_colorspace", pa.string()),
        ("proxy_colorspace", pa.string()),
        ("thumb_resolution", pa.string()),
        ("proxy_resolution", pa.string()),
        ("processing_time_seconds", pa.float64()),
        ("generated_timestamp", pa.string()),
        ("generator_version", pa.string()),
    ]
)

EVENTS = pa.schema(
    [
        pa.field("position", pa.int64(), nullable=False),
        pa.field("event_type", pa.string(), nullable=False),
        pa.field("recorded_at", pa.timestamp("us", tz="UTC"), nullable=False),
        ("actor", pa.string()),
        ("correlation_id", pa.string()),
        ("causation_position", pa.int64()),
        ("database_id", pa.string()),
        ("asset_id", pa.string()),
        ("path", pa.string()),
        pa.field("stream_id", pa.string(), nullable=False),
        pa.field("revision", pa.int64(), nullable=False),
        pa.field("payload", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """How a table is created: its columns, the order rows are kept in, and the key of a current row."""

    name: str
    schema: pa.Schema
    sort_by: tuple[str, ...]
    key: tuple[str, ...]
    """The columns that replace_rows is called with. Rows of a file's children are replaced file by file."""


TABLES = (
    TableDefinition("files", FILES, sort_by=("file_path", "frame_number"), key=("file_id",)),
    TableDefinition("parts", PARTS, sort_by=("file_id", "part_index"), key=("file_id",)),
    TableDefinition("channels", CHANNELS, sort_by=("file_id", "part_index"), key=("file_id",)),
    TableDefinition("attributes", ATTRIBUTES, sort_by=("file_id", "part_index"), key=("file_id",)),
    TableDefinition("proxy_outputs", PROXY_OUTPUTS, sort_by=("file_id",), key=("file_id",)),
    TableDefinition("events", EVENTS, sort_by=("position",), key=("position",)),
)


def file_id(path: str, mtime: str) -> str:
    """The id that joins the five tables: 16 hex digits of SHA-256 over path + mtime + MD5 hex of the path.

    path is the object key without bucket; mtime is YYYY-MM-DDTHH:MM:SS+00:00, or "" when it is unknown.
    The formula is exr-inspector's; it knows neither bucket nor content, so it is a join key and no identity.
    """
    return hashlib.sha256(f"{path}{mtime}{_md5(path)}".encode()).hexdigest()[:16]


def legacy_asset_id(key: str) -> str:
    """proxy_outputs.asset_id: the first 16 hex digits of the MD5 of the object key (oiio-proxy-generator)."""
    return _md5(key)[:16]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
