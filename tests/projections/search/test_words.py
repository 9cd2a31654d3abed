"""Words of names and texts."""

from __future__ import annotations

import pytest

from projections.search.words import path_vector, searchable, vector, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("shot_010", ["shot", "010"]),
        ("beauty.0001.exr", ["beauty", "0001", "exr"]),
        ("sh010v003", ["sh", "010", "v", "003"]),
        ("cryptoObject", ["crypto", "object"]),
        ("XMLFile", ["xml", "file"]),
        ("ALL_CAPS", ["all", "caps"]),
        ("Café ZÜRICH", ["cafe", "zurich"]),
        ("Straße Łódź Ærø", ["strasse", "lodz", "aero"]),
        ("Ελλάς", ["ελλασ"]),
        ("東京 tower", ["東", "京", "tower"]),
        ("\uff46\uff35\uff4c\uff4c\uff11\uff12", ["f", "ull", "12"]),
        ("٣٤", ["34"]),
        ("a'b\\c\"d\x00e", ["a", "b", "c", "d", "e"]),
        ("", []),
        ("…!?", []),
    ],
)
def test_a_text_is_cut_into_folded_words(text: str, found: list[str]) -> None:
    assert [word.text for word in words(text)] == found


def test_a_word_knows_where_it_stands_in_the_original() -> None:
    text = "x Ærø_Été.12"
    assert [text[word.start : word.end] for word in words(text)] == ["x", "Ærø", "Été", "12"]


def test_numbers_are_indexed_as_written_and_by_value() -> None:
    assert vector("010 0", "A") == "'010':2A '#10':2A '0':3A '#0':3A"


def test_a_camel_case_name_is_indexed_in_one_word_too() -> None:
    assert vector("my GarageDoor", "B") == "'my':2B 'garage':3B 'door':4B 'garagedoor':3B,4B"


def test_a_path_weighs_its_name_more_than_its_folders() -> None:
    assert path_vector("a/b/name.exr") == "'a':2B 'b':3B 'name':4A 'exr':5A"


def test_a_field_gives_at_most_a_thousand_words_of_sixty_four_letters() -> None:
    assert vector("x" * 100, "D") == f"'{'x' * 64}':2D"
    assert vector("w " * 5_000, "D").count(",") == 999


def test_substrings_have_neither_case_nor_accents() -> None:
    assert searchable("Zoë MÜLLER_ß") == "zoe muller_ss"
