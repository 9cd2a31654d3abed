"""Decides which colour space a picture's values are in, and remembers the rule that decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePosixPath

import PyOpenColorIO as ocio

from domain.json import JsonValue
from domain.media.inspection import Part
from processors.media.settings import PathRule

CONFIG_NAME = "studio-config-v4.0.0_aces-v2.0_ocio-v2.5"
"""Pinned by its full name: ocio://default moves with the installed OpenColorIO."""

SRGB = "sRGB Encoded Rec.709 (sRGB)"
LINEAR_REC709 = "Linear Rec.709 (sRGB)"
CINEON_LOG = "Cineon log"
"""Kodak's printing density curve, which no ACES config carries; its primaries are taken as Rec.709's."""
DATA = "data"

OTHER_NAMES = {
    "linear": LINEAR_REC709,
    "scenelinear": LINEAR_REC709,
    "srgb": SRGB,
    "rec709": "Gamma 2.4 Encoded Rec.709",
    "adobergb1998": "Gamma 2.2 Encoded AdobeRGB",
    "displayp3": "sRGB Encoded P3-D65",
    "displayp3gamutwithsrgbtransfer": "sRGB Encoded P3-D65",
    "srgbiec6196621": SRGB,
    "srgbbuiltin": SRGB,
    "kodaklog": CINEON_LOG,
    "cineon": CINEON_LOG,
    "cineonlog": CINEON_LOG,
}
"""Names that files and profiles use and the config does not know; letters and digits only."""
AMBIGUOUS_NAMES = frozenset({"aces", "raw", "none", "data", "linear", "utilityraw"})
"""Too common in file names to decide by."""

NAMED_PRIMARIES = {
    LINEAR_REC709: (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290),
    "Linear Rec.2020": (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290),
    "Linear P3-D65": (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.3127, 0.3290),
    "Linear AdobeRGB": (0.64, 0.33, 0.21, 0.71, 0.15, 0.06, 0.3127, 0.3290),
    "ACEScg": (0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767),
    "ACES2065-1": (0.7347, 0.2653, 0.0, 1.0, 0.0001, -0.0770, 0.32168, 0.33767),
}
PRIMARIES_TOLERANCE = 0.0015

LOG_TRANSFERS = frozenset({"printing density", "logarithmic"})
VIDEO_TRANSFERS = re.compile(r"^(itu-r|smpte 274m|unspecified video|ntsc|pal)", re.IGNORECASE)
FLOATING_TYPES = frozenset({"HALF", "FLOAT", "DOUBLE"})


class ColorRule(StrEnum):
    """What decided, in the order in which they are asked."""

    DATA_CHANNEL = "DATA_CHANNEL"
    PATH_RULE = "PATH_RULE"
    GAIN_MAP_BASE = "GAIN_MAP_BASE"
    ATTRIBUTE = "ATTRIBUTE"
    ACES_CONTAINER = "ACES_CONTAINER"
    CHROMATICITIES = "CHROMATICITIES"
    ICC_PROFILE = "ICC_PROFILE"
    DPX_TRANSFER = "DPX_TRANSFER"
    FILE_NAME = "FILE_NAME"
    READER = "READER"
    FORMAT_DEFAULT = "FORMAT_DEFAULT"


@dataclass(frozen=True)
class ColorSource:
    """The colour space of the stored values and why; `primaries` are set when no named space has them."""

    space: str
    rule: ColorRule
    primaries: tuple[float, ...] | None = None


class ColorSpaceUnknown(ValueError):
    """An operator's rule names a colour space that the config does not have."""


@cache
def color_config() -> ocio.Config:
    """The one OpenColorIO config that all pictures are made with."""
    return ocio.Config.CreateFromBuiltinConfig(CONFIG_NAME)


def is_scene_linear(space: str) -> bool:
    """True for spaces whose values are proportional to light in the scene."""
    return space != CINEON_LOG and color_config().getColorSpace(space).getEncoding() == "scene-linear"


def is_display_referred(space: str) -> bool:
    """True for spaces whose values are what a screen shows, which take no view transform."""
    return space != CINEON_LOG and color_config().getColorSpace(space).getEncoding() == "sdr-video"


def decide_color(part: Part, *, format_name: str, path: str, path_rules: Sequence[PathRule] = ()) -> ColorSource:
    """The colour space by the first rule that knows it. Raises ColorSpaceUnknown for a bad path rule."""
    return next(_decisions(part, format_name, path, path_rules))


