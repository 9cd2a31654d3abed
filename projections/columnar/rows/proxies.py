"""Rows of proxy_outputs: the pictures that one attempt made of an object version."""

from __future__ import annotations

from typing import Any

from domain.event import Recorded, stream_id
from domain.media.events import Rendition, RenditionKind, RenditionsProduced
from domain.media.identity import file_id, legacy_asset_id
from projections.columnar.rows.times import clock_time


def proxy_row(entry: Recorded, event: RenditionsProduced) -> tuple[Any, ...]:
    """The row; columns of a kind of picture that was not made are null, and sizes are the true ones."""
    made = {rendition.kind: rendition for rendition in event.renditions}
    thumbnail, proxy = made.get(RenditionKind.THUMBNAIL), made.get(RenditionKind.PROXY)
    attempt = (event.s3_bucket, event.s3_version_id, str(event.attempt), event.s3_key)
    return (
        str(stream_id("proxy-output", *attempt)),
        file_id(event.s3_key, event.last_modified),
        event.s3_key,
        event.s3_bucket,
        legacy_asset_id(event.s3_key),
        thumbnail and thumbnail.s3_key,
        proxy and proxy.s3_key,
        thumbnail and thumbnail.size_bytes,
        proxy and proxy.size_bytes,
        event.size_bytes,
        next((rendition.source_color_space for rendition in event.renditions), None),
        thumbnail and thumbnail.color_space,
        proxy and proxy.color_space,
        _resolution(thumbnail),
        _resolution(proxy),
        event.processing_seconds,
        clock_time(entry.cause.at),
        event.recipe,
    )


def _resolution(picture: Rendition | None) -> str | None:
    return f"{picture.width}x{picture.height}" if picture else None
