"""Words as the index takes them: one piece of text a place, with the other form of a word behind a plus sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from projections.search.words import MAX_WORDS, Word, camel_names, joined, value_of, words


def places(text: str) -> str:
    """The words of a field, blanks between the places."""
    return " ".join(place for _, place in _places(text))


def path_places(path: str) -> tuple[str, str, str]:
    """The places of the whole path, of its name, and of its folders."""
    name = path.rfind("/") + 1
    found = list(_places(path))
    return (
        " ".join(place for _, place in found),
        " ".join(place for word, place in found if word.start >= name),
        " ".join(place for word, place in found if word.start < name),
    )


def _places(text: str) -> Iterator[tuple[Word, str]]:
    for name in camel_names(islice(words(text), MAX_WORDS)):
        yield from zip(name, _forms(name), strict=True)


def _forms(name: list[Word]) -> Iterable[str]:
    """A camelCase name stands in one word too, where its first and its last hump stand."""
    if len(name) == 1:
        word = name[0]
        return [f"{word.text}+{value_of(word.text)}" if word.is_number else word.text]
    whole = joined(name)
    last = len(name) - 1
    return [f"{word.text}+{whole}" if i in (0, last) else word.text for i, word in enumerate(name)]
