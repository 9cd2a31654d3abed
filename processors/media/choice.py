"""Chooses the part, layer and view that stand for a file: its beauty, in the left or default view."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from domain.media.inspection import Part

BEAUTY_NAMES = frozenset({"", "rgb", "rgba", "beauty", "combined", "composite", "color", "colour", "main", "c", "ci"})
DATA_NAME = re.compile(
    r"^(n|p|z|uv|st|id|normals?|position|pos|point|pworld|pref|nref|depth|zdepth|deep|motion(vector)?s?|velocity"
    r"|vector|mv|forward|backward|disparity[lr]?|mask|matte|ao|objectid|materialid|stmap|u?crypto.*)$"
)
COLOUR_SETS = (("r", "g", "b"), ("red", "green", "blue"))
LUMINANCE_NAMES = ("y", "l", "luminance", "gray", "grey", "i")
ALPHA_NAMES = ("a", "alpha")
DATA_CHANNEL_LIMIT = 3


class PictureKind(IntEnum):
    """What the chosen channels hold; the lower value is the better stand-in."""

    COLOUR = 0
    LUMINANCE = 1
    DATA = 2


@dataclass(frozen=True)
class PictureChoice:
    """Where the picture's channels lie. Indexes count in the reader's order, within the part."""

    part_index: int
    layer: str
    """The layer's name without its view; in a multi-part file the part's name stands in for a missing one."""
    view: str | None
    kind: PictureKind
    channels: tuple[int, ...]
    """One or three for colour and luminance; one to three for data."""
    alpha: int | None


def choose_picture(
    parts: Sequence[Part], readable: Sequence[Sequence[str]], *, format_name: str = "openexr"
) -> PictureChoice | None:
    """The best candidate; None when no part has a channel. `readable` has the reader's channel names by part.

    Order: colour before luminance before data; a layer named as beauty before others; the left view, then the
    only or default one, then others; then as the file lists them. Outside OpenEXR parts are pages, frames or
    sizes of one picture, and the first page, or the largest of an icon's sizes, stands for all.
    """
    considered = range(len(parts)) if format_name == "openexr" else _first_or_largest(parts, format_name)
    candidates = [
        candidate for index in considered for candidate in _candidates(parts[index], readable[index], len(parts) > 1)
    ]
    return min(candidates, key=_rank, default=None)


def _first_or_largest(parts: Sequence[Part], format_name: str) -> range:
    if not parts:
        return range(0)
    best = max(range(len(parts)), key=lambda index: parts[index].width) if format_name == "ico" else 0
    return range(best, best + 1)


def _rank(candidate: PictureChoice) -> tuple[int, ...]:
    tokens = re.split(r"[^a-z0-9]+", candidate.layer.lower())
    is_beauty = candidate.layer.lower() in BEAUTY_NAMES
    beauty_rank = 0 if is_beauty else 1 if BEAUTY_NAMES.intersection(tokens) else 2
    left_first = {None: 1, "left": 0, "l": 0}.get(candidate.view and candidate.view.lower(), 2)
    return candidate.kind, beauty_rank, left_first, candidate.part_index


def _candidates(part: Part, names: Sequence[str], is_multi_part: bool) -> list[PictureChoice]:
    views = _views(part)
    layers: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        layers.setdefault(name.rpartition(".")[0], []).append(index)
    return [
        _candidate(part, layer, {names[i].rpartition(".")[2].lower(): i for i in indexes}, views, is_multi_part)
        for layer, indexes in layers.items()
    ]


def _views(part: Part) -> tuple[str, ...]:
    listed = next((entry.value for entry in part.attributes if entry.attr_name == "multiView"), None)
    return tuple(view for view in listed if isinstance(view, str)) if isinstance(listed, list) else ()


def _candidate(
    part: Part, layer: str, components: dict[str, int], views: tuple[str, ...], is_multi_part: bool
) -> PictureChoice:
    layer, view = _layer_and_view(part, layer, views)
    if is_multi_part and not layer:
        layer = _without_view(part.part_name or "", view)
    kind, channels = _kind_and_channels(layer, components)
    alpha = next((components[name] for name in ALPHA_NAMES if name in components), None)
    return PictureChoice(part.part_index, layer, view, kind, channels, None if kind is PictureKind.DATA else alpha)


def _layer_and_view(part: Part, layer: str, views: tuple[str, ...]) -> tuple[str, str | None]:
    """In a multi-view part the view is the last word of the layer, and the first listed view has no word."""
    outer, _, last = layer.rpartition(".")
    if last and last in views:
        return outer, last
    if part.view_name:
        return layer, part.view_name
    return layer, views[0] if views and not layer else None


def _without_view(part_name: str, view: str | None) -> str:
    return re.sub(rf"[._-]?{re.escape(view)}$", "", part_name, flags=re.IGNORECASE) if view else part_name


def _kind_and_channels(layer: str, components: dict[str, int]) -> tuple[PictureKind, tuple[int, ...]]:
    is_data = bool(DATA_NAME.match(layer.lower().rpartition(".")[2]))
    for names in COLOUR_SETS:
        if all(name in components for name in names):
            kind = PictureKind.DATA if is_data else PictureKind.COLOUR
            return kind, tuple(components[name] for name in names)
    luminance = next((components[name] for name in LUMINANCE_NAMES if name in components), None)
    if luminance is not None and not is_data:
        return PictureKind.LUMINANCE, (luminance,)
    values = [index for name, index in components.items() if name not in ALPHA_NAMES] or list(components.values())
    return PictureKind.DATA, tuple(values[:DATA_CHANNEL_LIMIT])
