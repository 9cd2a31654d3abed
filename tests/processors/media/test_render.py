"""Whole renditions: colour, geometry, odd files and refusals (exr_family.md section 6, C5 to C8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio
import pytest
from numpy.typing import NDArray
from PIL import Image

from processors.media.rejections import MediaRejected, RejectionCode
from processors.media.render import render
from processors.media.results import RECIPE
from processors.media.settings import ACES_SDR_VIEW, PathRule, RenderSettings

COLOR_CHECKER = {
    (0, 0): (116, 79, 65),
    (0, 1): (197, 144, 127),
    (1, 0): (224, 124, 48),
    (2, 0): (40, 62, 145),
    (2, 1): (61, 147, 70),
    (2, 2): (178, 54, 57),
    (3, 0): (241, 242, 235),
    (3, 2): (161, 163, 163),
    (3, 3): (121, 121, 121),
    (3, 5): (50, 50, 50),
}
"""Row and column of a patch; sRGB codes computed from its CIE Lab values as published in November 2014."""


def psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    error = np.mean((one.astype(float) - other.astype(float)) ** 2)
    return float(10 * np.log10(255**2 / error)) if error else 99.0


@pytest.mark.parametrize(
    ("extension", "kind", "value", "code"),
    [
        ("exr", "half", 0.18, 118),
        ("hdr", "float", 0.18, 118),
        ("tif", "float", 0.18, 118),
        ("tif", "uint16", 0.5, 128),
        ("png", "uint8", 0.5, 128),
        ("jpg", "uint8", 0.5, 128),
        ("dpx", "uint16", 0.5, 128),
        ("bmp", "uint8", 0.5, 128),
        ("tga", "uint8", 0.5, 128),
        ("gif", "uint8", 0.5, 128),
        ("webp", "uint8", 0.5, 128),
    ],
)
def test_every_format_gives_its_grey(
    write_image: Any, flat: Any, rendered: Any, extension: str, kind: str, value: float, code: int
) -> None:
    result, proxy = rendered(write_image(f"grey.{extension}", flat(64, 48, value, value, value), kind=kind))
    thumbnail = result.renditions[0]
    assert proxy.shape == (48, 64, 3)
    assert np.abs(proxy.astype(int) - code).max() <= 1
    assert (thumbnail.width, thumbnail.height, thumbnail.kind) == (64, 48, "THUMBNAIL")


def test_a_rendition_states_what_was_measured_and_decided(samples: Path, rendered: Any) -> None:
    result, proxy = rendered(samples / "exr/ACEScg_ColorChecker2014.exr", view=ACES_SDR_VIEW)
    thumbnail, file = result.renditions
    assert (file.width, file.height) == (1533, 1080) == proxy.shape[1::-1]
    assert (thumbnail.width, thumbnail.height) == (256, 180)
    assert file.size_bytes == file.path.stat().st_size
    assert (file.kind, file.content_type, file.color_space) == ("PROXY", "image/jpeg", "Rec709")
    assert (thumbnail.kind, thumbnail.color_space) == ("THUMBNAIL", "sRGB")
    assert (file.source_color_space, file.color_rule, file.view) == ("ACEScg", "FILE_NAME", ACES_SDR_VIEW)
    assert result.decision.recipe == RECIPE


def test_the_colour_checker_has_its_published_colours(samples: Path, rendered: Any) -> None:
    _, proxy = rendered(samples / "exr/ACEScg_ColorChecker2014.exr")
    for (row, column), published in COLOR_CHECKER.items():
        x, y = 158 + 243 * column, 175 + 243 * row
        patch = proxy[y - 9 : y + 9, x - 9 : x + 9].mean(axis=(0, 1))
        assert np.abs(patch - published).max() <= 2, (row, column, patch)


def test_xyz_and_luminance_chroma_render_as_their_rec709_twin(samples: Path, rendered: Any) -> None:
    _, rec709 = rendered(samples / "exr/Rec709.exr", view=ACES_SDR_VIEW)
    result, xyz = rendered(samples / "exr/XYZ.exr", view=ACES_SDR_VIEW)
    _, luminance_chroma = rendered(samples / "exr/Rec709_YC.exr", view=ACES_SDR_VIEW)
    assert psnr(rec709, xyz) > 45
    assert psnr(rec709, luminance_chroma) > 30
    assert result.decision.source_color_space == "Linear, chromaticities 1 0 0 1 0 0 0.333333 0.333333"


def test_one_and_many_parts_of_the_same_frame_show_the_same_eye(samples: Path, rendered: Any) -> None:
    single, one = rendered(samples / "exr/singlepart.0001.exr")
    multi, other = rendered(samples / "exr/multipart.0001.exr")
    assert psnr(one, other) > 45
    assert (single.decision.view_name, multi.decision.view_name) == ("left", "left")
    assert multi.decision.part_index == 4


@pytest.mark.parametrize(
    ("sample", "size"),
    [
        ("exr/t01.exr", (400, 300)),
        ("exr/t05.exr", (340, 260)),
        ("exr/t08.exr", (501, 401)),
        ("exr/t15.exr", (722, 371)),
        ("exr/t09.exr", (400, 300)),
        ("image/orient6.jpg", (384, 512)),
        ("image/tahoe-gps.jpg", (1440, 1080)),
        ("image/oiio-logo-with-alpha.png", (135, 135)),
    ],
)
def test_a_proxy_has_the_size_of_what_is_shown(
    samples: Path, rendered: Any, sample: str, size: tuple[int, int]
) -> None:
    result, proxy = rendered(samples / sample)
    assert proxy.shape[1::-1] == size
    assert (result.renditions[1].width, result.renditions[1].height) == size


def test_windows_that_do_not_meet_are_recorded(samples: Path, rendered: Any) -> None:
    result, _ = rendered(samples / "exr/t09.exr")
    assert result.decision.warnings == ("Data and display window do not meet; the data window is shown.",)


def test_an_ultra_hdr_photograph_shows_its_base_picture(samples: Path, rendered: Any) -> None:
    result, proxy = rendered(samples / "image/CandleGlass_ultrahdr.jpg")
    with Image.open(samples / "image/CandleGlass_ultrahdr.jpg") as photograph:
        base = np.asarray(photograph.convert("RGB"))
    luma = [image.astype(float).mean(axis=2) for image in (proxy, base)]
    assert np.abs(luma[0] - luma[1]).mean() < 1.5
    assert (result.decision.color_rule, result.decision.view) == ("GAIN_MAP_BASE", None)
    assert result.inspection.parts[0].channels[0].channel_type == "HALF"


def test_a_deep_file_is_flattened(tmp_path: Path, rendered: Any) -> None:
    spec = oiio.ImageSpec(64, 48, 5, "float")
    spec.channelnames = ("R", "G", "B", "A", "Z")
    flat = oiio.ImageBuf(spec)
    oiio.ImageBufAlgo.fill(flat, (0.18, 0.18, 0.18, 1.0, 5.0))
    path = tmp_path / "deep.exr"
    assert oiio.ImageBufAlgo.deepen(flat).write(str(path))
    result, proxy = rendered(path)
    assert result.inspection.is_deep
    assert np.abs(proxy.astype(int) - 118).max() <= 1


def test_depth_alone_is_normalised_and_labelled_data(write_image: Any, rendered: Any) -> None:
    depth = np.linspace(100, 900, 64, dtype=np.float32).reshape(1, 64, 1).repeat(48, axis=0)
    result, proxy = rendered(write_image("depth.exr", depth, channels=("Z",), kind="float"))
    decision = result.decision
    assert (decision.picture_kind, decision.view, decision.color_rule) == ("DATA", "data", "DATA_CHANNEL")
    assert proxy[:, 0].max() < 10
    assert proxy[:, -1].min() > 245


def test_luminance_alone_is_grey(samples: Path, rendered: Any) -> None:
    result, proxy = rendered(samples / "exr/Garden.exr")
    assert result.decision.picture_kind == "LUMINANCE"
    assert np.abs(proxy.astype(int) - proxy[..., :1]).max() <= 2


def test_nan_and_infinite_samples_are_counted_in_the_inspection(samples: Path, rendered: Any) -> None:
    result, _ = rendered(samples / "exr/BrightRingsNanInf.exr")
    assert result.inspection.non_finite_pixels == 18
    assert result.decision.warnings == ("18 NaN or infinite samples were replaced.",)


def test_a_path_rule_makes_a_log_plate_of_an_unmarked_dpx(write_image: Any, flat: Any, rendered: Any) -> None:
    plate = write_image("plate.dpx", flat(16, 16, 470 / 1023, 470 / 1023, 470 / 1023), kind="uint16")
    settings = RenderSettings(view="Un-tone-mapped", path_rules=(PathRule("plates/*.dpx", "Cineon log"),))
    result, proxy = rendered(plate, name="plates/plate.dpx", settings=settings)
    assert result.decision.source_color_space == "Cineon log"
    assert np.abs(proxy.astype(int) - 118).max() <= 2


@pytest.mark.parametrize(
    ("sample", "code", "has_header"),
    [
        ("zero.exr", RejectionCode.EMPTY, False),
        ("text.exr", RejectionCode.UNREADABLE, False),
        ("trunc50.exr", RejectionCode.TRUNCATED, True),
        ("trunc50.jpg", RejectionCode.TRUNCATED, True),
        ("lie_100k.png", RejectionCode.TOO_LARGE, False),
        ("lie_dw_100k.exr", RejectionCode.TOO_LARGE, False),
        ("trunc.mp4", RejectionCode.UNREADABLE, False),
    ],
)
def test_a_bad_file_is_refused_by_name_and_code(
    samples: Path, tmp_path: Path, sample: str, code: RejectionCode, has_header: bool
) -> None:
    with pytest.raises(MediaRejected) as refused:
        render(samples / "malformed" / sample, tmp_path, name=f"in/{sample}")
    assert refused.value.code is code
    assert f"in/{sample}" in refused.value.message
    assert str(samples) not in refused.value.message
    assert (refused.value.inspection is not None) is has_header
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sample", ["exr_as.png", "latin1_owner.exr"])
def test_a_wrong_name_or_odd_text_is_no_reason_to_refuse(samples: Path, rendered: Any, sample: str) -> None:
    result, proxy = rendered(samples / "malformed" / sample)
    assert result.inspection.format_name == "openexr"
    assert proxy.mean() > 20
