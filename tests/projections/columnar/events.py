"""Media events of made-up and of sample files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.media.events import MediaInspected, Rendition, RenditionKind, RenditionsProduced
from domain.media.inspection import Attribute, Channel, Inspection, Part
from tests.projections.vams.samples import ASSET, WRITTEN


def source(path: str, version: str = "v1", *, last_modified: datetime = WRITTEN, size_bytes: int = 1000) -> Any:
    """The fields of every media event of a file of the sample asset."""
    return {
        **ASSET,
        "path": path,
        "s3_bucket": "media",
        "s3_key": f"library/shot_010/{path}",
        "s3_version_id": version,
        "size_bytes": size_bytes,
        "last_modified": last_modified,
    }


def channel(name: str, kind: str = "HALF", **values: Any) -> Channel:
    layer, _, component = name.rpartition(".")
    return Channel(channel_name=name, layer_name=layer, component_name=component, channel_type=kind, **values)


def part(index: int = 0, *, channels: tuple[str, ...] = ("R", "G", "B"), **values: Any) -> Part:
    """A scanline part of 960 by 540 with overscan: its display window is 800 by 450."""
    given: dict[str, Any] = {
        "width": 960,
        "height": 540,
        "display_width": 800,
        "display_height": 450,
        "data_x_offset": -80,
        "data_y_offset": -45,
        "data_window": (-80, -45, 879, 494),
        "display_window": (0, 0, 799, 449),
        "compression": "zip",
        "tile_depth": 1,
        "channels": tuple(channel(name) for name in channels),
    }
    return Part(part_index=index, **(given | values))


def attribute(name: str, kind: str, value: Any) -> Attribute:
    return Attribute(attr_name=name, attr_type=kind, value=value)


def inspected(
    path: str, version: str = "v1", *, attempt: int = 1, parts: tuple[Part, ...] = (part(),), **values: Any
) -> MediaInspected:
    found = Inspection(format_name="openexr", is_deep=any(p.is_deep for p in parts), frame_number=1, parts=parts)
    return MediaInspected(**source(path, version, **values), attempt=attempt, inspection=found)


def produced(path: str, version: str = "v1", *, attempt: int = 1, width: int = 1920) -> RenditionsProduced:
    pictures = ((RenditionKind.THUMBNAIL, 256, 144), (RenditionKind.PROXY, width, 1080))
    renditions = tuple(
        Rendition(
            kind=kind,
            s3_key=f"library/shot_010/.proxies/{path}_{kind.lower()}.jpg",
            s3_version_id="r1",
            content_type="image/jpeg",
            width=w,
            height=h,
            size_bytes=w * 10,
            color_space="sRGB" if kind is RenditionKind.THUMBNAIL else "Rec709",
            source_color_space="lin_ap1_scene",
            color_rule="tagged",
        )
        for kind, w, h in pictures
    )
    recipe: Any = {"recipe": "picture/1", "processing_seconds": 0.25, "renditions": renditions}
    return RenditionsProduced(**source(path, version), attempt=attempt, **recipe)
