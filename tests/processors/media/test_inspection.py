"""Inspection says what oiiotool --info -v says, with windows and sampling that are true."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import OpenImageIO as oiio
import pytest

from domain.media.inspection import Inspection
from processors.media.inspection import inspect
from processors.media.limits import Limits
from processors.media.reader import open_image, prepare_reader
from processors.media.rejections import MediaRejected, RejectionCode

COMPARED = [
    "exr/t05.exr",
    "exr/t09.exr",
    "exr/multipart.0001.exr",
    "exr/singlepart.0001.exr",
    "exr/cornellBox_CryptoWildcard.0001.exr",
    "exr/XYZ.exr",
    "exr/Fog.exr",
    "exr/composited.exr",
    "image/tahoe-gps.jpg",
    "image/CandleGlass_ultrahdr.jpg",
    "image/oiio-logo-with-alpha.png",
    "image/quad-tile.tif",
    "image/dpx_nuke_10bits_rgb.dpx",
    "image/1.webp",
    "malformed/exr_as.png",
    "malformed/latin1_owner.exr",
]


def inspected(path: Path, *, name: str | None = None, limits: Limits | None = None) -> Inspection:
    limits = limits or Limits()
    prepare_reader(limits)
    name = name or path.name
    return inspect(open_image(path, name), path, name=name, limits=limits)


def oiiotool_parts(path: Path) -> list[dict[str, Any]]:
    """What the wheel's oiiotool prints of each part: attribute names, channels, windows."""
    tool = Path(sys.executable).with_name("oiiotool")
    printed = subprocess.run([tool, "--info", "-v", "-a", path], capture_output=True, check=True).stdout.decode(
        "latin-1"
    )
    blocks = re.split(r"^ subimage +\d+: ", printed, flags=re.MULTILINE)
    blocks = blocks[1:] if len(blocks) > 1 else [printed.partition(" : ")[2]]
    return [_printed_part(block) for block in blocks]


def _printed_part(block: str) -> dict[str, Any]:
    width, height = map(int, re.search(r"(\d+) x +(\d+),", block).groups())  # type: ignore[union-attr]
    origin = re.search(r"pixel data origin: x=(-?\d+), y=(-?\d+)", block)
    size = re.search(r"full/display size: (\d+) x (\d+)", block)
    display_origin = re.search(r"full/display origin: (-?\d+), (-?\d+)", block)
    x, y = map(int, origin.groups()) if origin else (0, 0)
    full = tuple(map(int, size.groups())) if size else (width, height)
    full_x, full_y = map(int, display_origin.groups()) if display_origin else (x, y)
    channels = re.search(r"channel list: (.*)", block)
    assert channels
    return {
        "names": set(re.findall(r"^    (\S[^ ]*): ", block, flags=re.MULTILINE)),
        "channels": re.sub(r" \(\w+\)", "", channels.group(1)).split(", "),
        "data": (x, y, x + width - 1, y + height - 1),
        "display": (full_x, full_y, full_x + full[0] - 1, full_y + full[1] - 1),
    }


@pytest.mark.parametrize("sample", COMPARED)
def test_parts_are_those_of_oiiotool(samples: Path, sample: str) -> None:
    parts = inspected(samples / sample).parts
    assert [
        {
            "names": {attribute.attr_name for attribute in part.attributes},
            "channels": [channel.channel_name for channel in part.channels],
            "data": part.data_window,
            "display": part.display_window,
        }
        for part in parts
    ] == oiiotool_parts(samples / sample)


def test_overscan_has_its_true_display_size_and_negative_offsets(samples: Path) -> None:
    (part,) = inspected(samples / "exr/t05.exr").parts
    assert (part.width, part.height) == (400, 300)
    assert (part.display_width, part.display_height) == (340, 260)
    assert (part.data_x_offset, part.data_y_offset) == (-30, -20)
    assert part.data_window == (0, 0, 399, 299)
    assert part.display_window == (30, 20, 369, 279)
    assert part.line_order == "increasingY"
    assert part.compression == "piz"


