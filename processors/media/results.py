"""What a media job gives back; it crosses from the sandboxed process as MessagePack."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from domain.media.inspection import Inspection

RECIPE = "picture/1"
"""Name of the way renditions are made. Any change that changes pixels or labels changes it."""

SUFFIXES = {"THUMBNAIL": "_thumb", "PROXY": "_proxy"}
"""What follows the stem in the keys of renditions, before the extension."""

RenditionKind = Literal["THUMBNAIL", "PROXY"]


class RenditionFile(msgspec.Struct, frozen=True, kw_only=True):
    """One picture on disk, measured by reading it back."""

    kind: RenditionKind
    path: Path
    content_type: str
    width: int
    height: int
    size_bytes: int
    color_space: str
    source_color_space: str
    color_rule: str
    view: str | None
    """None where the source is made for a screen already; "data" where values were stretched to be seen."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen on the way from the file to its pictures, and what is odd about them."""

    recipe: str
    part_index: int
    layer_name: str
    view_name: str | None
    """The stereo view."""
    picture_kind: str
    """COLOUR, LUMINANCE or DATA."""
    source_color_space: str
    color_rule: str
    view: str | None
    orientation: int
    """The EXIF orientation that was undone, 1 to 8."""
    warnings: tuple[str, ...]


class MediaResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one job made of one file."""

    inspection: Inspection
    renditions: tuple[RenditionFile, ...]
    decision: Decision
