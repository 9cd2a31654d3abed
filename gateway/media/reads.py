"""Where the fields of renditions and media live. Parts, channels and attributes are JSON documents of one row."""

from __future__ import annotations

from gateway.reads.sources import Column, Field, Many, Narrowing, Signed, Source, timestamp

RENDITION_URL = (
    "CASE WHEN {t}.s3_key IS NOT NULL THEN json_build_array({t}.s3_bucket, {t}.s3_key, {t}.s3_version_id, NULL) END"
)

_RENDITION_COLUMNS = {
    "kind": "kind",
    "state": "state",
    "s3Key": "s3_key",
    "contentType": "content_type",
    "width": "width",
    "height": "height",
    "sizeBytes": "size_bytes",
    "colorSpace": "color_space",
    "sourceColorSpace": "source_color_space",
    "colorRule": "color_rule",
    "view": "view",
    "sourceS3VersionId": "source_s3_version_id",
    "failure": "failure",
    "failureCode": "failure_code",
    "attempts": "attempts",
}


def _document(*names: str) -> dict[str, Column]:
    return {name: Column(f"{{t}}.value -> '{name}'") for name in names}


def _part(narrowing: Narrowing) -> list[str]:
    index = narrowing.arguments.get("partIndex")
    if index is None:
        return []
    return [f"({narrowing.row}.value ->> 'partIndex')::integer = {narrowing.bind(index, 'integer')}"]


PART_FIELDS: dict[str, Field] = {
    **_document("partIndex", "partName", "viewName", "width", "height", "displayWidth", "displayHeight"),
    **_document("dataWindow", "displayWindow", "compression", "isTiled", "pixelAspectRatio", "colorSpace"),
    "channels": Many("MediaChannel", "true", "{t}.ordinality"),
}

SOURCES = {
    "Rendition": Source(
        "Rendition",
        "renditions",
        {
            **{name: Column(f"{{t}}.{column}") for name, column in _RENDITION_COLUMNS.items()},
            "producedAt": timestamp("{t}.produced_at"),
            "url": Signed(RENDITION_URL),
        },
    ),
    "Media": Source(
        "Media",
        "file_media",
        {
            "fileId": Column("{t}.file_id"),
            "isDeep": Column("{t}.is_deep"),
            "frameNumber": Column("{t}.frame_number"),
            "parts": Many("MediaPart", "true", "{t}.ordinality"),
            "attributes": Many("MediaAttribute", "true", "{t}.ordinality", _part),
        },
    ),
    "MediaPart": Source("MediaPart", "jsonb_array_elements({p}.parts) WITH ORDINALITY", PART_FIELDS),
    "MediaChannel": Source(
        "MediaChannel",
        "jsonb_array_elements({p}.value -> 'channels') WITH ORDINALITY",
        _document("channelName", "layerName", "componentName", "channelType", "xSampling", "ySampling"),
    ),
    "MediaAttribute": Source(
        "MediaAttribute",
        "jsonb_array_elements({p}.attributes) WITH ORDINALITY",
        _document("partIndex", "attrName", "attrType", "value"),
    ),
}
