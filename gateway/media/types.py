"""Rendition and Media: the pictures made from a file version, and what inspection found in it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from domain.media.events import RenditionKind
from gateway.connections import unplanned
from gateway.scalars import Json, Long

strawberry.enum(RenditionKind, description="What a rendition is for.")


@strawberry.enum(description="Where a rendition stands.")
class RenditionState(Enum):
    """States of a rendition."""

    REQUESTED = "REQUESTED"
    READY = "READY"
    FAILED = "FAILED"


@strawberry.type(description="A picture made from a file version, or the reason why there is none.")
class Rendition:
    """A rendition."""

    kind: RenditionKind = strawberry.field(description="What it is for.")
    state: RenditionState = strawberry.field(description="Where it stands.")
    s3_key: str | None = strawberry.field(description="Its object; null until it is ready.")
    content_type: str | None = strawberry.field(description="Media type of the object.")
    width: int | None = strawberry.field(description="Pixels, measured on the object.")
    height: int | None = strawberry.field(description="Pixels, measured on the object.")
    size_bytes: Long | None = strawberry.field(description="Size of the object.")
    color_space: str | None = strawberry.field(description="Colour space of its pixels.")
    source_color_space: str | None = strawberry.field(description="Colour space the source was read in.")
    color_rule: str | None = strawberry.field(description="Rule that decided the source's colour space.")
    view: str | None = strawberry.field(description="Display view applied to scene-referred pixels.")
    source_s3_version_id: str | None = strawberry.field(description="Version of the source it was made from.")
    failure: str | None = strawberry.field(description="Why it could not be made; null unless it failed.")
    failure_code: str | None = strawberry.field(description="The same for programs, as UNREADABLE.")
    attempts: int = strawberry.field(description="How often it was asked for.")
    produced_at: datetime | None = strawberry.field(description="When it was made.")

    @strawberry.field(description="Signed URL of the picture; null until it is ready.")
    def url(self, expires_in_seconds: int | None = 3600) -> str | None:
        unplanned("Rendition.url")


@strawberry.type(description="One channel of a part.")
class MediaChannel:
    """A channel."""

    channel_name: str = strawberry.field(description="Full name, as diffuse.R.")
    layer_name: str = strawberry.field(description="Text before its last dot; empty outside any layer.")
    component_name: str = strawberry.field(description="Text after its last dot.")
    channel_type: str = strawberry.field(description="HALF, FLOAT, UINT, UINT8, UINT16, …")
    x_sampling: int = strawberry.field(description="A sample every so many pixels across.")
    y_sampling: int = strawberry.field(description="A sample every so many pixels down.")


@strawberry.type(description="One part (subimage) of an image file. Window bounds are inclusive.")
class MediaPart:
    """A part."""

    part_index: int = strawberry.field(description="From 0.")
    part_name: str | None = strawberry.field(description="Name in the file's header.")
    view_name: str | None = strawberry.field(description="View of a multi-view file, as left.")
    width: int = strawberry.field(description="Of the data window.")
    height: int = strawberry.field(description="Of the data window.")
    display_width: int = strawberry.field(description="Of the display window.")
    display_height: int = strawberry.field(description="Of the display window.")
    data_window: list[int] = strawberry.field(description="xmin, ymin, xmax, ymax; all inclusive.")
    display_window: list[int] = strawberry.field(description="xmin, ymin, xmax, ymax; all inclusive.")
    compression: str | None = strawberry.field(description="As the reader names it: zip, piz, dwaa, …")
    is_tiled: bool = strawberry.field(description="Whether pixels are stored in tiles.")
    pixel_aspect_ratio: float = strawberry.field(description="Width of a pixel over its height.")
    color_space: str | None = strawberry.field(description="What the file itself states; null when it states nothing.")
    channels: list[MediaChannel] = strawberry.field(description="In the reader's order, RGBA first.")


@strawberry.type(description="One header attribute of a part.")
class MediaAttribute:
    """An attribute."""

    part_index: int = strawberry.field(description="Part it belongs to, from 0.")
    attr_name: str = strawberry.field(description="As OpenImageIO names it.")
    attr_type: str = strawberry.field(description="Upper-case type: STRING, INT, FLOAT[8], TIMECODE, …")
    value: Json | None = strawberry.field(description="NaN and infinities are text.")


@strawberry.type(description="What inspection found in a file version.")
class Media:
    """Inspection of a file."""

    file_id: str = strawberry.field(description="Id of the file in the columnar tables.")
    is_deep: bool = strawberry.field(description="Whether any part is deep.")
    frame_number: int | None = strawberry.field(description="From the file's name; null when it has none.")
    parts: list[MediaPart] = strawberry.field(description="In file order.")

    @strawberry.field(description="Header attributes, of all parts or of one.")
    def attributes(self, part_index: int | None = None) -> list[MediaAttribute]:
        unplanned("Media.attributes")
