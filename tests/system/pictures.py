"""Small pictures of a given colour, and files that only look like pictures."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from random import Random

import numpy as np
import OpenImageIO as oiio
from PIL import Image

WIDTH, HEIGHT = 48, 32


def png(random: Random) -> bytes:
    """A picture with some detail."""
    pixels = np.frombuffer(random.randbytes(WIDTH * HEIGHT * 3), np.uint8).reshape(HEIGHT, WIDTH, 3)
    written = io.BytesIO()
    Image.fromarray(pixels, "RGB").save(written, "png")
    return written.getvalue()


def exr(random: Random, *, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """A half float picture of one colour, compressed by ZIP."""
    pixels = np.full((height, width, 3), random.random(), np.float32)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.exr"
        spec = oiio.ImageSpec(width, height, 3, "half")
        output = oiio.ImageOutput.create(str(path))
        assert output is not None, oiio.geterror()
        assert output.open(str(path), spec), output.geterror()
        assert output.write_image(pixels), output.geterror()
        output.close()
        return path.read_bytes()


def truncated_exr(random: Random) -> bytes:
    """A picture whose second half was lost."""
    whole = exr(random)
    return whole[: len(whole) // 2]
