"""Light in, codes out: reference values of exr_family.md section 3.2 and of IEC 61966-2-1."""

from __future__ import annotations

import numpy as np
import pytest

from processors.media.colour import CINEON_LOG, LINEAR_REC709, SRGB, ColorRule, ColorSource
from processors.media.light import _run as run
from processors.media.light import baked_view, exact_view, primaries_matrix, shrunk_codes, to_codes, to_light
from processors.media.settings import ACES_SDR_VIEW, UNTONEMAPPED_VIEW


def source(space: str) -> ColorSource:
    return ColorSource(space, ColorRule.ATTRIBUTE)


def pixel(*values: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.array([[values]], np.float32)


@pytest.mark.parametrize(
    ("space", "light", "codes"),
    [
        (LINEAR_REC709, (0.18, 0.18, 0.18), (118, 118, 118)),
        ("ACEScg", (0.18, 0.18, 0.18), (118, 118, 118)),
        ("ACEScg", (0.5, 0.1, 0.1), (229, 62, 85)),
        (LINEAR_REC709, (0.5, 0.1, 0.1), (188, 89, 89)),
        (LINEAR_REC709, (0.0, 1.0, 9.0), (0, 255, 255)),
    ],
)
def test_untonemapped_light_has_its_reference_code(
    space: str, light: tuple[float, ...], codes: tuple[int, ...]
) -> None:
    made = to_codes(to_light(pixel(*light), source(space)), source(space), UNTONEMAPPED_VIEW)
    assert np.abs(made[0, 0].astype(int) - codes).max() <= 1


def test_the_aces_view_shows_middle_grey_at_89_and_rolls_highlights_off() -> None:
    light = np.array([[[0.18] * 3, [1.0] * 3, [16.0] * 3]], np.float32)
    assert to_codes(light, source("ACEScg"), ACES_SDR_VIEW)[0, :, 1].tolist() == [89, 180, 249]


@pytest.mark.parametrize(("dtype", "codes"), [(np.uint8, 256), (np.uint16, 65536)])
def test_screen_codes_come_back_as_they_were(dtype: type[np.generic], codes: int) -> None:
    stored = np.arange(codes, dtype=np.uint32).astype(dtype).reshape(16, -1, 1).repeat(3, axis=2)
    expected = np.round(stored.astype(np.float64) / (codes - 1) * 255)
    made = to_codes(to_light(stored, source(SRGB)), source(SRGB), ACES_SDR_VIEW)
    assert np.abs(made - expected).max() <= (0 if dtype is np.uint8 else 1)


def test_the_baked_view_is_the_exact_view_within_two_codes() -> None:
    light = np.random.default_rng(3).gamma(0.5, 0.4, (64, 64, 3)).astype(np.float32)
    light = light * 0.5 + light.mean(axis=2, keepdims=True) * 0.5
    difference = np.abs(run(baked_view(ACES_SDR_VIEW), light).astype(int) - run(exact_view(ACES_SDR_VIEW), light))
    assert difference.max() <= 2


def test_many_pixels_outside_the_gamut_take_the_exact_view() -> None:
    light = np.random.default_rng(5).random((50, 50, 3)).astype(np.float32) * 8
    light[:, 0, 2] = -0.1
    exact = run(exact_view(ACES_SDR_VIEW), light)
    assert not np.array_equal(run(baked_view(ACES_SDR_VIEW), light), exact)
    assert np.array_equal(to_codes(light, source("ACEScg"), ACES_SDR_VIEW), exact)


def test_cineon_white_black_and_grey_lie_where_kodak_put_them() -> None:
    codes = np.array([[[95 / 1023] * 3, [685 / 1023] * 3, [470 / 1023] * 3]], np.float32)
    light = to_light(codes, source(CINEON_LOG))[0, :, 0]
    assert np.allclose(light, [0.0, 1.0, 0.18], atol=0.005)


def test_the_matrix_of_rec709_primaries_is_no_change_and_that_of_xyz_is_the_standards() -> None:
    rec709 = primaries_matrix((0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290))
    xyz = primaries_matrix((1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1 / 3, 1 / 3))
    assert np.allclose(rec709, np.eye(3), atol=1e-4)
    assert np.allclose(xyz[0], [3.24097, -1.53738, -0.49861], atol=1e-4)


def test_codes_are_averaged_as_light() -> None:
    stripes = np.zeros((2, 4, 3), np.uint8)
    stripes[:, ::2] = 255
    assert shrunk_codes(stripes, (2, 1)).tolist() == [[[188] * 3] * 2]
