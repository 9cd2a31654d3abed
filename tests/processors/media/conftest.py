"""Sample files and small generated images for the media tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio
import pytest
from numpy.typing import NDArray

from processors.media.render import render
from processors.media.results import MediaResult
from processors.media.settings import UNTONEMAPPED_VIEW, RenderSettings

WriteImage = Callable[..., Path]
Rendered = Callable[..., tuple[MediaResult, NDArray[np.uint8]]]


@pytest.fixture(scope="session")
def samples() -> Path:
    named = os.environ.get("INTERNEG_SAMPLES")
    folder = Path(named) if named else Path(__file__).resolve().parents[4] / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip(f"no sample files in {folder}; set INTERNEG_SAMPLES")
    return folder


@pytest.fixture
def write_image(tmp_path: Path) -> WriteImage:
    """Writes one image; `window` is x, y, full x, y, width and height, attributes go into its header."""

    def write(
        name: str,
        pixels: NDArray[Any],
        *,
        channels: tuple[str, ...] = ("R", "G", "B"),
        kind: str = "half",
        window: tuple[int, int, int, int, int, int] | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> Path:
        path = tmp_path / name
        height, width, count = pixels.shape
        spec = oiio.ImageSpec(width, height, count, kind)
        spec.channelnames = channels
        if window:
            spec.x, spec.y, spec.full_x, spec.full_y, spec.full_width, spec.full_height = window
        for key, value in (attributes or {}).items():
            typed = value if isinstance(value, tuple) else (value,)
            spec.attribute(key, *typed)
        output = oiio.ImageOutput.create(str(path))
        assert output is not None, oiio.geterror()
        assert output.open(str(path), spec), output.geterror()
        assert output.write_image(np.ascontiguousarray(pixels)), output.geterror()
        output.close()
        return path

    return write


@pytest.fixture
def rendered(tmp_path: Path) -> Rendered:
    """Renders a file in this process and decodes its proxy."""

    def make(
        source: Path,
        *,
        name: str | None = None,
        view: str = UNTONEMAPPED_VIEW,
        settings: RenderSettings | None = None,
    ) -> tuple[MediaResult, NDArray[np.uint8]]:
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        settings = settings or RenderSettings(view=view)
        result = render(source, out, name=name or source.name, settings=settings)
        return result, decoded(result.renditions[1].path)

    return make


def decoded(path: Path) -> NDArray[np.uint8]:
    image = oiio.ImageInput.open(str(path))
    assert image is not None, oiio.geterror()
    pixels = image.read_image(0, 0, 0, 3, oiio.UINT8)
    assert pixels is not None, image.geterror()
    return np.asarray(pixels, np.uint8)


@pytest.fixture
def flat() -> Callable[..., NDArray[np.float32]]:
    """A picture of one colour: width, height, then the channel values."""

    def make(width: int, height: int, *values: float) -> NDArray[np.float32]:
        return np.broadcast_to(np.array(values, np.float32), (height, width, len(values))).copy()

    return make
