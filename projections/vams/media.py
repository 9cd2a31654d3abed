"""Folds the events of media: what inspection found, and the pictures made."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

from domain.event import Recorded
from domain.json import JsonValue
from domain.media.events import (
    MediaEvent,
    MediaInspected,
    Rendition,
    RenditionKind,
    RenditionsFailed,
    RenditionsProduced,
    RenditionsRequested,
)
from domain.media.identity import file_id
from domain.media.inspection import Channel, Inspection, Part, Window
from projections.vams.json_text import json_text
from projections.vams.rows import MediaRow, RenditionRow
from projections.vams.sheets import Sheets

REQUESTED, READY, FAILED = "REQUESTED", "READY", "FAILED"
NOT_PRODUCED = "NOT_PRODUCED"


class MediaChannel(msgspec.Struct, rename="camel"):
    """A channel under the names of the GraphQL type."""

    channel_name: str
    layer_name: str
    component_name: str
    channel_type: str
    x_sampling: int
    y_sampling: int


class MediaPart(msgspec.Struct, rename="camel"):
    """A part under the names of the GraphQL type; windows are [xmin, ymin, xmax, ymax], inclusive."""

    part_index: int
    part_name: str | None
    view_name: str | None
    width: int
    height: int
    display_width: int
    display_height: int
    data_window: Window
    display_window: Window
    compression: str | None
    is_tiled: bool
    pixel_aspect_ratio: float
    color_space: str | None
    channels: msgspec.Raw
    """Of MediaChannel, as JSON."""


class MediaAttribute(msgspec.Struct, rename="camel"):
    """A header attribute under the names of the GraphQL type."""

    part_index: int
    attr_name: str
    attr_type: str
    value: JsonValue


def inspected(sheets: Sheets, entry: Recorded, event: MediaInspected) -> None:
    """What the object version holds."""
    found = event.inspection
    row = MediaRow(
        s3_bucket=event.s3_bucket,
        s3_key=event.s3_key,
        s3_version_id=event.s3_version_id,
        file_id=file_id(event.s3_key, event.last_modified),
        is_deep=found.is_deep,
        frame_number=found.frame_number,
        parts=json_text([_part(part) for part in found.parts]),
        attributes=json_text(_attributes(found)),
        position=entry.position,
    )
    sheets.media.put(row, entry.position)


def requested(sheets: Sheets, entry: Recorded, event: RenditionsRequested) -> None:
    """Wanted; a picture of an earlier attempt stays until another takes its place."""
    for kind in event.kinds:
        _change(sheets, entry, (event, kind), state=REQUESTED, failure=None, failure_code=None, attempts=event.attempt)


def produced(sheets: Sheets, entry: Recorded, event: RenditionsProduced) -> None:
    """Ready; a wanted kind that the attempt did not make is failed, so that nothing stays wanted for ever."""
    made = {rendition.kind: rendition for rendition in event.renditions}
    for kind, rendition in made.items():
        _change(sheets, entry, (event, kind), **_picture(rendition), attempts=event.attempt, produced_at=entry.cause.at)
    missing = [kind for kind in RenditionKind if kind not in made and _is_wanted(sheets, event, kind)]
    _fail(sheets, entry, (event, missing), code=NOT_PRODUCED, failure="The attempt made no picture of this kind.")


def failed(sheets: Sheets, entry: Recorded, event: RenditionsFailed) -> None:
    """Failed, with the reason."""
    _fail(sheets, entry, (event, event.kinds), code=event.code, failure=event.message)


def _fail(
    sheets: Sheets,
    entry: Recorded,
    kinds: tuple[RenditionsFailed | RenditionsProduced, Iterable[RenditionKind]],
    *,
    code: str,
    failure: str,
) -> None:
    event, wanted = kinds
    for kind in wanted:
        _change(sheets, entry, (event, kind), state=FAILED, failure=failure, failure_code=code, attempts=event.attempt)


def _is_wanted(sheets: Sheets, event: MediaEvent, kind: RenditionKind) -> bool:
    row = sheets.renditions.find(_key(event, kind))
    return row is not None and row.state == REQUESTED


def _change(sheets: Sheets, entry: Recorded, key: tuple[MediaEvent, RenditionKind], **values: Any) -> None:
    row = sheets.renditions.find(_key(*key)) or _wanted(_key(*key), entry)
    sheets.renditions.put(row._replace(**values, position=entry.position), entry.position)


def _key(event: MediaEvent, kind: RenditionKind) -> tuple[str, str, str, str]:
    return (event.s3_bucket, event.s3_key, event.s3_version_id, kind)


def _wanted(key: tuple[str, str, str, str], entry: Recorded) -> RenditionRow:
    return RenditionRow(
        *key,
        state=REQUESTED,
        s3_key=None,
        s3_version_id=None,
        content_type=None,
        width=None,
        height=None,
        size_bytes=None,
        color_space=None,
        source_color_space=None,
        color_rule=None,
        view=None,
        failure=None,
        failure_code=None,
        attempts=1,
        produced_at=None,
        position=entry.position,
    )


def _picture(made: Rendition) -> dict[str, Any]:
    return {
        "state": READY,
        "s3_key": made.s3_key,
        "s3_version_id": made.s3_version_id,
        "content_type": made.content_type,
        "width": made.width,
        "height": made.height,
        "size_bytes": made.size_bytes,
        "color_space": made.color_space,
        "source_color_space": made.source_color_space,
        "color_rule": made.color_rule,
        "view": made.view,
        "failure": None,
        "failure_code": None,
    }


def _part(part: Part) -> MediaPart:
    return MediaPart(
        part_index=part.part_index,
        part_name=part.part_name,
        view_name=part.view_name,
        width=part.width,
        height=part.height,
        display_width=part.display_width,
        display_height=part.display_height,
        data_window=part.data_window,
        display_window=part.display_window,
        compression=part.compression,
        is_tiled=part.is_tiled,
        pixel_aspect_ratio=part.pixel_aspect_ratio,
        color_space=part.color_space,
        channels=_channels(part.channels),
    )


@lru_cache(maxsize=256)
def _channels(channels: tuple[Channel, ...]) -> msgspec.Raw:
    """The channels as JSON, which all frames of a render have in common."""
    return msgspec.Raw(
        msgspec.json.encode(
            [
                MediaChannel(
                    channel.channel_name,
                    channel.layer_name,
                    channel.component_name,
                    channel.channel_type,
                    channel.x_sampling,
                    channel.y_sampling,
                )
                for channel in channels
            ]
        )
    )


def _attributes(found: Inspection) -> list[MediaAttribute]:
    return [
        MediaAttribute(part.part_index, attribute.attr_name, attribute.attr_type, attribute.value)
        for part in found.parts
        for attribute in part.attributes
    ]
