"""Rows of files, parts, channels and attributes: what one inspection found, under exr-inspector's columns."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator
from typing import Any

import msgspec

from domain.event import Recorded
from domain.json import JsonValue
from domain.media.events import MediaInspected
from domain.media.identity import file_id
from domain.media.inspection import Attribute, Inspection, Part
from projections.columnar.rows.times import clock_time, whole_seconds

Row = tuple[Any, ...]

NON_FINITE = ("NaN", "Infinity", "-Infinity")
LARGEST_INT64 = 2**63


def identity(event: MediaInspected) -> str:
    """The file_id of the object version."""
    return file_id(event.s3_key, event.last_modified)


def file_row(entry: Recorded, event: MediaInspected, *, inspections: int) -> Row:
    """The row of files; `inspections` counts this one too."""
    found = event.inspection
    inspected_at = clock_time(entry.cause.at)
    return (
        identity(event),
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


def part_rows(event: MediaInspected) -> Iterator[Row]:
    """One row a part."""
    identifier = identity(event)
    for part in event.inspection.parts:
        yield (
            identifier,
            event.s3_key,
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


def channel_rows(event: MediaInspected) -> Iterator[Row]:
    """One row a channel of a part, in the order of the reader."""
    identifier = identity(event)
    for part in event.inspection.parts:
        for channel in part.channels:
            yield (
                identifier,
                event.s3_key,
                part.part_index,
                channel.channel_name,
                channel.layer_name,
                channel.component_name,
                channel.channel_type,
                channel.x_sampling,
                channel.y_sampling,
                None,
            )


def attribute_rows(event: MediaInspected) -> Iterator[Row]:
    """One row a header attribute of a part."""
    identifier = identity(event)
    for part in event.inspection.parts:
        for attribute in part.attributes:
            yield (
                identifier,
                event.s3_key,
                part.part_index,
                attribute.attr_name,
                attribute.attr_type,
                json_text(attribute.value),
                *typed_values(attribute),
            )


def typed_values(attribute: Attribute) -> tuple[str | None, int | None, float | None]:
    """value_text, value_int and value_float.

    A number has a float beside its integer, an integer beyond 64 bits the float only. NaN and infinities are
    floats, a rational is its quotient, and a time code is the text HH:MM:SS:FF.
    """
    value = attribute.value
    match value:
        case bool() | None:
            return None, None, None
        case int():
            fits = -LARGEST_INT64 <= value < LARGEST_INT64
            return None, value if fits else None, float(value)
        case float():
            return None, None, value
        case str() if value in NON_FINITE and attribute.attr_type in ("FLOAT", "DOUBLE", "HALF"):
            return None, None, float(value)
        case str():
            return value, None, None
        case [int() as above, int() as below] if attribute.attr_type == "RATIONAL" and below:
            return None, None, above / below
        case [int() as digits, int()] if attribute.attr_type == "TIMECODE":
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
