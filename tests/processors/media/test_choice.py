"""Which part, layer and view stand for a file."""

from __future__ import annotations

import pytest

from domain.media.inspection import Attribute, Part
from processors.media.choice import PictureKind, choose_picture


def part(index: int = 0, *, name: str | None = None, view: str | None = None, views: tuple[str, ...] = ()) -> Part:
    listed = (Attribute(attr_name="multiView", attr_type="STRING[2]", value=list(views)),) if views else ()
    return Part(
        part_index=index,
        part_name=name,
        view_name=view,
        width=64 + index,
        height=8,
        display_width=64,
        display_height=8,
        data_x_offset=0,
        data_y_offset=0,
        data_window=(0, 0, 63, 7),
        display_window=(0, 0, 63, 7),
        attributes=listed,
    )


@pytest.mark.parametrize(
    ("names", "layer", "kind", "channels"),
    [
        (["R", "G", "B", "A"], "", PictureKind.COLOUR, (0, 1, 2)),
        (
            ["albedo.R", "albedo.G", "albedo.B", "beauty.B", "beauty.G", "beauty.R"],
            "beauty",
            PictureKind.COLOUR,
            (5, 4, 3),
        ),
        (
            ["N.R", "N.G", "N.B", "diffuse.R", "diffuse.G", "diffuse.B"],
            "diffuse",
            PictureKind.COLOUR,
            (3, 4, 5),
        ),
        (["crypto00.R", "crypto00.G", "crypto00.B", "Y"], "", PictureKind.LUMINANCE, (3,)),
        (["Z"], "", PictureKind.DATA, (0,)),
        (["Z", "Y", "A"], "", PictureKind.LUMINANCE, (1,)),
        (["uv.u", "uv.v"], "uv", PictureKind.DATA, (0, 1)),
        (["A"], "", PictureKind.DATA, (0,)),
        (["red", "green", "blue"], "", PictureKind.COLOUR, (0, 1, 2)),
    ],
)
def test_the_beauty_of_one_part_is_chosen(
    names: list[str], layer: str, kind: PictureKind, channels: tuple[int, ...]
) -> None:
    choice = choose_picture([part()], [names])
    assert choice is not None
    assert (choice.layer, choice.kind, choice.channels) == (layer, kind, channels)


def test_alpha_goes_with_its_own_layer() -> None:
    names = ["R", "G", "B", "beauty.R", "beauty.G", "beauty.B", "beauty.A"]
    choice = choose_picture([part()], [names])
    assert choice is not None
    assert (choice.channels, choice.alpha) == ((0, 1, 2), None)


def test_the_beauty_part_is_chosen_wherever_it_lies() -> None:
    parts = [part(0, name="depth"), part(1, name="normals"), part(2, name="beauty")]
    choice = choose_picture(parts, [["Z"], ["R", "G", "B"], ["R", "G", "B", "A"]])
    assert choice is not None
    assert (choice.part_index, choice.layer, choice.alpha) == (2, "beauty", 3)


def test_the_left_view_comes_before_the_right() -> None:
    parts = [part(0, name="rgba_right", view="right"), part(1, name="rgba_left", view="left")]
    choice = choose_picture(parts, [["R", "G", "B"], ["R", "G", "B"]])
    assert choice is not None
    assert (choice.part_index, choice.layer, choice.view) == (1, "rgba", "left")


def test_the_left_view_is_found_in_a_part_whose_default_is_the_right() -> None:
    names = ["R", "G", "B", "left.R", "left.G", "left.B"]
    choice = choose_picture([part(views=("right", "left"))], [names])
    assert choice is not None
    assert (choice.layer, choice.view, choice.channels) == ("", "left", (3, 4, 5))


def test_the_first_page_stands_for_a_document_and_the_largest_size_for_an_icon() -> None:
    parts, names = [part(0), part(1)], [["R", "G", "B"], ["R", "G", "B"]]
    page, icon = (choose_picture(parts, names, format_name=name) for name in ("tiff", "ico"))
    assert page is not None
    assert icon is not None
    assert (page.part_index, icon.part_index) == (0, 1)


def test_a_file_without_channels_has_no_picture() -> None:
    assert choose_picture([part()], [[]]) is None
    assert choose_picture([], [], format_name="png") is None
