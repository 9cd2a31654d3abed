"""Makes the renditions of one file from one decode: header, chosen pixels, framing, colour, two JPEGs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import msgspec
import numpy as np
import OpenImageIO as oiio

from domain.media.inspection import Inspection, Part
from processors.media.choice import PictureChoice, PictureKind, choose_picture
from processors.media.colour import (
    DATA,
    FLOATING_TYPES,
    ColorRule,
    ColorSource,
    decide_color,
    is_display_referred,
)
from processors.media.framing import (
    PROXY_BOX,
    THUMBNAIL_BOX,
    Framing,
    Size,
    fit_size,
    frame_pixels,
    framing_of,
)
from processors.media.inspection import inspect
from processors.media.light import Codes, baked_view, shrunk_codes, to_codes
from processors.media.limits import Limits
from processors.media.picture import (
    Picture,
    light_of_codes,
    normalised_codes,
    read_deep_picture,
    read_picture,
)
from processors.media.reader import TRUNCATED_WORDS, open_image, prepare_reader, rejection
from processors.media.rejections import MediaRejected
from processors.media.results import (
    RECIPE,
    Decision,
    MediaResult,
    RenditionFile,
    RenditionKind,
)
from processors.media.settings import ACES_SDR_VIEW, RenderSettings
from processors.media.text import repaired_text

JPEG_QUALITY: dict[RenditionKind, int] = {"THUMBNAIL": 85, "PROXY": 90}
COLOR_SPACES: dict[RenditionKind, str] = {"THUMBNAIL": "sRGB", "PROXY": "Rec709"}
"""Both hold the same codes: Rec.709 primaries with the sRGB curve, as browsers show either. See DECISIONS."""

DECODED_ON_OPEN = frozenset({"jpeg", "jpeg2000", "jpegxl"})
"""Formats whose readers decode when they open, so that opening twice would decode twice."""


@dataclass(frozen=True)
class Way:
    """How large the picture is at most, and what becomes of it."""

    box: Size
    write: Callable[[Codes, Decision, Path], tuple[RenditionFile, ...]]


@dataclass(frozen=True)
class _Job:
    """One opened file on its way: what to call it, where it lies, and what bounds the work."""

    source: Path
    out_dir: Path
    name: str
    limits: Limits
    settings: RenderSettings
    image: oiio.ImageInput
    inspection: Inspection


@dataclass(frozen=True)
class _Plan:
    """How the file becomes a picture."""

    part: Part
    channel_names: tuple[str, ...]
    choice: PictureChoice
    color: ColorSource
    framing: Framing
    view: str | None


def render(
    source: Path,
    out_dir: Path,
    *,
    name: str,
    limits: Limits | None = None,
    settings: RenderSettings | None = None,
) -> MediaResult:
    """Inspects the file and writes `thumbnail.jpg` and `proxy.jpg` into `out_dir`.

    `name` is the file's path in its asset, which colour rules and the frame number read. Sets the readers'
    process-wide limits. Raises MediaRejected, with the inspection where the header was readable.
    """
    given = (limits or Limits(), settings or RenderSettings())
    return rendered(source, out_dir, name=name, given=given, way=Way(PROXY_BOX, _written))


def rendered(source: Path, out_dir: Path, *, name: str, given: tuple[Limits, RenderSettings], way: Way) -> MediaResult:
    """As `render`, with pictures of another size that something else writes."""
    limits, settings = given
    prepare_reader(limits)
    inspection = None
    try:
        image = open_image(source, name)
        inspection = inspect(image, source, name=name, limits=limits)
        if inspection.format_name not in DECODED_ON_OPEN:
            # Having looked for a part past the last, some readers complain about good pixels.
            image = open_image(source, name)
        return _rendered(_Job(source, out_dir, name, limits, settings, image, inspection), way)
    except MediaRejected as rejected:
        message = rejected.message.replace(str(source), name)
        raise MediaRejected(rejected.code, message, inspection) from rejected


def warm() -> None:
    """Loads the colour config and bakes its default view, so that forked jobs find them ready."""
    cv2.setNumThreads(1)
    baked_view(ACES_SDR_VIEW)


def _rendered(job: _Job, way: Way) -> MediaResult:
    plan = _plan(job, way.box)
    picture = _picture(job, plan)
    if TRUNCATED_WORDS.search(picture.error):
        raise rejection(picture.error, name=job.name, is_pixel_error=True)
    decision = _decision(plan, picture)
    return MediaResult(
        inspection=msgspec.structs.replace(job.inspection, non_finite_pixels=picture.non_finite_samples),
        renditions=way.write(_codes(plan, picture), decision, job.out_dir),
        decision=decision,
    )


def _plan(job: _Job, box: Size) -> _Plan:
    parts = job.inspection.parts
    readable = [tuple(map(repaired_text, job.image.spec(index, 0).channelnames)) for index in range(len(parts))]
    choice = choose_picture(parts, readable, format_name=job.inspection.format_name)
    if choice is None:
        raise rejection("it holds no channel", name=job.name)
    part = parts[choice.part_index]
    color, view = _color(job, part, choice)
    framing = framing_of(part, orientation=_orientation(part), box=box)
    return _Plan(part, readable[choice.part_index], choice, color, framing, view)


def _color(job: _Job, part: Part, choice: PictureChoice) -> tuple[ColorSource, str | None]:
    if choice.kind is PictureKind.DATA:
        return ColorSource(DATA, ColorRule.DATA_CHANNEL), DATA
    source = decide_color(
        part, format_name=job.inspection.format_name, path=job.name, path_rules=job.settings.path_rules
    )
    return source, None if is_display_referred(source.space) else job.settings.view


def _orientation(part: Part) -> int:
    stated = next((entry.value for entry in part.attributes if entry.attr_name == "Orientation"), 1)
    return stated if isinstance(stated, int) and 1 <= stated <= 8 else 1


def _picture(job: _Job, plan: _Plan) -> Picture:
    if plan.part.is_deep:
        return read_deep_picture(
            str(job.source), plan.choice, plan.color, channel_names=plan.channel_names, name=job.name
        )
    if _has_gain_map(job.inspection, plan.part):
        return _base_picture(job, plan)
    return read_picture(job.image, plan.choice, plan.color, target=plan.framing.size, limits=job.limits, name=job.name)


def _has_gain_map(inspection: Inspection, part: Part) -> bool:
    """An Ultra HDR photograph: the reader gives linear half floats under a label that says sRGB."""
    return inspection.format_name == "jpeg" and part.channels[0].channel_type in FLOATING_TYPES


def _base_picture(job: _Job, plan: _Plan) -> Picture:
    """The 8-bit picture inside an Ultra HDR photograph, which is what ordinary screens show of it."""
    codes = cv2.imread(str(job.source), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    if codes is None:
        raise rejection("its base picture has no pixels", name=job.name, is_pixel_error=True)
    return light_of_codes(np.asarray(codes, np.uint8), plan.color)


def _codes(plan: _Plan, picture: Picture) -> Codes:
    if plan.choice.kind is PictureKind.DATA:
        seen = normalised_codes(picture.pixels).astype(np.float32)
        return frame_pixels(seen, plan.framing, is_data=True).astype(np.uint8)
    light = frame_pixels(picture.pixels, plan.framing, is_data=False)
    if light.shape[2] == 1:
        light = np.repeat(light, 3, axis=2)
    return to_codes(light, plan.color, plan.view or "")


def _decision(plan: _Plan, picture: Picture) -> Decision:
    return Decision(
        recipe=RECIPE,
        part_index=plan.choice.part_index,
        layer_name=plan.choice.layer,
        view_name=plan.choice.view,
        picture_kind=plan.choice.kind.name,
        source_color_space=_source_name(plan.color),
        color_rule=plan.color.rule,
        view=plan.view,
        orientation=plan.framing.orientation,
        warnings=tuple(_warnings(plan, picture)),
    )


def _source_name(color: ColorSource) -> str:
    if color.primaries is None:
        return color.space
    return "Linear, chromaticities " + " ".join(f"{value:g}" for value in color.primaries)


def _warnings(plan: _Plan, picture: Picture) -> list[str]:
    warnings = []
    if plan.framing.shows_data_window:
        warnings.append("Data and display window do not meet; the data window is shown.")
    if picture.non_finite_samples:
        warnings.append(f"{picture.non_finite_samples} NaN or infinite samples were replaced.")
    if picture.error:
        warnings.append(f"The reader gave pixels and said: {picture.error}")
    return warnings


def _written(proxy: Codes, decision: Decision, out_dir: Path) -> tuple[RenditionFile, ...]:
    height, width, _ = proxy.shape
    thumbnail = shrunk_codes(proxy, fit_size((width, height), THUMBNAIL_BOX))
    return (
        _saved(thumbnail, "THUMBNAIL", decision, out_dir),
        _saved(proxy, "PROXY", decision, out_dir),
    )


def _saved(codes: Codes, kind: RenditionKind, decision: Decision, out_dir: Path) -> RenditionFile:
    path = out_dir / f"{kind.lower()}.jpg"
    _, encoded = cv2.imencode(
        ".jpg", cv2.cvtColor(codes, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY[kind]]
    )
    path.write_bytes(encoded.tobytes())
    written = open_image(path, path.name).spec()
    return RenditionFile(
        kind=kind,
        path=path,
        content_type="image/jpeg",
        width=written.width,
        height=written.height,
        size_bytes=path.stat().st_size,
        color_space=COLOR_SPACES[kind],
        source_color_space=decision.source_color_space,
        color_rule=decision.color_rule,
        view=decision.view,
    )
