"""What people type, as terms."""

from __future__ import annotations

import pytest

from projections.search.text import Term, parse


def shape(term: Term) -> tuple[list[str], str]:
    flags = zip("xeu", (term.is_excluded, term.is_exact, term.is_unfinished), strict=True)
    return [word.text for word in term.words], "".join(letter for letter, flag in flags if flag)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("red door", [(["red"], ""), (["door"], "u")]),
        ("red ", [(["red"], "")]),
        ("shot_010 a", [(["shot", "010"], ""), (["a"], "u")]),
        ('"red door" -blue', [(["red", "door"], "e"), (["blue"], "x")]),
        ('-"red door"', [(["red", "door"], "xe")]),
        ('"red do', [(["red", "do"], "e")]),
        ('red"door"', [(["red"], ""), (["door"], "e")]),
        ("a-b", [(["a", "b"], "u")]),
        ("- red", [(["red"], "u")]),
        ("red -", [(["red"], "")]),
        ("!!! ???", [([], "")]),
        ("", []),
        ("   ", []),
    ],
)
def test_a_text_is_read_as_terms(text: str, terms: list[tuple[list[str], str]]) -> None:
    assert [shape(term) for term in parse(text)] == terms
