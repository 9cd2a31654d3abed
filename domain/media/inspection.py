"""What inspection finds in an image file: parts, channels and attributes, as OpenImageIO and the EXR header tell it."""

from __future__ import annotations

import msgspec

from domain.json import JsonValue

Window = tuple[int, int, int, int]
"""xmin, ymin, xmax, ymax in pixels; all four bounds inclusive."""


class Channel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One channel of a part, in the order the file reader gives them (RGBA first)."""

    channel_name: str
    layer_name: str
    """Text before the last dot of the channel name; empty for a channel outside any layer."""
    component_name: str
    channel_type: str
    """HALF, FLOAT, UINT, UINT8, UINT16, …: the upper-case pixel type."""
    x_sampling: int = 1
    y_sampling: int = 1


class Attribute(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One header attribute of a part."""

    attr_name: str
    attr_type: str
    """Upper-case OpenImageIO type: STRING, INT, FLOAT, FLOAT[8], MATRIX, RATIONAL, TIMECODE, …"""
    value: JsonValue
    """NaN and infinities are the strings "NaN", "Infinity" and "-Infinity"."""


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One subimage. Sizes are in pixels; width and height are of the data window."""

    part_index: int
    part_name: str | None = None
    view_name: str | None = None
    multi_view: bool = False
    width: int
    height: int
    display_width: int
    display_height: int
    data_x_offset: int
    """Data window origin minus display window origin, in pixels; negative where there is overscan."""
    data_y_offset: int
    data_window: Window
    display_window: Window
    pixel_aspect_ratio: float = 1.0
    line_order: str | None = None
    compression: str | None = None
    color_space: str | None = None
    """The colour space the file itself states; None when it states none."""
    render_software: str | None = None
    is_tiled: bool = False
    tile_width: int = 0
    tile_height: int = 0
    tile_depth: int = 0
    is_deep: bool = False
    channels: tuple[Channel, ...] = ()
    attributes: tuple[Attribute, ...] = ()


class Inspection(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Everything inspection found in one object."""

    format_name: str
    """The reader that opened it (openexr, png, jpeg, tiff, dpx, hdr, …), whatever the file is called."""
    is_deep: bool
    frame_number: int | None
    """Digits before the extension, by the rule of domain.files.frames.frame_number; None when there are none."""
    parts: tuple[Part, ...]
    non_finite_pixels: int = 0
    """NaN and infinite samples seen in the channels that were read for the pictures."""
