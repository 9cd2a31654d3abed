"""What a path may be."""

from __future__ import annotations

import pytest

from domain.files.paths import PathInvalid, check_key, check_path, extension


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "renders/v001/a b.0001.exr",
        "ショット/é.exr",
        "emoji 🎬.mov",
        "...",
        "a..b/c..",
        ".hidden",
        "a:b?",
        "a" * 700,
        "x.proxies/a.exr",
        ".proxies.exr",
    ],
)
def test_a_good_path_is_stored_as_it_is_and_without_a_leading_slash(path: str) -> None:
    assert check_path(path) == path
    assert check_path(f"/{path}") == path


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("", "empty"),
        ("/", "empty"),
        ("//a", "empty"),
        ("a//b", "empty"),
        ("a/", "empty"),
        ("..", "'..'"),
        ("../a", "'..'"),
        ("a/../b", "'..'"),
        ("a/..", "'..'"),
        (".", "'.'"),
        ("./a", "'.'"),
        ("a\\b", "backslash"),
        ("a\x00b", "control character"),
        ("a\nb", "control character"),
        ("a\x7fb", "control character"),
        ("a\x85b", "control character"),
        ("a\ud800b", "outside Unicode"),
        ("a\udfff", "outside Unicode"),
        ("a\ue000b", "outside Unicode"),
        ("a\uffffb", "outside Unicode"),
        ("a" * 701, "701 bytes"),
        ("é" * 351, "702 bytes"),
        ("a" * 2000, "2000 bytes"),
        (".proxies/a_thumb.jpg", "renditions"),
        ("a/.proxies/b.jpg", "renditions"),
    ],
)
def test_a_bad_path_is_refused_with_its_fault(path: str, fault: str) -> None:
    with pytest.raises(PathInvalid, match=fault) as caught:
        check_path(path, field=("files", "3", "path"))
    assert caught.value.path == ("files", "3", "path")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.EXR", ".exr"),
        ("a/b.tar.gz", ".gz"),
        ("a.b/c", ""),
        (".hidden", ""),
        ("a.", ""),
        ("a/.b.jpg", ".jpg"),
    ],
)
def test_an_extension_is_lower_case_with_its_dot(path: str, expected: str) -> None:
    assert extension(path) == expected


def test_a_key_leaves_room_for_the_names_of_renditions() -> None:
    assert check_key("a" * 988, field=("path",)) == "a" * 988
    longest = f"a/{'.proxies/'}{'b' * 986}.{'0' * 16}_thumb.jpg"
    assert len(longest) == 1024
    with pytest.raises(PathInvalid, match="989 bytes; 988"):
        check_key("a" * 989, field=("path",))
