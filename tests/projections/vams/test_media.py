"""Rows of media: inspection and renditions."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from domain.media.events import (
    MediaInspected,
    Rendition,
    RenditionKind,
    RenditionsFailed,
    RenditionsProduced,
    RenditionsRequested,
)
from domain.media.inspection import Attribute, Channel, Inspection, Part
from projections.vams.rows import MediaRow, RenditionRow
from projections.vams.sheets import MEDIA, RENDITIONS
from tests.projections.vams.samples import ASSET, WRITTEN
from tests.projections.vams.tape import Tape, at, rows

KEY = "renders/shot_010/beauty.0001.exr"
SOURCE: Any = {
    **ASSET,
    "path": "beauty.0001.exr",
    "s3_bucket": "media",
    "s3_key": KEY,
    "s3_version_id": "v1",
    "size_bytes": 1000,
    "last_modified": WRITTEN,
}
KINDS = (RenditionKind.THUMBNAIL, RenditionKind.PROXY)
WANTED = RenditionRow(
    "media", KEY, "v1", "PROXY", "REQUESTED", *(None,) * 6, None, None, None, None, None, None, 1, None, 1
)


def _request(attempt: int = 1) -> RenditionsRequested:
    return RenditionsRequested(**SOURCE, attempt=attempt, kinds=KINDS, rendition_stem="renders/.proxies/beauty.0001")


def _picture(kind: RenditionKind) -> Rendition:
    return Rendition(
        kind=kind,
        s3_key=f"renders/.proxies/{kind}.jpg",
        s3_version_id=f"{kind}-1",
        content_type="image/jpeg",
        width=256,
        height=144,
        size_bytes=4096,
        color_space="sRGB",
        source_color_space="ACEScg",
        color_rule="extension",
        view="ACES 1.0",
    )


def _ready(kind: str, position: int, attempts: int = 1) -> RenditionRow:
    picture = (f"renders/.proxies/{kind}.jpg", f"{kind}-1", "image/jpeg", 256, 144, 4096)
    colour = ("sRGB", "ACEScg", "extension", "ACES 1.0")
    return RenditionRow(
        "media", KEY, "v1", kind, "READY", *picture, *colour, None, None, attempts, at(position), position
    )


def _produced(*kinds: RenditionKind, attempt: int = 1) -> RenditionsProduced:
    made = tuple(_picture(kind) for kind in kinds)
    return RenditionsProduced(**SOURCE, attempt=attempt, recipe="r1", processing_seconds=0.5, renditions=made)


def _failed(attempt: int = 1) -> RenditionsFailed:
    return RenditionsFailed(**SOURCE, attempt=attempt, kinds=KINDS, code="TRUNCATED", message="It ends\x00early.")


def test_wanted_kinds_have_a_row_each(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(_request())
    tape.fold(tables)
    assert rows(tables, RENDITIONS) == [WANTED, WANTED._replace(kind="THUMBNAIL")]


def test_made_pictures_are_ready(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(_request(), _produced(*KINDS))
    tape.fold(tables)
    assert rows(tables, RENDITIONS) == [_ready("PROXY", 2), _ready("THUMBNAIL", 2)]


def test_a_failed_attempt_leaves_its_reason(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(_request(), _failed())
    tape.fold(tables)
    proxy = WANTED._replace(state="FAILED", failure="It ends\ufffdearly.", failure_code="TRUNCATED", position=2)
    assert rows(tables, RENDITIONS) == [proxy, proxy._replace(kind="THUMBNAIL")]


def test_a_kind_that_was_wanted_and_not_made_is_failed(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(_request(), _produced(RenditionKind.THUMBNAIL))
    tape.fold(tables)
    missing: Any = {"failure": "The attempt made no picture of this kind.", "failure_code": "NOT_PRODUCED"}
    assert rows(tables, RENDITIONS) == [
        WANTED._replace(state="FAILED", **missing, position=2),
        _ready("THUMBNAIL", 2),
    ]


def test_the_picture_stays_while_another_attempt_runs_and_when_it_fails(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(_request(), _produced(*KINDS), _request(2))
    tape.fold(tables)
    running = _ready("PROXY", 2, attempts=2)._replace(state="REQUESTED", position=3)
    assert rows(tables, RENDITIONS)[0] == running
    tape.entries.clear()
    later = Tape()
    later.add(_request(), _produced(*KINDS), _request(2), _failed(2))
    later.entries = later.entries[3:]
    later.fold(tables)
    failed = running._replace(state="FAILED", failure="It ends\ufffdearly.", failure_code="TRUNCATED", position=4)
    assert rows(tables, RENDITIONS)[0] == failed


def test_success_after_failure_clears_the_reason(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(_request(), _failed(), _request(2), _produced(*KINDS, attempt=2))
    tape.fold(tables)
    assert rows(tables, RENDITIONS) == [_ready("PROXY", 4, attempts=2), _ready("THUMBNAIL", 4, attempts=2)]


def test_inspection_is_stored_under_the_names_of_the_graphql_types(tables: Connection[Any]) -> None:
    part = Part(
        part_index=0,
        part_name="beauty",
        width=110,
        height=60,
        display_width=100,
        display_height=50,
        data_x_offset=-5,
        data_y_offset=-5,
        data_window=(-5, -5, 104, 54),
        display_window=(0, 0, 99, 49),
        compression="zip",
        channels=(Channel(channel_name="diffuse.R", layer_name="diffuse", component_name="R", channel_type="HALF"),),
        attributes=(
            Attribute(attr_name="note", attr_type="STRING", value="a\x00b \\u0000"),
            Attribute(attr_name="chromaticities", attr_type="FLOAT[8]", value=[0.64, "NaN"]),
        ),
    )
    found = Inspection(format_name="openexr", is_deep=False, frame_number=1, parts=(part,))
    tape = Tape()
    tape.add(MediaInspected(**SOURCE, attempt=1, inspection=found))
    tape.fold(tables)
    parts: Any = [
        {
            "partIndex": 0,
            "partName": "beauty",
            "viewName": None,
            "width": 110,
            "height": 60,
            "displayWidth": 100,
            "displayHeight": 50,
            "dataWindow": [-5, -5, 104, 54],
            "displayWindow": [0, 0, 99, 49],
            "compression": "zip",
            "isTiled": False,
            "pixelAspectRatio": 1.0,
            "colorSpace": None,
            "channels": [
                {
                    "channelName": "diffuse.R",
                    "layerName": "diffuse",
                    "componentName": "R",
                    "channelType": "HALF",
                    "xSampling": 1,
                    "ySampling": 1,
                }
            ],
        }
    ]
    attributes: Any = [
        {"partIndex": 0, "attrName": "note", "attrType": "STRING", "value": "a\ufffdb \\u0000"},
        {"partIndex": 0, "attrName": "chromaticities", "attrType": "FLOAT[8]", "value": [0.64, "NaN"]},
    ]
    assert rows(tables, MEDIA) == [MediaRow("media", KEY, "v1", "c569308e3b01f778", False, 1, parts, attributes, 1)]


def test_a_second_inspection_takes_the_place_of_the_first(tables: Connection[Any]) -> None:
    tape = Tape()
    shallow = Inspection(format_name="openexr", is_deep=False, frame_number=None, parts=())
    deep = Inspection(format_name="openexr", is_deep=True, frame_number=7, parts=())
    tape.add(MediaInspected(**SOURCE, attempt=1, inspection=shallow))
    tape.add(MediaInspected(**SOURCE, attempt=2, inspection=deep))
    tape.fold(tables)
    assert [(row.is_deep, row.frame_number, row.position) for row in rows(tables, MEDIA)] == [(True, 7, 2)]
