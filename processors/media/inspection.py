"""Turns an opened file's headers into the domain's Inspection."""

from __future__ import annotations

from pathlib import Path

import OpenImageIO as oiio

from domain.files.frames import frame_number
from domain.json import JsonValue
from domain.media.inspection import Attribute, Channel, Inspection, Part, Window
from processors.media.exr_header import ExrChannel, ExrHeaderDamaged, channel_lists
from processors.media.limits import Limits
from processors.media.reader import pending_error
from processors.media.rejections import MediaRejected, RejectionCode
from processors.media.text import bounded_value, json_value, repaired_text

ASKED_FOR = "oiio:UnassociatedAlpha"
"""Present only because the reader was asked for alpha as stored; not a fact of the file."""
STATED_COLOR_SPACE = ("oiio:ColorSpace", "colorInteropID", "colorspace", "ColorSpace")


def inspect(image: oiio.ImageInput, path: Path, *, name: str, limits: Limits) -> Inspection:
    """What the headers of all parts say; no pixels are read. `name` is the path that holds the frame number.

    Raises MediaRejected TOO_LARGE for more parts than the limit.
    """
    specs = _specs(image, name, limits)
    stored = _stored_channels(path)
    parts = tuple(
        part_of(spec, index, stored=stored[index] if index < len(stored) else (), limits=limits)
        for index, spec in enumerate(specs)
    )
    return Inspection(
        format_name=image.format_name(),
        is_deep=any(part.is_deep for part in parts),
        frame_number=frame_number(name),
        parts=parts,
    )


def _specs(image: oiio.ImageInput, name: str, limits: Limits) -> list[oiio.ImageSpec]:
    specs: list[oiio.ImageSpec] = []
    while image.seek_subimage(len(specs), 0):
        if len(specs) == limits.part_count:
            message = f"{name} has more than {limits.part_count} parts; split it into smaller files."
            raise MediaRejected(RejectionCode.TOO_LARGE, message)
        specs.append(image.spec())
    pending_error(image)  # Seeking past the last part leaves an error that is not the file's.
    return specs


def _stored_channels(path: Path) -> tuple[tuple[ExrChannel, ...], ...]:
    try:
        return channel_lists(path)
    except ExrHeaderDamaged:
        # The reader did open the file, so its word stands and only the sampling stays at its default.
        return ()


def part_of(spec: oiio.ImageSpec, index: int, *, stored: tuple[ExrChannel, ...] = (), limits: Limits) -> Part:
    """One part; `stored` is its channel list in an OpenEXR header, empty in other formats."""
    attributes = tuple(_attribute(entry, limits) for entry in spec.extra_attribs if entry.name != ASKED_FOR)
    values = {attribute.attr_name: attribute.value for attribute in attributes}
    data = (spec.x, spec.y, spec.x + spec.width - 1, spec.y + spec.height - 1)
    display = _display_window(spec, data)
    return Part(
        part_index=index,
        part_name=_text(values, "name", "oiio:subimagename"),
        view_name=_text(values, "view"),
        multi_view=bool(values.get("multiView")),
        width=spec.width,
        height=spec.height,
        display_width=display[2] - display[0] + 1,
        display_height=display[3] - display[1] + 1,
        data_x_offset=data[0] - display[0],
        data_y_offset=data[1] - display[1],
        data_window=data,
        display_window=display,
        pixel_aspect_ratio=_number(values.get("PixelAspectRatio"), 1.0),
        line_order=_text(values, "openexr:lineOrder"),
        compression=_text(values, "compression"),
        color_space=_text(values, *STATED_COLOR_SPACE),
        render_software=_text(values, "Software"),
        is_tiled=spec.tile_width > 0,
        tile_width=spec.tile_width,
        tile_height=spec.tile_height,
        tile_depth=spec.tile_depth,
        is_deep=bool(spec.deep),
        channels=_channels(spec, stored),
        attributes=attributes,
    )


def _display_window(spec: oiio.ImageSpec, data: Window) -> Window:
    if spec.full_width <= 0 or spec.full_height <= 0:
        return data
    return spec.full_x, spec.full_y, spec.full_x + spec.full_width - 1, spec.full_y + spec.full_height - 1


def _attribute(entry: oiio.ParamValue, limits: Limits) -> Attribute:
    kind = str(entry.type).upper()
    try:
        value = entry.value
    except UnicodeDecodeError as undecodable:
        value = undecodable.object.decode("latin-1")
    value = bounded_value(json_value(value, kind), limits.attribute_bytes)
    return Attribute(attr_name=repaired_text(entry.name), attr_type=kind, value=value)


def _channels(spec: oiio.ImageSpec, stored: tuple[ExrChannel, ...]) -> tuple[Channel, ...]:
    """The reader's channels with the header's sampling; the header's own where the reader converts them."""
    names = [repaired_text(name) for name in spec.channelnames]
    formats = spec.channelformats or [spec.format] * spec.nchannels
    by_name = {repaired_text(channel.name): channel for channel in stored}
    if stored and set(names) != by_name.keys():
        return tuple(_channel(repaired_text(one.name), one.pixel_type, one) for one in stored)
    return tuple(
        _channel(name, str(kind).upper(), by_name.get(name)) for name, kind in zip(names, formats, strict=True)
    )


def _channel(name: str, kind: str, stored: ExrChannel | None) -> Channel:
    layer, _, component = name.rpartition(".")
    return Channel(
        channel_name=name,
        layer_name=layer,
        component_name=component,
        channel_type=kind,
        x_sampling=stored.x_sampling if stored else 1,
        y_sampling=stored.y_sampling if stored else 1,
    )


def _text(values: dict[str, JsonValue], *names: str) -> str | None:
    return next((values[name] for name in names if isinstance(values.get(name), str) and values[name]), None)


def _number(value: JsonValue, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default
