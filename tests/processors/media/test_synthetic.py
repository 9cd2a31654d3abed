"""The generated pictures of the demo library."""

from __future__ import annotations

from pathlib import Path

import OpenImageIO as oiio
import pytest

from processors.media.synthetic import PictureNotWritten, draw, timecode, write_frame, write_still


def test_a_frame_is_the_same_bytes_whenever_it_is_drawn(tmp_path: Path) -> None:
    for name in ("one.exr", "two.exr"):
        write_frame(tmp_path / name, 1003)
    assert (tmp_path / "one.exr").read_bytes() == (tmp_path / "two.exr").read_bytes()


def test_the_beauty_is_the_sum_of_its_layers() -> None:
    drawn = draw(angle=0.0, key_light=2.0)
    assert drawn.specular.max() > 4
    assert draw(angle=0.0).diffuse.sum() < drawn.diffuse.sum()
    assert not drawn.diffuse[drawn.alpha[..., 0] == 0].any()


def test_a_timecode_holds_its_digits_in_four_bits_each() -> None:
    assert f"{timecode(1001):08x}" == "00004117"
    assert f"{timecode(24 * 3661 + 5):08x}" == "01010105"


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "uint16"), ("a.tif", "uint16"), ("a.jpg", "uint8"), ("a.hdr", "float")]
)
def test_a_still_keeps_the_type_of_its_samples(tmp_path: Path, name: str, kind: str) -> None:
    write_still(tmp_path / name, angle=0.4, kind=kind)
    image = oiio.ImageInput.open(str(tmp_path / name))
    assert image is not None, oiio.geterror()
    spec = image.spec()
    assert (spec.width, spec.height, spec.nchannels, str(spec.format)) == (480, 270, 3, kind)


def test_a_picture_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureNotWritten, match=r"nowhere.a\.exr could not be written"):
        write_frame(tmp_path / "nowhere" / "a.exr", 1001)
