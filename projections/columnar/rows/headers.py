"""Rows of files, parts, channels and attributes: what one inspection found, under exr-inspector's columns."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from domain.event import Recorded
from domain.json import JsonValue
from domain.media.events import MediaInspected
from domain.media.identity import file_id
from domain.media.inspection import Inspection, Part
from projections.columnar.rows.columns import table_of
from projections.columnar.rows.times import clock_time, whole_seconds
from projections.columnar.tables import ATTRIBUTES, CHANNELS

Row = tuple[Any, ...]
Inspected = tuple[str, MediaInspected]
"""An inspection, after the file_id of what it looked at."""
Shown = tuple[str, str | None, int | None, float | None]
REMEMBERED = 10_000
"""Values of attributes whose columns are kept."""

NON_FINITE = ("NaN", "Infinity", "-Infinity")
LARGEST_INT64 = 2**63


def identity(event: MediaInspected) -> str:
    """The file_id of the object version."""
    return file_id(event.s3_key, event.last_modified)


def file_row(entry: Recorded, event: MediaInspected, *, identifier: str, inspections: int) -> Row:
    """The row of files; `inspections` counts this one too."""
    found = event.inspection
    inspected_at = clock_time(entry.cause.at)
    return (
        identifier,
        event.s3_key,
        normalized(event.s3_key),
        header_hash(found),
        event.size_bytes,
        whole_seconds(event.last_modified),
        len(found.parts),
        found.is_deep,
        None,
        found.frame_number,
        inspected_at,
        inspections,
        inspected_at,
    )


def part_rows(files: Iterable[Inspected]) -> Iterator[Row]:
    """One row a part."""
    for identifier, path, part in _parts(list(files)):
        yield (
            identifier,
            path,
            part.part_index,
            part.width,
            part.height,
            part.display_width,
            part.display_height,
            part.data_x_offset,
            part.data_y_offset,
            part.part_name,
            part.view_name,
            part.multi_view,
            json_text(part.data_window),
            json_text(part.display_window),
            part.pixel_aspect_ratio,
            part.line_order,
            part.compression,
            part.color_space,
            part.render_software,
            part.is_tiled,
            part.tile_width,
            part.tile_height,
            part.tile_depth,
            part.is_deep,
        )


def channel_table(files: Sequence[Inspected]) -> pa.Table:
    """One row a channel of a part, in the order of the reader."""
    found = _parts(files)
    channels = [channel for _, _, part in found for channel in part.channels]
    return table_of(
        CHANNELS,
        [
            *_owners(found, [len(part.channels) for _, _, part in found]),
            [channel.channel_name for channel in channels],
            [channel.layer_name for channel in channels],
            [channel.component_name for channel in channels],
            [channel.channel_type for channel in channels],
            [channel.x_sampling for channel in channels],
            [channel.y_sampling for channel in channels],
            pa.nulls(len(channels), CHANNELS.field("channel_fingerprint").type),
        ],
    )


def attribute_table(files: Sequence[Inspected]) -> pa.Table:
    """One row a header attribute of a part."""
    found = _parts(files)
    attributes = [attribute for _, _, part in found for attribute in part.attributes]
    values = [_shown(attribute.attr_type, attribute.value) for attribute in attributes]
    return table_of(
        ATTRIBUTES,
        [
            *_owners(found, [len(part.attributes) for _, _, part in found]),
            [attribute.attr_name for attribute in attributes],
            [attribute.attr_type for attribute in attributes],
            *([value[place] for value in values] for place in range(4)),
        ],
    )


def _parts(files: Sequence[Inspected]) -> list[tuple[str, str, Part]]:
    return [(identifier, event.s3_key, part) for identifier, event in files for part in event.inspection.parts]


def _owners(parts: Sequence[tuple[str, str, Part]], counts: Sequence[int]) -> list[pa.Array]:
    """file_id, file_path and part_index of each part, as often as it has children."""
    identifiers = pa.array([identifier for identifier, _, _ in parts], pa.string())
    paths = pa.array([path for _, path, _ in parts], pa.string())
    numbers = pa.array([part.part_index for _, _, part in parts], pa.int32())
    places = pa.array(np.repeat(np.arange(len(parts)), counts))
    return [column.take(places) for column in (identifiers, paths, numbers)]


def _shown(attr_type: str, value: JsonValue) -> Shown:
    """value_json, value_text, value_int and value_float."""
    # Frames of one render say the same. Floats that are equal may differ in sign, lists have no hash.
    if isinstance(value, str | int):
        return _remembered(attr_type, value)
    return json_text(value), *typed_values(attr_type, value)


@lru_cache(maxsize=REMEMBERED, typed=True)
def _remembered(attr_type: str, value: str | int) -> Shown:
    return json_text(value), *typed_values(attr_type, value)


def typed_values(attr_type: str, value: JsonValue) -> tuple[str | None, int | None, float | None]:
    """value_text, value_int and value_float.

    A number has a float beside its integer, an integer beyond 64 bits the float only. NaN and infinities are
    floats, a rational is its quotient, and a time code is the text HH:MM:SS:FF.
    """
    match value:
        case bool() | None:
            return None, None, None
        case int():
            fits = -LARGEST_INT64 <= value < LARGEST_INT64
            return None, value if fits else None, float(value)
        case float():
            return None, None, value
        case str() if value in NON_FINITE and attr_type in ("FLOAT", "DOUBLE", "HALF"):
            return None, None, float(value)
        case str():
            return value, None, None
        case [int() as above, int() as below] if attr_type == "RATIONAL" and below:
            return None, None, above / below
        case [int() as digits, int()] if attr_type == "TIMECODE":
            return time_code(digits), None, None
    return None, None, None


def time_code(digits: int) -> str:
    """HH:MM:SS:FF of the packed decimal digits of SMPTE 12M, as OpenEXR's TimeCode keeps them."""
    fields = ((24, 0x3), (16, 0x7), (8, 0x7), (0, 0x3))
    return ":".join(f"{digits >> shift + 4 & tens}{digits >> shift & 0xF:X}" for shift, tens in fields)


def header_hash(found: Inspection) -> str:
    """SHA-256 hex over every header fact; equal exactly when two inspections found the same."""
    parts: tuple[Part, ...] = found.parts
    return hashlib.sha256(msgspec.json.encode([found.is_deep, parts])).hexdigest()


def normalized(key: str) -> str:
    """The object key without repeated slashes and `.` and `..` segments; case is part of a key and stays."""
    return posixpath.normpath(f"/{key}").lstrip("/")


def json_text(value: JsonValue) -> str:
    """Compact JSON."""
    return msgspec.json.encode(value).decode()
