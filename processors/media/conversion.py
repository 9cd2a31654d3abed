"""Makes one picture for screens of a file: the proxy's colours at any size, as PNG, JPEG or TIFF."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import cv2

from processors.media.light import Codes
from processors.media.limits import Limits
from processors.media.render import Way, rendered
from processors.media.render import warm as warm
from processors.media.results import Decision, MediaResult, RenditionFile
from processors.media.settings import Conversion, RenderSettings

ENTRY = "processors.media.conversion:convert"
JPEG_QUALITY = 95


def convert(
    source: Path, out_dir: Path, *, name: str, limits: Limits | None = None, settings: RenderSettings | None = None
) -> MediaResult:
    """Inspects the file and writes `converted` with the wanted extension into `out_dir`; nothing is enlarged.

    The result has no renditions. Raises MediaRejected.
    """
    assert settings is not None
    wanted = settings.conversion
    assert wanted is not None
    way = Way((wanted.max_width, wanted.max_height), partial(_write, wanted))
    return rendered(source, out_dir, name=name, given=(limits or Limits(), settings), way=way)


def converted(out_dir: Path, wanted: Conversion) -> Path:
    """The picture that a conversion wrote."""
    return out_dir / f"converted{wanted.extension}"


def _write(wanted: Conversion, codes: Codes, decision: Decision, out_dir: Path) -> tuple[RenditionFile, ...]:
    del decision
    parameters = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if wanted.extension == ".jpg" else []
    _, encoded = cv2.imencode(wanted.extension, cv2.cvtColor(codes, cv2.COLOR_RGB2BGR), parameters)
    converted(out_dir, wanted).write_bytes(encoded.tobytes())
    return ()