def test_subsampled_channels_keep_their_own_names_and_sampling(samples: Path) -> None:
    (part,) = inspected(samples / "exr/Rec709_YC.exr").parts
    assert [(c.channel_name, c.channel_type, c.x_sampling, c.y_sampling) for c in part.channels] == [
        ("BY", "HALF", 2, 2),
        ("RY", "HALF", 2, 2),
        ("Y", "HALF", 1, 1),
    ]


def test_layer_is_the_text_before_the_last_dot(samples: Path) -> None:
    (part,) = inspected(samples / "exr/singlepart.0001.exr").parts
    by_name = {channel.channel_name: channel for channel in part.channels}
    assert (by_name["forward.left.u"].layer_name, by_name["forward.left.u"].component_name) == (
        "forward.left",
        "u",
    )
    assert (by_name["R"].layer_name, by_name["R"].component_name) == ("", "R")
    assert part.multi_view


def test_every_part_of_a_stereo_file_has_its_name_and_view(samples: Path) -> None:
    found = inspected(samples / "exr/multipart.0001.exr")
    assert found.frame_number == 1
    assert [(part.part_name, part.view_name) for part in found.parts[:2]] == [
        ("rgba_right", "right"),
        ("depth_left", "left"),
    ]


def test_text_that_is_not_utf8_is_read_as_latin1(samples: Path) -> None:
    (part,) = inspected(samples / "malformed/latin1_owner.exr").parts
    values = {attribute.attr_name: attribute.value for attribute in part.attributes}
    assert values["Copyright"] == "©opyright 2005 Industrial Light & Magic"


@pytest.mark.parametrize("sample", COMPARED)
def test_every_inspection_encodes_as_json(samples: Path, sample: str) -> None:
    found = inspected(samples / sample)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Inspection) == found


def test_the_reader_decides_the_format_and_not_the_name(samples: Path) -> None:
    assert inspected(samples / "malformed/exr_as.png").format_name == "openexr"


def test_a_long_attribute_is_kept_as_its_size_and_hash(write_image: Any, flat: Any) -> None:
    manifest = "x" * 5000
    path = write_image("long.exr", flat(8, 8, 0.1, 0.1, 0.1), attributes={"manifest": manifest})
    (part,) = inspected(path, limits=Limits(attribute_bytes=4999)).parts
    values = {attribute.attr_name: attribute.value for attribute in part.attributes}
    assert values["manifest"] == {
        "truncated": True,
        "sizeBytes": 5000,
        "sha256": hashlib.sha256(manifest.encode()).hexdigest(),
    }
    (whole,) = inspected(path, limits=Limits(attribute_bytes=5000)).parts
    assert manifest in [attribute.value for attribute in whole.attributes]


def test_values_that_json_lacks_become_words(write_image: Any, flat: Any) -> None:
    path = write_image("nan.exr", flat(8, 8, 0.1, 0.1, 0.1), attributes={"gain": float("nan"), "top": float("inf")})
    (part,) = inspected(path).parts
    values = {attribute.attr_name: attribute.value for attribute in part.attributes}
    assert (values["gain"], values["top"]) == ("NaN", "Infinity")


def test_more_parts_than_the_limit_are_refused(samples: Path) -> None:
    with pytest.raises(MediaRejected) as refused:
        inspected(samples / "exr/multipart.0001.exr", limits=Limits(part_count=9))
    assert refused.value.code is RejectionCode.TOO_LARGE
    assert len(inspected(samples / "exr/multipart.0001.exr", limits=Limits(part_count=10)).parts) == 10


def test_a_deep_part_is_marked_deep(tmp_path: Path) -> None:
    path = write_deep(tmp_path / "deep.exr", (0.18, 0.2, 0.3, 1.0, 5.0))
    assert inspected(path).is_deep


def write_deep(path: Path, values: tuple[float, ...]) -> Path:
    spec = oiio.ImageSpec(64, 48, 5, "float")
    spec.channelnames = ("R", "G", "B", "A", "Z")
    flat = oiio.ImageBuf(spec)
    oiio.ImageBufAlgo.fill(flat, values)
    deep = oiio.ImageBufAlgo.deepen(flat)
    assert deep.write(str(path)), deep.geterror()
    return path
