"""Turns stored values into linear light, so that pixels can be averaged, and light into what a screen shows.

A scene goes to ACEScg, and ACEScg through a view to the display. Sources that were made for a screen already
take no view.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
import PyOpenColorIO as ocio
from numpy.typing import NDArray

from processors.media.colour import (
    CINEON_LOG,
    LINEAR_REC709,
    SRGB,
    ColorSource,
    color_config,
    is_display_referred,
    is_scene_linear,
)
from processors.media.framing import Pixels
from processors.media.settings import ACES_SDR_VIEW

WORKING_SPACE = "ACEScg"
DISPLAY = "sRGB - Display"
Codes = NDArray[np.uint8]

LUT_SIZE = 65
LUT_TOP = 128.0
LUT_LIFT = 0.005
"""The shaper is log2(light + lift) on light 0 to 128: fine steps in the shadows, a finite value at zero."""
NEGATIVE_SHARE_LIMIT = 0.01
"""Above this share of pixels outside ACEScg the exact view runs: the baked table is coarsest at that edge."""

XYZ_TO_REC709 = np.array(
    [
        [3.2409699, -1.5373832, -0.4986108],
        [-0.9692436, 1.8759675, 0.0415551],
        [0.0556301, -0.2039770, 1.0569715],
    ]
)
"""IEC 61966-2-1, to seven digits."""


def light_space(source: ColorSource) -> str:
    """The linear space that `to_light` gives for this source."""
    if is_scene_linear(source.space):
        return source.space
    if source.space == CINEON_LOG or is_display_referred(source.space):
        return LINEAR_REC709
    return WORKING_SPACE


def to_light(values: NDArray[Any], source: ColorSource) -> Pixels:
    """Stored values as linear light in the source's `light_space`; whole numbers span their type's range."""
    if is_scene_linear(source.space):
        return _unit_floats(values)
    if source.space == SRGB and values.dtype in (np.uint8, np.uint16):
        return _from_table(values)
    floats = _unit_floats(values)
    if source.space == CINEON_LOG:
        return _cineon_light(floats)
    if floats.shape[2] == 1:
        return _applied(source.space, light_space(source), np.repeat(floats, 3, axis=2))[..., :1]
    return _applied(source.space, light_space(source), floats)


def to_codes(light: Pixels, source: ColorSource, view: str) -> Codes:
    """sRGB codes of an H x W x 3 picture in the source's `light_space`; scenes go through the view."""
    if source.space != CINEON_LOG and is_display_referred(source.space):
        return _run(_display_encoder(), light)
    working = _working_light(light, source)
    if view == ACES_SDR_VIEW and _negative_share(working) <= NEGATIVE_SHARE_LIMIT:
        return _run(baked_view(view), working)
    return _run(exact_view(view), working)


def shrunk_codes(codes: Codes, size: tuple[int, int]) -> Codes:
    """sRGB codes averaged to a smaller size in linear light."""
    if size == (codes.shape[1], codes.shape[0]):
        return codes
    shrunk = cv2.resize(_from_table(codes), size, interpolation=cv2.INTER_AREA)
    return _run(_display_encoder(), np.ascontiguousarray(shrunk, np.float32))


def primaries_matrix(primaries: tuple[float, ...]) -> NDArray[np.float64]:
    """RGB to linear Rec.709 through CIE XYZ, with no chromatic adaptation.

    `primaries` are x, y of red, green, blue and white; the derivation is SMPTE RP 177's.
    """
    x, y = np.array(primaries[0:6:2]), np.array(primaries[1:6:2])
    rgb = np.array([x, y, 1 - x - y])
    white = np.array([primaries[6], primaries[7], 1 - primaries[6] - primaries[7]]) / primaries[7]
    to_xyz = rgb * np.linalg.solve(rgb, white)
    return np.asarray(XYZ_TO_REC709 @ to_xyz, np.float64)


@cache
def exact_view(view: str) -> ocio.CPUProcessor:
    """ACEScg to 8-bit sRGB codes through the config's own view."""
    return _codes_processor(ocio.DisplayViewTransform(src=WORKING_SPACE, display=DISPLAY, view=view))


