"""Which colour space a file is in, and which rule said so."""

from __future__ import annotations

from typing import Any

import pytest

from domain.media.inspection import Attribute, Channel, Part
from processors.media.colour import CINEON_LOG, LINEAR_REC709, SRGB, ColorSpaceUnknown, decide_color
from processors.media.settings import PathRule

VIDEO = "Gamma 2.4 Encoded Rec.709"
ADOBE = "Gamma 2.2 Encoded AdobeRGB"
PROFILE = "ICCProfile:profile_description"
AP1 = [0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767]
XYZ = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1 / 3, 1 / 3]


def part(kind: str, values: dict[str, Any]) -> Part:
    channel = Channel(channel_name="R", layer_name="", component_name="R", channel_type=kind)
    return Part(
        part_index=0,
        width=1,
        height=1,
        display_width=1,
        display_height=1,
        data_x_offset=0,
        data_y_offset=0,
        data_window=(0, 0, 0, 0),
        display_window=(0, 0, 0, 0),
        channels=(channel,),
        attributes=tuple(Attribute(attr_name=n, attr_type="STRING", value=v) for n, v in values.items()),
    )


@pytest.mark.parametrize(
    ("format_name", "kind", "path", "values", "space", "rule"),
    [
        ("openexr", "HALF", "a.exr", {"oiio:ColorSpace": "lin_ap1_scene"}, "ACEScg", "ATTRIBUTE"),
        ("openexr", "HALF", "a.exr", {"colorInteropID": "lin_rec2020_scene"}, "Linear Rec.2020", "ATTRIBUTE"),
        ("openexr", "HALF", "a.exr", {"colorspace": '"ACEScg"'}, "ACEScg", "ATTRIBUTE"),
        ("openexr", "HALF", "a.exr", {"colorspace": "linear"}, LINEAR_REC709, "ATTRIBUTE"),
        ("openexr", "HALF", "a.exr", {"colorspace": "house look 7"}, LINEAR_REC709, "FORMAT_DEFAULT"),
        ("openexr", "HALF", "a.exr", {"acesImageContainerFlag": 1}, "ACES2065-1", "ACES_CONTAINER"),
        ("openexr", "HALF", "a.exr", {"chromaticities": AP1}, "ACEScg", "CHROMATICITIES"),
        ("openexr", "HALF", "a.exr", {"chromaticities": XYZ}, LINEAR_REC709, "CHROMATICITIES"),
        ("openexr", "HALF", "sh010_acescg_v2.exr", {}, "ACEScg", "FILE_NAME"),
        ("openexr", "HALF", "lin_rec709.exr", {}, LINEAR_REC709, "FILE_NAME"),
        ("openexr", "HALF", "faces.exr", {}, LINEAR_REC709, "FORMAT_DEFAULT"),
        ("openexr", "HALF", "acescg/a.exr", {}, LINEAR_REC709, "FORMAT_DEFAULT"),
        ("dpx", "UINT16", "a.dpx", {"dpx:Transfer": "Printing density"}, CINEON_LOG, "DPX_TRANSFER"),
        ("dpx", "UINT16", "a.dpx", {"dpx:Transfer": "Linear"}, LINEAR_REC709, "DPX_TRANSFER"),
        ("dpx", "UINT16", "a.dpx", {"dpx:Transfer": "ITU-R 709-4"}, VIDEO, "DPX_TRANSFER"),
        ("dpx", "UINT16", "a.dpx", {"dpx:Transfer": "User defined"}, SRGB, "FORMAT_DEFAULT"),
        ("cineon", "UINT16", "a.cin", {}, CINEON_LOG, "DPX_TRANSFER"),
        ("jpeg", "UINT8", "a.jpg", {"oiio:ColorSpace": "srgb_rec709_scene"}, SRGB, "READER"),
        ("jpeg", "UINT8", "a.jpg", {PROFILE: "Adobe RGB (1998)"}, ADOBE, "ICC_PROFILE"),
        ("jpeg", "HALF", "a.jpg", {"oiio:ColorSpace": "srgb_rec709_scene"}, SRGB, "GAIN_MAP_BASE"),
        ("tiff", "FLOAT", "a.tif", {}, LINEAR_REC709, "FORMAT_DEFAULT"),
        ("tiff", "UINT16", "a.tif", {}, SRGB, "FORMAT_DEFAULT"),
        ("hdr", "FLOAT", "a.hdr", {}, LINEAR_REC709, "FORMAT_DEFAULT"),
    ],
)  # fmt: skip
def test_the_first_rule_that_knows_decides(
    format_name: str, kind: str, path: str, values: dict[str, Any], space: str, rule: str
) -> None:
    source = decide_color(part(kind, values), format_name=format_name, path=path)
    assert (source.space, source.rule) == (space, rule)


def test_primaries_without_a_named_space_are_kept() -> None:
    source = decide_color(part("HALF", {"chromaticities": XYZ}), format_name="openexr", path="a.exr")
    assert source.primaries == tuple(XYZ)


def test_an_operators_rule_wins_over_what_the_file_says() -> None:
    rules = (PathRule("plates/*", "ARRI LogC4"), PathRule("*", "ACEScg"))
    tagged = part("UINT16", {"dpx:Transfer": "Linear"})
    plate = decide_color(tagged, format_name="dpx", path="plates/a.dpx", path_rules=rules)
    other = decide_color(tagged, format_name="dpx", path="comp/a.dpx", path_rules=rules)
    assert (plate.space, plate.rule) == ("ARRI LogC4", "PATH_RULE")
    assert other.space == "ACEScg"


def test_a_rule_that_names_no_space_is_an_error_that_says_which() -> None:
    with pytest.raises(ColorSpaceUnknown, match="'house'"):
        decide_color(part("HALF", {}), format_name="openexr", path="a.exr", path_rules=(PathRule("*", "house"),))
