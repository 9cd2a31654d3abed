"""What an operator may choose about the pictures that are made."""

from __future__ import annotations

import msgspec

ACES_SDR_VIEW = "ACES 2.0 - SDR 100 nits (Rec.709)"
UNTONEMAPPED_VIEW = "Un-tone-mapped"


class PathRule(msgspec.Struct, frozen=True):
    """An operator's word: files whose path matches the shell pattern are in that colour space."""

    pattern: str
    color_space: str


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of the file for a screen: its extension with the dot, and its largest size in pixels."""

    extension: str
    max_width: int
    max_height: int


class RenderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Choices that hold for every file."""

    view: str = ACES_SDR_VIEW
    """View of the pinned config's sRGB display, used for scenes and log sources."""
    path_rules: tuple[PathRule, ...] = ()
    """The first whose pattern matches the file's path decides its colour space."""
    conversion: Conversion | None = None
    """The picture that is wanted of a conversion; None for renditions."""
