"""Reads the chosen channels of a file once, as linear light; a large file in bands, shrunk as they arrive."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import OpenImageIO as oiio
from numpy.typing import NDArray

from processors.media.choice import PictureChoice, PictureKind
from processors.media.colour import ColorSource, is_display_referred
from processors.media.framing import Pixels, Size
from processors.media.light import to_light
from processors.media.limits import Limits
from processors.media.reader import pending_error, rejection
from processors.media.text import repaired_text

INFINITE_LIGHT = 65504.0
"""The largest half; infinities become it so that a view can show them."""
BACKDROP_LIGHT = np.float32(0.18)
"""Middle grey, code 118, behind transparent areas of pictures made for a screen. Scenes stay over black."""
BAND_ROWS = 64
NATIVE_TYPES = {"uint8": oiio.UINT8, "uint16": oiio.UINT16}


@dataclass(frozen=True)
class Picture:
    """The picture of a data window in linear light (values, for data), with one or three channels."""

    pixels: Pixels
    non_finite_samples: int
    """NaN and infinite samples found, which are now 0 and the largest half."""
    error: str
    """What the reader complained of although it gave pixels; empty when it did not."""


@dataclass(frozen=True)
class BandPlan:
    """How a part is read: so many rows at a time, averaged to `columns`, every `factor` rows to one."""

    rows: int
    columns: int
    factor: int
    is_data: bool


@dataclass(frozen=True)
class BandReader:
    """Reads rows of the chosen channels of one part at one mip level, in the type that loses nothing."""

    image: oiio.ImageInput
    spec: oiio.ImageSpec
    choice: PictureChoice
    mip_level: int
    name: str

    @property
    def wanted(self) -> tuple[int, ...]:
        """Channel indexes in the order colour, then alpha where it changes what is shown."""
        return self.choice.channels + (() if self.choice.alpha is None else (self.choice.alpha,))

    def rows(self, top: int, bottom: int) -> NDArray[Any]:
        """Rows from `top` to `bottom` (exclusive) of the data window. Raises MediaRejected."""
        first, end = min(self.wanted), max(self.wanted) + 1
        kind = NATIVE_TYPES.get(str(self.spec.format), oiio.FLOAT)
        if self.spec.channelformats:
            kind = oiio.FLOAT
        area = self._tiles if self.spec.tile_width else self._scanlines
        values = area(self.spec.y + top, self.spec.y + bottom, first, end, kind)
        if values is None:
            raise rejection(pending_error(self.image) or "pixels missing", name=self.name, is_pixel_error=True)
        values = np.asarray(values).reshape(bottom - top, self.spec.width, end - first)
        if self.wanted == tuple(range(first, end)):
            return values
        return np.stack([values[..., index - first] for index in self.wanted], axis=-1)

    def _scanlines(self, top: int, bottom: int, first: int, end: int, kind: Any) -> Any:
        return self.image.read_scanlines(self.choice.part_index, self.mip_level, top, bottom, 0, first, end, kind)

    def _tiles(self, top: int, bottom: int, first: int, end: int, kind: Any) -> Any:
        left = self.spec.x
        return self.image.read_tiles(
            self.choice.part_index,
            self.mip_level,
            left,
            left + self.spec.width,
            top,
            bottom,
            0,
            1,
            first,
            end,
            kind,
        )


def read_picture(
    image: oiio.ImageInput,
    choice: PictureChoice,
    source: ColorSource,
    *,
    target: Size,
    limits: Limits,
    name: str,
) -> Picture:
    """The picture for a rendition of the target size (width, height). Raises MediaRejected.

    The pixels cover the data window, at the size of a mip level or averaged to fewer columns and rows while
    they were read; they are never fewer than the target needs.
    """
    level = _mip_level(image, choice, target)
    spec = image.spec(choice.part_index, level)
    reader = BandReader(image, spec, choice, level, name)
    plan = _band_plan(reader, target, limits)
    pending_error(image)  # Seeking among parts may leave one that is not about these pixels.
    bands, bad = [], 0
    for top in range(0, spec.height, plan.rows):
        finite, count = _finite(reader.rows(top, min(top + plan.rows, spec.height)))
        bad += count
        bands.append(_shrunk(_shown(finite, reader, source), plan))
    pixels = bands[0] if len(bands) == 1 else np.concatenate(bands)
    return Picture(pixels, bad, pending_error(image))


def read_deep_picture(
    path: str, choice: PictureChoice, source: ColorSource, *, channel_names: tuple[str, ...], name: str
) -> Picture:
    """The picture of a deep part, flattened over black. Raises MediaRejected."""
    deep = oiio.ImageBuf(path, choice.part_index, 0)
    flat = oiio.ImageBufAlgo.flatten(deep)
    error = deep.geterror() or flat.geterror() or oiio.geterror()
    if error:
        raise rejection(error, name=name, is_pixel_error=True)
    flat_names = [repaired_text(name) for name in flat.spec().channelnames]
    values = np.asarray(flat.get_pixels(oiio.FLOAT), np.float32)
    chosen = [flat_names.index(channel_names[index]) for index in choice.channels]
    finite, bad = _finite(np.ascontiguousarray(values[..., chosen]))
    return Picture(finite if choice.kind is PictureKind.DATA else to_light(finite, source), bad, "")


def light_of_codes(codes: NDArray[np.uint8], source: ColorSource) -> Picture:
    """The picture of pixels that another reader gave as 8-bit RGB."""
    return Picture(to_light(codes, source), 0, "")


def normalised_codes(values: Pixels) -> NDArray[np.uint8]:
    """Data as grey or false colour: each channel from its 1st to its 99th percentile as code 0 to 255."""
    channels = [_normalised(values[..., index]) for index in range(values.shape[2])]
    if len(channels) == 2:
        channels.append(np.zeros_like(channels[0]))
    return np.stack(channels * (3 // len(channels)), axis=-1)


def _normalised(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    low, high = np.percentile(values, (1, 99))
    if high <= low:
        low, high = float(values.min()), float(values.max())
    if high <= low:
        low, high = 0.0, 1.0
    return np.asarray(np.clip((values - low) / (high - low) * 255, 0, 255).round(), np.uint8)


def _mip_level(image: oiio.ImageInput, choice: PictureChoice, target: Size) -> int:
    """The smallest level not below the target; 0 when the windows differ, as levels halve only data."""
    full = image.spec(choice.part_index, 0)
    if (full.x, full.y, full.width, full.height) != (
        full.full_x,
        full.full_y,
        full.full_width,
        full.full_height,
    ):
        return 0
    levels = max(1, full.get_int_attribute("oiio:miplevels", 1))
    for level in range(levels - 1, 0, -1):
        spec = image.spec_dimensions(choice.part_index, level)
        if spec.width >= target[0] and spec.height >= target[1]:
            return level
    return 0


def _band_plan(reader: BandReader, target: Size, limits: Limits) -> BandPlan:
    """Whole for small parts; OpenEXR's scanlines in bands, sparing the page faults of a large array."""
    spec, is_data = reader.spec, reader.choice.kind is PictureKind.DATA
    is_large = spec.width * spec.height > limits.whole_read_px
    if not is_large and (spec.tile_width or reader.image.format_name() != "openexr"):
        return BandPlan(spec.height, spec.width, 1, is_data)
    spare = min(spec.full_width / target[0], spec.full_height / target[1])
    factor = 2 ** int(math.log2(spare)) if is_large and spare >= 2 else 1
    chunk_rows = spec.tile_height or spec.get_int_attribute("oiio:RowsPerChunk", 1)
    columns = math.ceil(spec.width * target[0] / spec.full_width)
    rows = math.lcm(max(chunk_rows, 1), BAND_ROWS, factor)
    return BandPlan(rows, spec.width if is_data else min(spec.width, columns), factor, is_data)


