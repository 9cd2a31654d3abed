"""Legacy ids by their published vectors, and the columns that existing queries read."""

from __future__ import annotations

import pyarrow as pa
import pytest

from projections.columnar.tables import (
    ATTRIBUTES,
    CHANNELS,
    EVENTS,
    FILES,
    PARTS,
    PROXY_OUTPUTS,
    TABLES,
    file_id,
    legacy_asset_id,
)

KEY = "renders/shot_010/beauty.0001.exr"
MTIME = "2026-04-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("path", "mtime", "expected"),
    [
        (KEY, MTIME, "c569308e3b01f778"),
        (KEY, "", "9e042a18b3ad6b9e"),
        (f"bkt/{KEY}", MTIME, "eb39fbd919e6190c"),
        ("rendus/é/beauté.0001.exr", MTIME, "bf2f73c8512063fe"),
    ],
)
def test_a_file_id_is_the_one_that_exr_inspector_computes(path: str, mtime: str, expected: str) -> None:
    assert file_id(path, mtime) == expected


def test_an_asset_id_is_the_one_that_the_proxy_generator_computes() -> None:
    assert legacy_asset_id(KEY) == "3c6e1c31ae45e0f1"


def columns(schema: pa.Schema) -> str:
    return " ".join(f"{field.name}:{field.type}" for field in schema)


VECTOR = "fixed_size_list<item: float not null>"
FILE = "file_id:string file_path:string"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            FILES,
            f"{FILE} file_path_normalized:string header_hash:string size_bytes:int64 mtime:string"
            f" multipart_count:int32 is_deep:bool metadata_embedding:{VECTOR}[384] frame_number:int32"
            " inspection_timestamp:string inspection_count:int32 last_inspected:string",
        ),
        (
            PARTS,
            f"{FILE} part_index:int32 width:int32 height:int32 display_width:int32 display_height:int32"
            " data_x_offset:int32 data_y_offset:int32 part_name:string view_name:string multi_view:bool"
            " data_window:string display_window:string pixel_aspect_ratio:float line_order:string"
            " compression:string color_space:string render_software:string is_tiled:bool tile_width:int32"
            " tile_height:int32 tile_depth:int32 is_deep:bool",
        ),
        (
            CHANNELS,
            f"{FILE} part_index:int32 channel_name:string layer_name:string component_name:string"
            f" channel_type:string x_sampling:int32 y_sampling:int32 channel_fingerprint:{VECTOR}[128]",
        ),
        (
            ATTRIBUTES,
            f"{FILE} part_index:int32 attr_name:string attr_type:string value_json:string value_text:string"
            " value_int:int64 value_float:double",
        ),
        (
            PROXY_OUTPUTS,
            "proxy_id:string file_id:string s3_key:string s3_bucket:string asset_id:string"
            " thumbnail_s3_key:string proxy_s3_key:string thumbnail_size_bytes:int64 proxy_size_bytes:int64"
            " source_size_bytes:int64 source_colorspace:string thumb_colorspace:string"
            " proxy_colorspace:string thumb_resolution:string proxy_resolution:string"
            " processing_time_seconds:double generated_timestamp:string generator_version:string",
        ),
        (
            EVENTS,
            "position:int64 event_type:string recorded_at:timestamp[us, tz=UTC] actor:string"
            " correlation_id:string causation_position:int64 database_id:string asset_id:string path:string"
            " stream_id:string revision:int64 payload:string",
        ),
    ],
    ids=[definition.name for definition in TABLES],
)
def test_columns_have_exactly_these_names_types_and_order(schema: pa.Schema, expected: str) -> None:
    assert columns(schema) == expected


def test_the_columns_of_the_legacy_tables_are_all_nullable() -> None:
    for schema in (FILES, PARTS, CHANNELS, ATTRIBUTES, PROXY_OUTPUTS):
        assert all(field.nullable for field in schema)


def test_sort_and_row_keys_are_columns() -> None:
    for definition in TABLES:
        assert {*definition.sort_by, *definition.key} <= set(definition.schema.names)
