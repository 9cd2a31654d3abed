"""Sets a data window into its display window at the size of a rendition, upright and with square pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.media.inspection import Part, Window

Pixels = NDArray[np.float32]
"""Height x width x channels."""
Size = tuple[int, int]
"""Width and height in pixels."""

PROXY_BOX: Size = (1920, 1080)
THUMBNAIL_BOX: Size = (256, 256)
ASPECT_RANGE = (1 / 16, 16.0)
"""Pixel aspects outside it come from damaged or empty headers and are read as 1."""
TURNED_ORIENTATIONS = range(5, 9)


@dataclass(frozen=True)
class Framing:
    """How a part becomes a rendition."""

    size: Size
    """Before the orientation is applied."""
    window: Window
    """The part of the plane that is shown; bounds inclusive."""
    data_window: Window
    orientation: int
    """EXIF orientation, 1 to 8."""
    shows_data_window: bool
    """True when data and display window do not meet, so that the data window is shown instead."""


def fit_size(size: Size, box: Size) -> Size:
    """The largest size of the same shape inside the box, never above the size itself, at least 1 x 1."""
    scale = min(box[0] / size[0], box[1] / size[1], 1.0)
    return max(1, min(box[0], round(size[0] * scale))), max(1, min(box[1], round(size[1] * scale)))


def framing_of(part: Part, *, orientation: int, box: Size = PROXY_BOX) -> Framing:
    """The framing that shows the display window with its pixel aspect applied to the width once."""
    apart = _overlap(part.data_window, part.display_window) is None
    window = part.data_window if apart else part.display_window
    width, height = window_size(window)
    low, high = ASPECT_RANGE
    aspect = part.pixel_aspect_ratio if low <= part.pixel_aspect_ratio <= high else 1.0
    upright_box = box[::-1] if orientation in TURNED_ORIENTATIONS else box
    size = fit_size((max(1, round(width * aspect)), height), upright_box)
    return Framing(size, window, part.data_window, orientation, apart)


def window_size(window: Window) -> Size:
    """Width and height of a window whose bounds are inclusive."""
    return window[2] - window[0] + 1, window[3] - window[1] + 1


def frame_pixels(pixels: Pixels, framing: Framing, *, is_data: bool) -> Pixels:
    """The pixels of the data window set into the framing, black where the data window does not reach.

    The pixels may be fewer than the data window has (a mip level, a shrunk read). Data is never averaged.
    """
    overlap = _overlap(framing.data_window, framing.window)
    if overlap is None:
        return upright(resize(pixels, framing.size, is_data=is_data), framing.orientation)
    cropped = _cropped(pixels, framing.data_window, overlap)
    left, top, right, bottom = _placed(overlap, framing)
    placed = resize(cropped, (right - left, bottom - top), is_data=is_data)
    if (right - left, bottom - top) != framing.size:
        canvas = np.zeros((framing.size[1], framing.size[0], pixels.shape[2]), np.float32)
        canvas[top:bottom, left:right] = placed
        placed = canvas
    return upright(placed, framing.orientation)


def resize(pixels: Pixels, size: Size, *, is_data: bool) -> Pixels:
    """Averages over area where it shrinks, interpolates where an aspect widens; data takes the nearest."""
    height, width, channels = pixels.shape
    if size == (width, height):
        return pixels
    if is_data:
        resized = cv2.resize(pixels, size, interpolation=cv2.INTER_NEAREST)
    else:
        shrunk = (min(size[0], width), min(size[1], height))
        resized = cv2.resize(pixels, shrunk, interpolation=cv2.INTER_AREA)
        if shrunk != size:
            resized = cv2.resize(resized, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.float32).reshape(size[1], size[0], channels)


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """The pixels as EXIF orientation 1 would hold them; an unknown orientation is taken as 1."""
    turned = pixels.swapaxes(0, 1) if orientation in TURNED_ORIENTATIONS else pixels
    flip_rows = slice(None, None, -1 if orientation in (3, 4, 7, 8) else 1)
    flip_columns = slice(None, None, -1 if orientation in (2, 3, 6, 7) else 1)
    return np.ascontiguousarray(turned[flip_rows, flip_columns])


def _overlap(one: Window, other: Window) -> Window | None:
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right, bottom = min(one[2], other[2]), min(one[3], other[3])
    return (left, top, right, bottom) if left <= right and top <= bottom else None


def _cropped(pixels: Pixels, data: Window, overlap: Window) -> Pixels:
    if overlap == data:
        return pixels
    height, width, _ = pixels.shape
    across, down = width / window_size(data)[0], height / window_size(data)[1]
    left, right = _span((overlap[0] - data[0]) * across, (overlap[2] + 1 - data[0]) * across, width)
    top, bottom = _span((overlap[1] - data[1]) * down, (overlap[3] + 1 - data[1]) * down, height)
    return np.ascontiguousarray(pixels[top:bottom, left:right])


def _placed(overlap: Window, framing: Framing) -> Window:
    """Left, top, right and bottom in the rendition; right and bottom exclusive."""
    width, height = window_size(framing.window)
    across, down = framing.size[0] / width, framing.size[1] / height
    x, y = framing.window[:2]
    left, right = _span((overlap[0] - x) * across, (overlap[2] + 1 - x) * across, framing.size[0])
    top, bottom = _span((overlap[1] - y) * down, (overlap[3] + 1 - y) * down, framing.size[1])
    return left, top, right, bottom


def _span(start: float, end: float, limit: int) -> tuple[int, int]:
    """Rounded to whole pixels inside the limit, at least one pixel long; the end exclusive."""
    first = min(round(start), limit - 1)
    return first, min(max(round(end), first + 1), limit)