def _decisions(part: Part, format_name: str, path: str, path_rules: Sequence[PathRule]) -> Iterator[ColorSource]:
    values = {entry.attr_name: entry.value for entry in part.attributes}
    yield from _by_path(path, path_rules)
    if format_name == "jpeg" and part.channels[0].channel_type in FLOATING_TYPES:
        yield ColorSource(_profile_space(values) or SRGB, ColorRule.GAIN_MAP_BASE)
    rules: list[tuple[ColorRule, Callable[[], str | None]]] = [
        (ColorRule.ATTRIBUTE, lambda: _stated_space(values, format_name)),
        (
            ColorRule.ACES_CONTAINER,
            lambda: "ACES2065-1" if values.get("acesImageContainerFlag") == 1 else None,
        ),
    ]
    yield from _by_rules(rules)
    yield from _by_chromaticities(values.get("chromaticities"))
    rules = [
        (ColorRule.ICC_PROFILE, lambda: _profile_space(values)),
        (ColorRule.DPX_TRANSFER, lambda: _transfer_space(values, format_name)),
        (ColorRule.FILE_NAME, lambda: _space_in_name(PurePosixPath(path).name)),
        (ColorRule.READER, lambda: known_space(values.get("oiio:ColorSpace"))),
    ]
    yield from _by_rules(rules)
    yield ColorSource(_default_space(part, format_name), ColorRule.FORMAT_DEFAULT)


def _by_rules(rules: list[tuple[ColorRule, Callable[[], str | None]]]) -> Iterator[ColorSource]:
    for rule, decide in rules:
        space = decide()
        if space:
            yield ColorSource(space, rule)


def _by_path(path: str, path_rules: Sequence[PathRule]) -> Iterator[ColorSource]:
    for rule in path_rules:
        if fnmatchcase(path, rule.pattern):
            space = known_space(rule.color_space)
            if space is None:
                raise ColorSpaceUnknown(
                    f"the path rule {rule.pattern!r} names {rule.color_space!r}, which {CONFIG_NAME} lacks"
                )
            yield ColorSource(space, ColorRule.PATH_RULE)


def _by_chromaticities(stated: JsonValue) -> Iterator[ColorSource]:
    if not isinstance(stated, list) or len(stated) != 8 or not all(isinstance(v, float) for v in stated):
        return
    for space, primaries in NAMED_PRIMARIES.items():
        if max(abs(a - b) for a, b in zip(stated, primaries, strict=True)) < PRIMARIES_TOLERANCE:
            yield ColorSource(space, ColorRule.CHROMATICITIES)
            return
    if all(y > 0 for y in stated[7::2]):
        yield ColorSource(LINEAR_REC709, ColorRule.CHROMATICITIES, tuple(stated))


def known_space(name: JsonValue) -> str | None:
    """The config's own name for a space, by name, alias, interop id or everyday name.

    None for an unknown name and for Raw, which says nothing about colour.
    """
    if not isinstance(name, str) or not name:
        return None
    found = color_config().getColorSpace(name.strip("\"' "))
    if found is None:
        return OTHER_NAMES.get(_letters(name))
    return None if found.isData() else str(found.getName())


def _stated_space(values: dict[str, JsonValue], format_name: str) -> str | None:
    """What the file itself says; outside OpenEXR oiio:ColorSpace is only the reader's guess."""
    names = ["colorInteropID", "colorspace", "ColorSpace"]
    if format_name == "openexr":
        names.insert(0, "oiio:ColorSpace")
    return next(filter(None, (known_space(values.get(name)) for name in names)), None)


def _profile_space(values: dict[str, JsonValue]) -> str | None:
    return known_space(values.get("ICCProfile:profile_description"))


def _transfer_space(values: dict[str, JsonValue], format_name: str) -> str | None:
    if format_name == "cineon":
        return CINEON_LOG
    transfer = values.get("dpx:Transfer")
    if format_name != "dpx" or not isinstance(transfer, str):
        return None
    if transfer.lower() in LOG_TRANSFERS:
        return CINEON_LOG
    if transfer.lower() in ("linear", "adx"):
        return LINEAR_REC709 if transfer.lower() == "linear" else "ADX10"
    return "Gamma 2.4 Encoded Rec.709" if VIDEO_TRANSFERS.match(transfer) else None


def _default_space(part: Part, format_name: str) -> str:
    """Floating point is light, whole numbers are for a screen; an unmarked DPX too, as nothing says log."""
    is_floating = part.channels[0].channel_type in FLOATING_TYPES
    return LINEAR_REC709 if is_floating or format_name in ("hdr", "openexr") else SRGB


def _space_in_name(file_name: str) -> str | None:
    """A space named by whole words of a file name, the longest and last; `lin_rec709` but not `faces`."""
    words = [word for word in re.split(r"[^a-z0-9]+", file_name.lower().rpartition(".")[0]) if word]
    names = _names_in_config()
    for length in range(min(len(words), 5), 0, -1):
        for start in range(len(words) - length, -1, -1):
            space = names.get("".join(words[start : start + length]))
            if space:
                return space
    return None


@cache
def _names_in_config() -> dict[str, str]:
    names = {
        _letters(alias): space.getName()
        for space in color_config().getColorSpaces()
        for alias in (space.getName(), *space.getAliases())
    }
    return {name: space for name, space in names.items() if len(name) > 3 and name not in AMBIGUOUS_NAMES}


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
