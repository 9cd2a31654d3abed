"""Header rows of real files, as the media processor inspects them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.media.events import MediaInspected
from domain.media.inspection import Inspection
from processors.media.inspection import inspect
from processors.media.limits import Limits
from processors.media.reader import open_image
from projections.columnar.rows.fold import arrow
from projections.columnar.rows.headers import Inspected, attribute_table, channel_table, identity, part_rows
from projections.columnar.tables import PARTS
from tests.projections.columnar.events import source
from tests.projections.columnar.striking import Rows, Striking
from tests.projections.vams.tape import Tape


def inspection(path: Path) -> Inspection:
    image = open_image(path, path.name)
    try:
        return inspect(image, path, name=path.name, limits=Limits())
    finally:
        image.close()


def event(path: Path) -> MediaInspected:
    return MediaInspected(**source(path.name), attempt=1, inspection=inspection(path))


def inspected(path: Path) -> Inspected:
    found = event(path)
    return identity(found), found


def attributes(path: Path) -> dict[str, dict[str, Any]]:
    rows: Rows = attribute_table([inspected(path)]).to_pylist()
    return {row["attr_name"]: row for row in rows}


def test_overscan_keeps_its_display_window(samples: Path) -> None:
    (row,) = arrow(PARTS, part_rows([inspected(samples / "exr" / "t05.exr")])).to_pylist()
    windows = {
        "width": 400,
        "height": 300,
        "display_width": 340,
        "display_height": 260,
        "data_x_offset": -30,
        "data_y_offset": -20,
        "data_window": "[0,0,399,299]",
        "display_window": "[30,20,369,279]",
        "line_order": "increasingY",
        "compression": "piz",
    }
    assert {name: row[name] for name in windows} == windows


def test_chroma_channels_keep_their_sampling(samples: Path) -> None:
    rows = channel_table([inspected(samples / "exr" / "Rec709_YC.exr")]).to_pylist()
    found = {row["channel_name"]: (row["channel_type"], row["x_sampling"], row["y_sampling"]) for row in rows}
    assert found == {"BY": ("HALF", 2, 2), "RY": ("HALF", 2, 2), "Y": ("HALF", 1, 1)}


def test_every_part_and_layer_of_a_multipart_file_has_rows(samples: Path) -> None:
    found = inspected(samples / "exr" / "multipart.0001.exr")
    parts = arrow(PARTS, part_rows([found])).to_pylist()
    channels = channel_table([found]).to_pylist()
    names = "rgba_right depth_left forward_left whitebarmask_left rgba_left depth_right forward_right disparityL"
    assert [part["part_name"] for part in parts] == [*names.split(), "disparityR", "whitebarmask_right"]
    assert {channel["part_index"] for channel in channels} == set(range(10))


def test_attributes_of_a_real_header_have_typed_values(samples: Path) -> None:
    photo, scan = (attributes(samples / "image" / name) for name in ("tahoe-gps.jpg", "dpx_nuke_10bits_rgb.dpx"))
    assert _values(photo["Model"]) == ("STRING", '"T-Mobile G1"', "T-Mobile G1", None, None)
    assert _values(photo["Orientation"]) == ("UINT16", "1", None, 1, 1.0)
    assert _values(photo["XResolution"]) == ("FLOAT", "72.0", None, None, 72.0)
    assert _values(photo["GPS:VersionID"]) == ("INT[4]", "[2,2,0,0]", None, None, None)
    assert _values(scan["smpte:TimeCode"]) == ("TIMECODE", "[0,0]", "00:00:00:00", None, None)


def _values(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["attr_type"], row["value_json"], row["value_text"], row["value_int"], row["value_float"]


def _readable(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.suffix not in (".mp4", ".md"))


@pytest.mark.parametrize("kind", ["exr", "image"])
def test_every_sample_is_printed_and_printed_alike(samples: Path, striking: Striking, kind: str) -> None:
    tape = Tape()
    for path in _readable(samples / kind):
        tape.add(event(path))
    striking.strike(tape.entries)
    striking.create(2)
    for entry in tape.entries:
        striking.strike([entry], generation=2)
    assert len(striking.rows("files")) == len(tape.entries)
    assert striking.differences(generation=2) == []
