"""Reads the channel lists of an OpenEXR file's own header, which alone tell how channels are subsampled.

Layout: https://openexr.com/en/latest/OpenEXRFileLayout.html. Only channel lists are held in memory; every
other attribute is skipped, and every length is checked before it is used.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAGIC = b"\x76\x2f\x31\x01"
MULTI_PART_FLAG = 0x1000
NAME_LIMIT_BYTES = 256
CHANNEL_LIST_LIMIT_BYTES = 1 << 20
ATTRIBUTE_LIMIT = 65536
PART_LIMIT = 4096
PIXEL_TYPES = {0: "UINT", 1: "HALF", 2: "FLOAT"}


class ExrHeaderDamaged(Exception):
    """The header ends early or states a length that cannot be."""


@dataclass(frozen=True)
class ExrChannel:
    """One entry of a channel list: its name in the file's own order, pixel type and sampling."""

    name: str
    pixel_type: str
    x_sampling: int
    y_sampling: int


def channel_lists(path: Path) -> tuple[tuple[ExrChannel, ...], ...]:
    """The channels of each part, alphabetical as the file keeps them; empty when it is not an OpenEXR file.

    Raises ExrHeaderDamaged.
    """
    with path.open("rb") as stream:
        if stream.read(4) != MAGIC:
            return ()
        (version,) = struct.unpack("<I", _exactly(stream, 4))
        return tuple(_headers(stream, is_multi_part=bool(version & MULTI_PART_FLAG)))


def _headers(stream: BinaryIO, *, is_multi_part: bool) -> Iterator[tuple[ExrChannel, ...]]:
    for _ in range(PART_LIMIT if is_multi_part else 1):
        header = _header(stream)
        if header is None:
            return
        yield header


def _header(stream: BinaryIO) -> tuple[ExrChannel, ...] | None:
    """One part's channels; None for the empty header that ends a multi-part file's list."""
    channels: tuple[ExrChannel, ...] = ()
    for index in range(ATTRIBUTE_LIMIT):
        name = _name(stream)
        if not name:
            return channels if index else None
        kind = _name(stream)
        (size,) = struct.unpack("<i", _exactly(stream, 4))
        if size < 0:
            raise ExrHeaderDamaged(f"attribute {name!r} states {size} bytes")
        if kind == b"chlist":
            channels = tuple(_channels(_exactly(stream, size)))
        else:
            stream.seek(size, 1)
    raise ExrHeaderDamaged(f"more than {ATTRIBUTE_LIMIT} attributes in one part")


def _channels(listing: bytes) -> Iterator[ExrChannel]:
    offset = 0
    while offset < len(listing) and listing[offset]:
        end = listing.find(b"\0", offset)
        if end < 0 or end + 17 > len(listing):
            raise ExrHeaderDamaged("the channel list ends inside a channel")
        pixel_type, x_sampling, y_sampling = struct.unpack_from("<i4xii", listing, end + 1)
        name = listing[offset:end].decode(errors="surrogateescape")
        yield ExrChannel(name, PIXEL_TYPES.get(pixel_type, "UNKNOWN"), x_sampling, y_sampling)
        offset = end + 17


def _name(stream: BinaryIO) -> bytes:
    name = bytearray()
    while (byte := _exactly(stream, 1)) != b"\0":
        name += byte
        if len(name) > NAME_LIMIT_BYTES:
            raise ExrHeaderDamaged(f"a name is longer than {NAME_LIMIT_BYTES} bytes")
    return bytes(name)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    if size > CHANNEL_LIST_LIMIT_BYTES:
        raise ExrHeaderDamaged(f"a channel list of {size} bytes is beyond {CHANNEL_LIST_LIMIT_BYTES}")
    read = stream.read(size)
    if len(read) != size:
        raise ExrHeaderDamaged("the header ends early")
    return read
