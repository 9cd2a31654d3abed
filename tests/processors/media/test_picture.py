"""Pixels read in bands, with bad values, alpha, mip levels and depth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio
import pytest

from processors.media.choice import PictureChoice, PictureKind
from processors.media.colour import LINEAR_REC709, SRGB, ColorRule, ColorSource
from processors.media.limits import Limits
from processors.media.picture import Picture, normalised_codes, read_picture
from processors.media.reader import open_image, prepare_reader

LINEAR = ColorSource(LINEAR_REC709, ColorRule.ATTRIBUTE)
SCREEN = ColorSource(SRGB, ColorRule.READER)


def read(
    path: Path,
    *,
    target: tuple[int, int],
    source: ColorSource = LINEAR,
    kind: PictureKind = PictureKind.COLOUR,
    channels: tuple[int, ...] = (0, 1, 2),
    alpha: int | None = None,
    limits: Limits | None = None,
) -> Picture:
    limits = limits or Limits()
    prepare_reader(limits)
    choice = PictureChoice(0, "", None, kind, channels, alpha)
    image = open_image(path, path.name)
    return read_picture(image, choice, source, target=target, limits=limits, name=path.name)


def ramp(width: int, height: int) -> Any:
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.stack([rows / height, columns / width, rows * 0 + 0.5], axis=-1)


@pytest.mark.parametrize("tile", [0, 64])
@pytest.mark.parametrize("size", [(512, 384), (509, 383)])
def test_a_large_part_read_in_bands_averages_to_the_same_picture(
    write_image: Any, tile: int, size: tuple[int, int]
) -> None:
    attributes = {"compression": "zip"}
    pixels = ramp(*size)
    path = write_image("ramp.exr", pixels, kind="float", attributes=attributes)
    if tile:
        tiled = oiio.ImageBuf(str(path))
        tiled.set_write_tiles(tile, tile)
        path = path.with_name("tiled.exr")
        assert tiled.write(str(path)), tiled.geterror()
    whole = read(path, target=size).pixels
    shrunk = read(path, target=(120, 90), limits=Limits(whole_read_px=1000)).pixels
    assert np.array_equal(whole, pixels)
    assert shrunk.shape == (96, 120, 3)
    assert np.abs(shrunk.mean(axis=(0, 1)) - pixels.mean(axis=(0, 1))).max() < 0.005


def test_nan_and_infinities_are_counted_and_replaced_before_averaging(write_image: Any, flat: Any) -> None:
    pixels = flat(64, 64, 0.5, 0.5, 0.5)
    pixels[3, 4, 0], pixels[5, 6, 1], pixels[7, 8, 2] = np.nan, np.inf, -np.inf
    picture = read(write_image("bad.exr", pixels), target=(8, 8))
    assert picture.non_finite_samples == 3
    assert np.isfinite(picture.pixels).all()


def test_the_count_is_oiiotools(samples: Path) -> None:
    path = samples / "exr/BrightRingsNanInf.exr"
    stats = oiio.ImageBufAlgo.computePixelStats(oiio.ImageBuf(str(path)))
    picture = read(path, target=(800, 800))
    assert picture.non_finite_samples == sum(stats.nancount) + sum(stats.infcount) == 18


def test_a_screens_picture_with_alpha_lies_over_middle_grey(tmp_path: Path) -> None:
    path = tmp_path / "alpha.png"
    spec = oiio.ImageSpec(3, 1, 4, "uint8")
    spec.attribute("oiio:UnassociatedAlpha", 1)
    output = oiio.ImageOutput.create(str(path))
    assert output is not None
    assert output.open(str(path), spec)
    output.write_image(np.array([[[255, 0, 0, 255], [255, 0, 0, 0], [255, 255, 255, 51]]], np.uint8))
    output.close()
    light = read(path, target=(3, 1), source=SCREEN, alpha=3).pixels[0]
    expected = np.array([[1, 0, 0], [0.18, 0.18, 0.18], [0.344, 0.344, 0.344]])
    assert np.allclose(light, expected, atol=1e-4)


def test_a_scene_with_alpha_lies_over_black_as_it_was_rendered(write_image: Any, flat: Any) -> None:
    path = write_image("scene.exr", flat(4, 4, 0.25, 0.25, 0.25, 0.5), channels=("R", "G", "B", "A"))
    assert read(path, target=(4, 4), alpha=3).pixels[0, 0].tolist() == [0.25] * 3


def test_the_smallest_mip_level_that_is_large_enough_is_read(samples: Path) -> None:
    path = samples / "exr/ColorCodedLevels.exr"
    sizes = [read(path, target=(side, side)).pixels.shape[0] for side in (512, 300, 256, 100, 1)]
    assert sizes == [512, 512, 256, 128, 1]


def test_only_the_wanted_channels_are_kept_in_their_order(write_image: Any) -> None:
    pixels = np.broadcast_to(np.arange(5, dtype=np.float32), (4, 4, 5))
    path = write_image("many.exr", pixels, channels=("R", "G", "B", "x.u", "x.v"))
    assert read(path, target=(4, 4), channels=(2, 0, 4)).pixels[0, 0].tolist() == [2, 0, 4]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        (np.linspace(100, 200, 101).reshape(1, 101, 1), [0, 128, 255]),
        (np.full((1, 101, 1), 7.0), [255, 255, 255]),
        (np.zeros((1, 101, 1)), [0, 0, 0]),
    ],
)
def test_data_is_stretched_from_its_first_to_its_last_percentile(values: Any, codes: list[int]) -> None:
    seen = normalised_codes(values.astype(np.float32))
    assert seen.shape == (1, 101, 3)
    assert seen[0, [0, 50, 100], 1].tolist() == codes