@cache
def baked_view(view: str) -> ocio.CPUProcessor:
    """The same view from a table of 65^3 colours behind a logarithmic shaper, ten times as fast."""
    stops = np.log2([LUT_LIFT, LUT_TOP + LUT_LIFT])
    slope = 1 / (stops[1] - stops[0])
    shaper = ocio.LogAffineTransform(
        logSideSlope=[slope] * 3, logSideOffset=[-slope * stops[0]] * 3, linSideOffset=[LUT_LIFT] * 3
    )
    steps = np.exp2(np.linspace(stops[0], stops[1], LUT_SIZE)) - LUT_LIFT
    red, green, blue = np.meshgrid(steps, steps, steps, indexing="ij")
    colours = np.stack([red, green, blue], axis=-1).astype(np.float32).reshape(-1, 3)
    view_transform = ocio.DisplayViewTransform(src=WORKING_SPACE, display=DISPLAY, view=view)
    color_config().getProcessor(view_transform).getDefaultCPUProcessor().applyRGB(colours)
    table = ocio.Lut3DTransform(gridSize=LUT_SIZE)
    table.setInterpolation(ocio.INTERP_TETRAHEDRAL)
    table.setData(colours.reshape(-1))
    return _codes_processor(ocio.GroupTransform([shaper, table]))


def _working_light(light: Pixels, source: ColorSource) -> Pixels:
    if source.primaries:
        matrix = primaries_matrix(source.primaries).astype(np.float32)
        light = np.ascontiguousarray(light @ matrix.T, np.float32)
    return _applied(light_space(source), WORKING_SPACE, light)


def _negative_share(light: Pixels) -> float:
    lowest = np.minimum(np.minimum(light[..., 0], light[..., 1]), light[..., 2])
    return float(np.mean(lowest < 0))


def _unit_floats(values: NDArray[Any]) -> Pixels:
    if np.issubdtype(values.dtype, np.integer):
        return values.astype(np.float32) / np.float32(np.iinfo(values.dtype).max)
    return values.astype(np.float32, copy=False)


@cache
def _srgb_table(length: int) -> NDArray[np.float32]:
    """Light of each sRGB code (IEC 61966-2-1)."""
    codes = np.arange(length) / (length - 1)
    return np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _from_table(codes: NDArray[Any]) -> Pixels:
    table = _srgb_table(int(np.iinfo(codes.dtype).max) + 1)
    if codes.dtype == np.uint8:
        return np.asarray(cv2.LUT(codes, table), np.float32).reshape(codes.shape)
    return np.take(table, codes)


def _cineon_light(density: Pixels) -> Pixels:
    """Kodak's 10-bit Cineon conversion: white at 685, black at 95, 0.002 density a code, film gamma 0.6."""
    black = 10 ** ((95 - 685) * 0.002 / 0.6)
    light = (np.power(10, (density * 1023 - 685) * (0.002 / 0.6)) - black) / (1 - black)
    return np.asarray(light, np.float32)


@cache
def _display_encoder() -> ocio.CPUProcessor:
    return _codes_processor(ocio.ColorSpaceTransform(src=LINEAR_REC709, dst=SRGB))


def _codes_processor(transform: ocio.Transform) -> ocio.CPUProcessor:
    processor = color_config().getProcessor(transform)
    return processor.getOptimizedCPUProcessor(ocio.BIT_DEPTH_F32, ocio.BIT_DEPTH_UINT8, ocio.OPTIMIZATION_DEFAULT)


@cache
def _space_processor(source: str, target: str) -> ocio.CPUProcessor:
    return color_config().getProcessor(source, target).getDefaultCPUProcessor()


def _applied(source: str, target: str, pixels: Pixels) -> Pixels:
    if source == target:
        return pixels
    converted = np.array(pixels, np.float32, order="C")
    _space_processor(source, target).applyRGB(converted)
    return converted


def _run(processor: ocio.CPUProcessor, light: Pixels) -> Codes:
    height, width, channels = light.shape
    light = np.ascontiguousarray(light, np.float32)
    codes = np.empty((height, width, channels), np.uint8)
    processor.apply(
        ocio.PackedImageDesc(light, width, height, channels, ocio.BIT_DEPTH_F32, 4, 4 * channels, 4 * channels * width),
        ocio.PackedImageDesc(codes, width, height, channels, ocio.BIT_DEPTH_UINT8, 1, channels, channels * width),
    )
    return codes
