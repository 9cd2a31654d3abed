"""Opens image files through OpenImageIO and turns its error texts into rejections."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import OpenImageIO as oiio

from processors.media.limits import MEBIBYTE, Limits
from processors.media.rejections import MediaRejected, RejectionCode
from processors.media.text import repaired_text

SUBSAMPLED = "Subsampled channels are not supported"
TOO_LARGE_WORDS = re.compile(r"limits:|exceeds the .* limit|too many channels", re.IGNORECASE)
MEMORY_WORDS = re.compile(r"bad_alloc|out of memory|insufficient memory|could not allocate", re.IGNORECASE)
TRUNCATED_WORDS = re.compile(
    r"premature|truncat|end of file|unexpected eof|\beof\b|chunks were missing|read error|short read"
    r"|incomplete|not enough (image )?data",
    re.IGNORECASE,
)


def prepare_reader(limits: Limits) -> None:
    """Sets the process-wide limits of the readers; one thread each, as jobs already fill the processors."""
    for name, value in {
        "threads": 1,
        "exr_threads": 1,
        "limits:resolution": limits.side_px,
        "limits:channels": limits.channel_count,
        "limits:imagesize_MB": limits.image_bytes // MEBIBYTE,
    }.items():
        oiio.attribute(name, value)


def open_image(path: Path, name: str) -> oiio.ImageInput:
    """The file, opened by whichever reader knows its content. Alpha is left as stored, not multiplied in.

    Raises MediaRejected: EMPTY, TOO_LARGE or UNREADABLE. `name` is what messages call the file.
    """
    if path.stat().st_size == 0:
        raise MediaRejected(RejectionCode.EMPTY, f"{name} has no bytes; upload it again.")
    image, error = _opened(path)
    if image is None and SUBSAMPLED in error:
        image, error = _opened_as_rgb(path)
    if image is None:
        raise rejection(error or "no reader knows this content", name=name)
    return image


def rejection(error: str, *, name: str, is_pixel_error: bool = False) -> MediaRejected:
    """The rejection that a reader's error text stands for."""
    text = " ".join(error.partition("If you're sure")[0].split())
    if MEMORY_WORDS.search(text):
        return MediaRejected(RejectionCode.OUT_OF_MEMORY, f"{name} needs more memory than a job has: {text}")
    if TOO_LARGE_WORDS.search(text):
        return MediaRejected(RejectionCode.TOO_LARGE, f"{name} is beyond the limits of a media job: {text}")
    if is_pixel_error and TRUNCATED_WORDS.search(text):
        return MediaRejected(RejectionCode.TRUNCATED, f"{name} ends before its pixels do; upload it again: {text}")
    return MediaRejected(RejectionCode.UNREADABLE, f"{name} cannot be read as an image: {text}")


def pending_error(image: oiio.ImageInput) -> str:
    """The reader's waiting error, which is cleared; empty when there is none."""
    return _decoded(image.geterror)


def _opened(path: Path) -> tuple[oiio.ImageInput | None, str]:
    hints = oiio.ImageSpec()
    hints.attribute("oiio:UnassociatedAlpha", 1)
    image = oiio.ImageInput.open(str(path), hints)
    return image, "" if image else _decoded(oiio.geterror)


def _opened_as_rgb(path: Path) -> tuple[oiio.ImageInput | None, str]:
    """Luminance-chroma files open only in OpenEXR's older reader, which gives them as RGB."""
    oiio.attribute("openexr:core", 0)
    try:
        return _opened(path)
    finally:
        oiio.attribute("openexr:core", 1)


def _decoded(error_source: Callable[[], str]) -> str:
    """An error text, even where damaged file names or values in it are not UTF-8."""
    try:
        return repaired_text(error_source())
    except UnicodeDecodeError as undecodable:
        return repaired_text(undecodable.object.decode("latin-1"))
