"""The frame number before an extension, by exr-inspector's rule."""

from __future__ import annotations

import pytest

from domain.files.frames import frame_number


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("beauty.0001.exr", 1),
        ("beauty_1001.exr", 1001),
        ("BEAUTY.0042.EXR", 42),
        ("shots/sh010/plate.12345678.dpx", 12345678),
        ("shot_010.exr", 10),
        ("render_20240115.exr", 20240115),
        ("film.0007.tar.gz", None),
        ("beauty-1001.exr", None),
        ("beauty1001.exr", None),
        ("beauty.10.exr", None),
        ("beauty.-001.exr", None),
        ("beauty.123456789.exr", None),
        ("beauty.0001", None),
        ("beauty.\u0660\u0660\u0660\u0661.exr", None),
        ("v.0001/beauty.exr", None),
        ("", None),
    ],
)
def test_three_to_eight_digits_before_the_extension_are_the_frame(path: str, number: int | None) -> None:
    assert frame_number(path) == number
