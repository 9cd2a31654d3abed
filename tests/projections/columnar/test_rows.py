"""Which rows each event makes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import msgspec
import pytest

from domain.files.events import FileMovedAway, FilePlace
from domain.media.identity import file_id
from projections.columnar.rows.headers import header_hash, normalized, time_code, typed_values
from projections.columnar.rows.times import clock_time, whole_seconds
from tests.projections.columnar.events import attribute, channel, inspected, part, produced
from tests.projections.columnar.striking import Striking
from tests.projections.vams.samples import ASSET, WRITTEN, asset, observed, stored, uploaded
from tests.projections.vams.tape import Tape, at

PATH = "a.0001.exr"
KEY = f"library/shot_010/{PATH}"
FILE_ID = file_id(KEY, WRITTEN)


def struck(striking: Striking, tape: Tape) -> Striking:
    striking.strike(tape.entries)
    return striking


def test_an_inspection_gives_a_row_of_files(striking: Striking) -> None:
    tape = Tape()
    event = inspected(PATH, parts=(part(), part(1, is_deep=True)))
    tape.add(event)
    assert struck(striking, tape).rows("files") == [
        {
            "file_id": FILE_ID,
            "file_path": KEY,
            "file_path_normalized": KEY,
            "header_hash": header_hash(event.inspection),
            "size_bytes": 1000,
            "mtime": "2026-04-01T00:00:00+00:00",
            "multipart_count": 2,
            "is_deep": True,
            "metadata_embedding": None,
            "frame_number": 1,
            "inspection_timestamp": "2026-11-21T09:00:01.000000+00:00",
            "inspection_count": 1,
            "last_inspected": "2026-11-21T09:00:01.000000+00:00",
        }
    ]


def test_parts_keep_both_windows(striking: Striking) -> None:
    tape = Tape()
    tape.add(inspected(PATH, parts=(part(part_name="beauty", pixel_aspect_ratio=2.0, line_order="increasingY"),)))
    assert struck(striking, tape).rows("parts") == [
        {
            "file_id": FILE_ID,
            "file_path": KEY,
            "part_index": 0,
            "width": 960,
            "height": 540,
            "display_width": 800,
            "display_height": 450,
            "data_x_offset": -80,
            "data_y_offset": -45,
            "part_name": "beauty",
            "view_name": None,
            "multi_view": False,
            "data_window": "[-80,-45,879,494]",
            "display_window": "[0,0,799,449]",
            "pixel_aspect_ratio": 2.0,
            "line_order": "increasingY",
            "compression": "zip",
            "color_space": None,
            "render_software": None,
            "is_tiled": False,
            "tile_width": 0,
            "tile_height": 0,
            "tile_depth": 1,
            "is_deep": False,
        }
    ]


def test_channels_keep_their_sampling_and_layer(striking: Striking) -> None:
    tape = Tape()
    channels = (channel("light.key.R", "FLOAT"), channel("RY", x_sampling=2, y_sampling=2))
    tape.add(inspected(PATH, parts=(msgspec.structs.replace(part(), channels=channels),)))
    same = {"file_id": FILE_ID, "file_path": KEY, "part_index": 0, "channel_fingerprint": None}
    assert struck(striking, tape).rows("channels") == [
        same
        | {"channel_name": "RY", "layer_name": "", "component_name": "RY", "channel_type": "HALF"}
        | {"x_sampling": 2, "y_sampling": 2},
        same
        | {"channel_name": "light.key.R", "layer_name": "light.key", "component_name": "R", "channel_type": "FLOAT"}
        | {"x_sampling": 1, "y_sampling": 1},
    ]


def test_attributes_have_a_value_of_each_kind_they_can_have(striking: Striking) -> None:
    tape = Tape()
    tape.add(inspected(PATH, parts=(part(attributes=(attribute("ISO", "UINT64", 2**63),)),)))
    assert struck(striking, tape).rows("attributes") == [
        {
            "file_id": FILE_ID,
            "file_path": KEY,
            "part_index": 0,
            "attr_name": "ISO",
            "attr_type": "UINT64",
            "value_json": "9223372036854775808",
            "value_text": None,
            "value_int": None,
            "value_float": 2.0**63,
        }
    ]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("STRING", "acme", ("acme", None, None)),
        ("STRING", "NaN", ("NaN", None, None)),
        ("INT", -3, (None, -3, -3.0)),
        ("FLOAT", 0.5, (None, None, 0.5)),
        ("FLOAT", "-Infinity", (None, None, float("-inf"))),
        ("RATIONAL", [24000, 1001], (None, None, 24000 / 1001)),
        ("RATIONAL", [1, 0], (None, None, None)),
        ("TIMECODE", [0x01234512, 0], ("01:23:45:12", None, None)),
        ("FLOAT[2]", [1.0, 2.0], (None, None, None)),
        ("INT", True, (None, None, None)),
    ],
)
def test_the_typed_values_of_an_attribute(kind: str, value: object, expected: tuple[object, ...]) -> None:
    assert typed_values(kind, value) == expected


def test_flags_in_the_bits_between_the_digits_of_a_time_code_are_not_digits() -> None:
    assert time_code(0x23595929 | 0x40 | 0x80 | 0x8000) == "23:59:59:29"


def test_renditions_give_one_row_with_their_true_sizes(striking: Striking) -> None:
    tape = Tape()
    tape.add(produced(PATH), produced(PATH, attempt=2, width=1280))
    (row,) = struck(striking, tape).rows("proxy_outputs")
    assert row.pop("proxy_id") != ""
    assert row == {
        "file_id": FILE_ID,
        "s3_key": KEY,
        "s3_bucket": "media",
        "asset_id": "24dcbeb85f677445",
        "thumbnail_s3_key": f"library/shot_010/.proxies/{PATH}_thumbnail.jpg",
        "proxy_s3_key": f"library/shot_010/.proxies/{PATH}_proxy.jpg",
        "thumbnail_size_bytes": 2560,
        "proxy_size_bytes": 12800,
        "source_size_bytes": 1000,
        "source_colorspace": "lin_ap1_scene",
        "thumb_colorspace": "sRGB",
        "proxy_colorspace": "Rec709",
        "thumb_resolution": "256x144",
        "proxy_resolution": "1280x1080",
        "processing_time_seconds": 0.25,
        "generated_timestamp": "2026-11-21T09:00:02.000000+00:00",
        "generator_version": "picture/1",
    }


def test_a_file_version_gives_a_link_and_the_older_one_is_no_longer_the_latest(striking: Striking) -> None:
    tape = Tape()
    tape.add(uploaded(PATH), observed("b.exr"))
    striking.strike(tape.entries)
    later = WRITTEN + timedelta(seconds=5)
    tape.add(msgspec.structs.replace(observed(PATH), stored=stored(PATH, "v2", last_modified=later)))
    striking.strike(tape.entries[2:])
    first = {
        "database_id": "shows",
        "asset_id": "shot_010",
        "path": PATH,
        "s3_bucket": "media",
        "s3_key": KEY,
        "s3_version_id": "v1",
        "file_id": FILE_ID,
        "size_bytes": 1000,
        "etag": "etag-v1",
        "last_modified": WRITTEN,
        "is_latest": False,
        "is_archived": False,
        "position": 1,
        "changed_position": 3,
        "asset_key": "shows/shot_010",
    }
    rows = striking.rows("asset_files")
    assert rows[0] == first
    assert rows[1] == first | {
        "s3_version_id": "v2",
        "file_id": file_id(KEY, later),
        "etag": "etag-v2",
        "last_modified": later,
        "is_latest": True,
        "position": 3,
    }
    assert [(row["path"], row["is_latest"]) for row in rows[2:]] == [("b.exr", True)]


def test_a_file_that_moved_away_has_no_latest_link_until_another_comes(striking: Striking) -> None:
    tape = Tape()
    place = FilePlace(**ASSET, path="b.exr")
    tape.add(uploaded(PATH), FileMovedAway(**ASSET, path=PATH, transfer_id="t1", destination=place))
    striking.strike(tape.entries[:1])
    striking.strike(tape.entries[1:])
    assert [(row["s3_version_id"], row["is_latest"]) for row in striking.rows("asset_files")] == [("v1", False)]
    tape.add(uploaded(PATH, "v2"))
    striking.strike(tape.entries[2:])
    links = [(row["s3_version_id"], row["is_latest"]) for row in striking.rows("asset_files")]
    assert links == [("v1", False), ("v2", True)]
    striking.create(2)
    striking.strike(tape.entries, generation=2)
    assert striking.differences(generation=2) == []


def test_every_event_is_a_row_of_events(striking: Striking) -> None:
    tape = Tape()
    tape.add(asset(), uploaded(PATH))
    rows = struck(striking, tape).rows("events")
    assert rows[0] == {
        "position": 1,
        "event_type": "AssetCreated",
        "recorded_at": at(1),
        "actor": "user:ada",
        "correlation_id": "request-1",
        "causation_position": None,
        "database_id": "shows",
        "asset_id": "shot_010",
        "path": None,
        "stream_id": str(tape.entries[0].stream_id),
        "revision": 1,
        "payload": msgspec.json.encode(asset()).decode(),
    }
    assert [(row["event_type"], row["path"]) for row in rows] == [("AssetCreated", None), ("FileUploaded", PATH)]


def test_another_inspection_replaces_the_rows_of_the_file_and_counts(striking: Striking) -> None:
    tape = Tape()
    tape.add(inspected(PATH, parts=(part(), part(1))), inspected("b.exr"))
    striking.strike(tape.entries)
    tape.add(inspected(PATH, attempt=3, parts=(part(channels=("Z",)),)))
    striking.strike(tape.entries[2:])
    counts = {row["file_path"]: row["inspection_count"] for row in striking.rows("files")}
    assert counts == {KEY: 2, "library/shot_010/b.exr": 1}
    mine = [row["channel_name"] for row in striking.rows("channels") if row["file_id"] == FILE_ID]
    assert mine == ["Z"]
    assert len(striking.rows("parts")) == 2


def test_a_file_without_channels_leaves_none_of_its_earlier_ones(striking: Striking) -> None:
    tape = Tape()
    tape.add(inspected(PATH))
    striking.strike(tape.entries)
    tape.add(inspected(PATH, attempt=2, parts=()))
    striking.strike(tape.entries[1:])
    assert striking.rows("channels") == []
    assert striking.rows("parts") == []


def test_two_versions_of_one_second_share_a_row(striking: Striking) -> None:
    """The formula of file_id knows neither version nor bucket, and file_id is the key."""
    tape = Tape()
    tape.add(inspected(PATH, "v1", size_bytes=1), inspected(PATH, "v2", size_bytes=2))
    rows = struck(striking, tape).rows("files")
    assert [(row["file_id"], row["size_bytes"], row["inspection_count"]) for row in rows] == [(FILE_ID, 2, 1)]


@pytest.mark.parametrize(
    ("key", "expected"),
    [("a//b/./c/../D.exr", "a/b/D.exr"), ("../a.exr", "a.exr"), ("/a.exr", "a.exr")],
)
def test_a_normalized_path_keeps_its_case_and_nothing_of_the_machine(key: str, expected: str) -> None:
    assert normalized(key) == expected


def test_times_are_utc_whatever_zone_they_come_in() -> None:
    moment = datetime(2026, 4, 1, 2, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    assert whole_seconds(moment) == "2026-04-01T00:00:00+00:00"
    assert clock_time(moment) == "2026-04-01T00:00:00.000005+00:00"
