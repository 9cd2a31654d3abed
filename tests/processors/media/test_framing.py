"""Windows, aspect, orientation and size of a rendition."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from domain.media.inspection import Part, Window
from processors.media.framing import fit_size, frame_pixels, framing_of, upright


def part(data: Window, display: Window, *, aspect: float = 1.0) -> Part:
    return Part(
        part_index=0,
        width=data[2] - data[0] + 1,
        height=data[3] - data[1] + 1,
        display_width=display[2] - display[0] + 1,
        display_height=display[3] - display[1] + 1,
        data_x_offset=data[0] - display[0],
        data_y_offset=data[1] - display[1],
        data_window=data,
        display_window=display,
        pixel_aspect_ratio=aspect,
    )


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((4096, 2160), (1920, 1012)),
        ((1920, 1080), (1920, 1080)),
        ((4, 4), (4, 4)),
        ((1080, 1920), (608, 1080)),
        ((1921, 3), (1920, 3)),
        ((32768, 1), (1920, 1)),
        ((30000, 30000), (1080, 1080)),
    ],
)
def test_a_size_fits_its_box_and_never_grows(size: tuple[int, int], fitted: tuple[int, int]) -> None:
    assert fit_size(size, (1920, 1080)) == fitted


@pytest.mark.parametrize(
    ("aspect", "size"),
    [(1.0, (400, 300)), (1.5, (600, 300)), (0.67, (268, 300)), (0.0, (400, 300)), (900.0, (400, 300))],
)
def test_the_pixel_aspect_widens_once(aspect: float, size: tuple[int, int]) -> None:
    window = (0, 0, 399, 299)
    assert framing_of(part(window, window, aspect=aspect), orientation=1).size == size


def test_a_crop_lies_where_it_belongs_on_the_display_canvas() -> None:
    framing = framing_of(part((10, 20, 19, 24), (0, 0, 39, 29)), orientation=1)
    framed = frame_pixels(np.ones((5, 10, 3), np.float32), framing, is_data=False)
    lit = np.argwhere(framed[..., 0] > 0)
    assert framed.shape == (30, 40, 3)
    assert (lit.min(0).tolist(), lit.max(0).tolist(), len(lit)) == ([20, 10], [24, 19], 50)


def test_overscan_is_cut_to_the_display_window() -> None:
    pixels = np.zeros((10, 10, 1), np.float32)
    pixels[3:6, 2:8] = 1
    framing = framing_of(part((-2, -3, 7, 6), (0, 0, 5, 2)), orientation=1)
    framed = frame_pixels(pixels, framing, is_data=False)
    assert framed.shape == (3, 6, 1)
    assert framed.min() == 1


def test_windows_that_do_not_meet_show_the_data_window() -> None:
    framing = framing_of(part((0, 0, 9, 9), (10, 0, 30, 9)), orientation=1)
    framed = frame_pixels(np.ones((10, 10, 3), np.float32), framing, is_data=False)
    assert framing.shows_data_window
    assert framed.shape == (10, 10, 3)
    assert framed.min() == 1


def test_a_turned_picture_fits_the_box_after_turning() -> None:
    window = (0, 0, 3999, 2999)
    framing = framing_of(part(window, window), orientation=6)
    framed = frame_pixels(np.ones((30, 40, 3), np.float32), framing, is_data=False)
    assert framed.shape == (1080, 810, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientations_are_undone_as_pillow_undoes_them(orientation: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (6, 9, 3)).astype(np.uint8)
    image = Image.fromarray(pixels)
    exif = image.getexif()
    exif[0x112] = orientation
    stored = io.BytesIO()
    image.save(stored, "png", exif=exif)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(stored)))
    assert np.array_equal(upright(pixels.astype(np.float32), orientation), expected)


def test_data_takes_values_that_were_there() -> None:
    window = (0, 0, 3999, 3)
    pixels = np.arange(4000, dtype=np.float32).reshape(1, 4000, 1).repeat(4, axis=0)
    framing = framing_of(part(window, window), orientation=1)
    framed = frame_pixels(pixels, framing, is_data=True)
    assert np.isin(framed, pixels).all()
