"""Which files are worth asking for pictures."""

from __future__ import annotations

import pytest

from processors.media.sources import is_picture


@pytest.mark.parametrize(
    ("path", "is_worth_it"),
    [
        ("a/beauty.0001.exr", True),
        ("A.EXR", True),
        ("photo.JPeG", True),
        ("scan.dpx", True),
        ("sky.hdr", True),
        ("movie.mp4", False),
        ("notes.txt", False),
        ("exr", False),
        (".exr", False),
        ("dir.exr/readme", False),
    ],
)
def test_the_extension_tells(path: str, is_worth_it: bool) -> None:
    assert is_picture(path) is is_worth_it
