"""Tells by its name whether a file is worth asking for pictures."""

from __future__ import annotations

from pathlib import PurePosixPath

# fmt: off
PICTURE_EXTENSIONS = frozenset(
    {
        ".exr", ".sxr", ".mxr",
        ".png",
        ".jpg", ".jpeg", ".jpe", ".jfif",
        ".tif", ".tiff", ".tx", ".env",
        ".dpx", ".cin",
        ".hdr", ".rgbe",
        ".webp",
        ".bmp", ".dib",
        ".tga", ".tpic",
        ".gif",
        ".jp2", ".j2k", ".j2c", ".jpx", ".jph", ".jhc", ".jxl",
        ".dds", ".psd", ".psb",
        ".sgi", ".rgb", ".rgba", ".bw",
        ".iff", ".z", ".rla", ".pic",
        ".ppm", ".pgm", ".pbm", ".pnm", ".pfm",
        ".ico",
        ".fits", ".fit",
    }
)
# fmt: on
"""Lower case. The reader that opens a file is chosen by its content, not by this name."""


def is_picture(path: str) -> bool:
    """True when the extension, in any letter case, is one the image readers know; no file is opened."""
    return PurePosixPath(path).suffix.lower() in PICTURE_EXTENSIONS
