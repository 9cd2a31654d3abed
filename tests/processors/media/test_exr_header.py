"""The channel lists of real and of damaged OpenEXR headers."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from processors.media.exr_header import ExrHeaderDamaged, channel_lists

START = struct.pack("<4sI", b"\x76\x2f\x31\x01", 2)


def attribute(name: bytes, kind: bytes, size: int, value: bytes) -> bytes:
    return name + b"\0" + kind + b"\0" + struct.pack("<i", size) + value


def test_each_part_has_its_list(samples: Path) -> None:
    lists = channel_lists(samples / "exr/multipart.0001.exr")
    assert [[channel.name for channel in part] for part in lists[:3]] == [
        ["A", "B", "G", "R"],
        ["Z"],
        ["forward.u", "forward.v"],
    ]
    assert len(lists) == 10


def test_a_file_of_another_format_has_none(samples: Path) -> None:
    assert channel_lists(samples / "image/tahoe-gps.jpg") == ()
    assert channel_lists(samples / "malformed/zero.exr") == ()


@pytest.mark.parametrize(
    "header",
    [
        START,
        START + b"x" * 300,
        START + attribute(b"channels", b"chlist", -1, b""),
        START + attribute(b"channels", b"chlist", 1 << 30, b""),
        START + attribute(b"channels", b"chlist", 3, b"R\0\0"),
        START + attribute(b"channels", b"chlist", 100, b"R"),
        START + attribute(b"owner", b"string", 2_000_000_000, b""),
    ],
    ids=["ends", "long name", "negative", "huge", "cut inside", "cut after", "beyond the end"],
)
def test_a_damaged_header_is_an_error_and_never_a_large_read(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "damaged.exr"
    path.write_bytes(header)
    with pytest.raises(ExrHeaderDamaged):
        channel_lists(path)
