"""The media aggregate: one object version, the attempts at it, and whether one is under way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from domain.media.events import (
    MediaEvent,
    MediaInspected,
    RenditionsFailed,
    RenditionsProduced,
    RenditionsRequested,
    RenditionStemReserved,
)
from domain.stream import Aggregate


class MediaSource(TypedDict):
    """The object version, and the file it was first seen as: what every event of the media carries."""

    database_id: str
    asset_id: str
    path: str
    s3_bucket: str
    s3_key: str
    s3_version_id: str
    size_bytes: int
    last_modified: datetime


@dataclass(frozen=True)
class FileMedia:
    """What commands need to know of one object version's media."""

    request: RenditionsRequested
    is_open: bool
    """True from a request until its renditions were produced or failed."""

    @property
    def source(self) -> MediaSource:
        """The source as its request named it."""
        request = self.request
        return MediaSource(
            database_id=request.database_id,
            asset_id=request.asset_id,
            path=request.path,
            s3_bucket=request.s3_bucket,
            s3_key=request.s3_key,
            s3_version_id=request.s3_version_id,
            size_bytes=request.size_bytes,
            last_modified=request.last_modified,
        )


def evolve(media: FileMedia | None, event: MediaEvent) -> FileMedia:
    """The media after the event."""
    if isinstance(event, RenditionsRequested):
        return FileMedia(event, is_open=True)
    assert media is not None
    match event:
        case MediaInspected():
            return media
        case RenditionsProduced() | RenditionsFailed():
            return replace(media, is_open=False)
    raise TypeError(f"{type(event).__name__} is not an event of media")


def evolve_stem(_: str | None, event: RenditionStemReserved) -> str:
    """The source key that owns the stem."""
    return event.s3_key


MEDIA = Aggregate("media", evolve)
STEMS = Aggregate("rendition-stem", evolve_stem)
