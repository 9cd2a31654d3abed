"""What the media processor finds in the studio's pictures, and what it makes of them."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from domain.cause import Order
from domain.files.events import StoredObject
from domain.files.frames import frame_number
from domain.media.commands import (
    MediaKey,
    Produced,
    record_failure,
    record_renditions,
    rendition_stem,
    request_renditions,
)
from domain.media.events import Rendition, RenditionKind
from domain.media.inspection import Attribute, Channel, Inspection, Part, Window
from gateway.demo.studio.desk import Asset, Desk

RECIPE = "studio"
BEAUTY = ("R", "G", "B", "A")
LAYERS = {"diffuse": "RGB", "specular": "RGB", "normal": "XYZ"}
WIDTH, HEIGHT = 2048, 1152
FAILURES = 0.005


@dataclass(frozen=True)
class Kind:
    """What the pictures of one render, plate or texture have in common."""

    format_name: str
    color_space: str
    rule: str
    part: Part


def render(camera: str) -> Kind:
    """A multi-layer frame of the farm."""
    layers = [(f"{layer}.{c}", layer, c, "HALF") for layer, names in LAYERS.items() for c in names]
    depth = [("depth.Z", "depth", "Z", "FLOAT")]
    channels = tuple(_channel(*named) for named in [*((c, "", c, "HALF") for c in BEAUTY), *layers, *depth])
    attributes = (
        Attribute(attr_name="software", attr_type="STRING", value="karma 21.0"),
        Attribute(attr_name="camera", attr_type="STRING", value=camera),
        Attribute(
            attr_name="worldToCamera", attr_type="MATRIX", value=[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, -12.5, 1]
        ),
        Attribute(
            attr_name="chromaticities",
            attr_type="FLOAT[8]",
            value=[0.713, 0.293, 0.165, 0.83, 0.128, 0.044, 0.32, 0.337],
        ),
    )
    return Kind("openexr", "ACEScg", "chromaticities", _part(channels, attributes, compression="zips"))


def plate() -> Kind:
    """A scanned or graded frame of the camera."""
    channels = tuple(_channel(c, "", c, "HALF") for c in "RGB")
    attributes = (
        Attribute(attr_name="owner", attr_type="STRING", value="second unit"),
        Attribute(attr_name="isoSpeed", attr_type="FLOAT", value=800.0),
        Attribute(attr_name="expTime", attr_type="FLOAT", value=0.0208),
    )
    return Kind("openexr", "ACES2065-1", "chromaticities", _part(channels, attributes, compression="piz"))


def texture() -> Kind:
    """A painted or photographed map of a surface."""
    channels = tuple(_channel(c, "", c, "UINT16") for c in "RGB")
    attributes = (Attribute(attr_name="Software", attr_type="STRING", value="Mari 7.0"),)
    return Kind("tiff", "sRGB Encoded Rec.709 (sRGB)", "extension", _part(channels, attributes, compression="lzw"))


def look_at(desk: Desk, asset: Asset, seen: tuple[str, StoredObject, int], *, kind: Kind, order: Order) -> None:
    """Ask for the pictures of a file that the event at a position brought, and record them, or why there are none."""
    path, stored, position = seen
    requested = request_renditions(
        desk.ledger, (*asset.key, path), stored=stored, again=False, order=desk.media(order, position)
    )
    answer = desk.media(order, requested.position)
    key = MediaKey(stored.s3_bucket, stored.s3_key, stored.s3_version_id, attempt=1)
    if desk.chance(FAILURES):
        record_failure(
            desk.ledger, key, code="UNREADABLE", message="The file ends in its third scan line.", order=answer
        )
        return
    stem = rendition_stem(desk.ledger, stored.s3_bucket, stored.s3_key)
    produced = Produced(
        inspection=_inspection(kind, path),
        renditions=tuple(_rendition(desk, kind, f"{stem}_{name}.jpg", size) for name, size in PICTURES.items()),
        recipe=RECIPE,
        processing_seconds=round(desk.lot.uniform(0.2, 3.0), 3),
    )
    record_renditions(desk.ledger, key, produced=produced, order=answer)


PICTURES = {
    "thumb": (RenditionKind.THUMBNAIL, 256, 144),
    "proxy": (RenditionKind.PROXY, 1920, 1080),
}


def _inspection(kind: Kind, path: str) -> Inspection:
    frame = frame_number(path)
    timecode = Attribute(
        attr_name="smpte:TimeCode",
        attr_type="TIMECODE",
        value=f"01:00:{(frame or 0) // 24 % 60:02}:{(frame or 0) % 24:02}",
    )
    attributes = kind.part.attributes if frame is None else (*kind.part.attributes, timecode)
    part = msgspec.structs.replace(kind.part, attributes=attributes)
    return Inspection(format_name=kind.format_name, is_deep=False, frame_number=frame, parts=(part,))


def _rendition(desk: Desk, kind: Kind, s3_key: str, size: tuple[RenditionKind, int, int]) -> Rendition:
    what, width, height = size
    return Rendition(
        kind=what,
        s3_key=s3_key,
        s3_version_id=desk.hex(32),
        content_type="image/jpeg",
        width=width,
        height=height,
        size_bytes=width * height // 8 + desk.lot.randrange(1000),
        color_space="sRGB" if what is RenditionKind.THUMBNAIL else "Rec709",
        source_color_space=kind.color_space,
        color_rule=kind.rule,
        view=None if kind.rule == "extension" else "ACES 2.0 - SDR 100 nits (Rec.709)",
    )


def _channel(name: str, layer: str, component: str, channel_type: str) -> Channel:
    return Channel(channel_name=name, layer_name=layer, component_name=component, channel_type=channel_type)


def _part(channels: tuple[Channel, ...], attributes: tuple[Attribute, ...], *, compression: str) -> Part:
    window: Window = (0, 0, WIDTH - 1, HEIGHT - 1)
    return Part(
        part_index=0,
        width=WIDTH,
        height=HEIGHT,
        display_width=WIDTH,
        display_height=HEIGHT,
        data_x_offset=0,
        data_y_offset=0,
        data_window=window,
        display_window=window,
        compression=compression,
        line_order="increasingY",
        channels=channels,
        attributes=attributes,
    )
