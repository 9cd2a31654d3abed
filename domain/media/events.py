"""What happened to the media of one object version."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.event import Event
from domain.media.inspection import Inspection


class RenditionKind(StrEnum):
    """What a rendition is for."""

    THUMBNAIL = "THUMBNAIL"
    PROXY = "PROXY"


class Rendition(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A picture made from the source; sizes were measured on the result."""

    kind: RenditionKind
    s3_key: str
    s3_version_id: str
    content_type: str
    width: int
    height: int
    size_bytes: int
    color_space: str
    source_color_space: str
    color_rule: str
    """Which rule decided the source's colour space."""
    view: str | None = None
    """The display view that was applied; None when the source is display-referred."""


class MediaEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one object version; the path is the file it was first seen as."""

    database_id: str
    asset_id: str
    path: str
    s3_bucket: str
    s3_key: str
    s3_version_id: str
    size_bytes: int
    last_modified: datetime


class RenditionsRequested(MediaEvent, frozen=True, kw_only=True):
    """Inspection and renditions are wanted; attempts count from 1."""

    TOPIC = "renditions-requested"
    attempt: int
    kinds: tuple[RenditionKind, ...]
    rendition_stem: str
    """Key of the renditions before `_thumb.jpg` and `_proxy.jpg`; reserved for this source key."""


class MediaInspected(MediaEvent, frozen=True, kw_only=True):
    """The file was opened and this is what it holds."""

    TOPIC = "media-inspected"
    attempt: int
    inspection: Inspection


class RenditionsProduced(MediaEvent, frozen=True, kw_only=True):
    """The pictures exist in the store."""

    TOPIC = "renditions-produced"
    attempt: int
    recipe: str
    processing_seconds: float
    renditions: tuple[Rendition, ...]


class RenditionsFailed(MediaEvent, frozen=True, kw_only=True):
    """No picture could be made; the code is for programs, the message for people."""

    TOPIC = "renditions-failed"
    attempt: int
    kinds: tuple[RenditionKind, ...]
    code: str
    message: str


class RenditionStemReserved(Event, frozen=True, kw_only=True):
    """Rendition keys with this stem belong to one source key for ever."""

    TOPIC = "rendition-stem-reserved"
    s3_bucket: str
    rendition_stem: str
    s3_key: str


EVENTS: tuple[type[Event], ...] = (
    RenditionsRequested,
    MediaInspected,
    RenditionsProduced,
    RenditionsFailed,
    RenditionStemReserved,
)