def _finite(values: NDArray[Any]) -> tuple[NDArray[Any], int]:
    """The values with NaN as 0 and infinities as the largest half, and how many there were."""
    if np.issubdtype(values.dtype, np.integer) or cv2.checkRange(values)[0]:
        return values, 0
    bad = int(values.size - np.count_nonzero(np.isfinite(values)))
    return np.nan_to_num(values, posinf=INFINITE_LIGHT, neginf=-INFINITE_LIGHT), bad


def _shown(values: NDArray[Any], reader: BandReader, source: ColorSource) -> Pixels:
    """Light of the values with alpha applied: over grey for a screen's picture, over black for a scene."""
    if reader.choice.kind is PictureKind.DATA:
        return values.astype(np.float32, copy=False)
    if reader.choice.alpha is None:
        return to_light(values, source)
    alpha = to_alpha(values[..., -1:])
    colour = values[..., :-1]
    is_straight = bool(reader.spec.get_int_attribute("oiio:UnassociatedAlpha", 0))
    if not is_display_referred(source.space):
        light = to_light(colour, source)
        return light * alpha if is_straight else light
    if not is_straight:
        full = np.iinfo(colour.dtype).max if np.issubdtype(colour.dtype, np.integer) else 1
        colour = np.where(alpha > 0, colour / np.maximum(alpha, 1e-6) / full, 0).astype(np.float32)
    return to_light(np.ascontiguousarray(colour), source) * alpha + BACKDROP_LIGHT * (1 - alpha)


def to_alpha(values: NDArray[Any]) -> Pixels:
    """Coverage 0 to 1."""
    if np.issubdtype(values.dtype, np.integer):
        return values.astype(np.float32) / np.float32(np.iinfo(values.dtype).max)
    return np.asarray(np.clip(values, 0, 1), np.float32)


def _shrunk(band: Pixels, plan: BandPlan) -> Pixels:
    """The band averaged to the plan's columns and rows; a last band too short repeats its edge.

    Averaging columns here and rows later gives what averaging both at once would: the filter is separable.
    """
    height, width, channels = band.shape
    if plan.is_data:
        return np.ascontiguousarray(band[:: plan.factor])
    if plan.columns == width and plan.factor == 1:
        return band
    if missing := -height % plan.factor:
        band = np.pad(band, ((0, missing), (0, 0), (0, 0)), mode="edge")
    size = (plan.columns, band.shape[0] // plan.factor)
    shrunk = cv2.resize(band, size, interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, np.float32).reshape(size[1], size[0], channels)
