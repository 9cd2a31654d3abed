"""Words of names, paths and texts: the one rule by which documents are indexed and questions are read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

MAX_WORDS = 1_000
"""Words taken from one field; what follows them is stored but not searched by word."""
MAX_WORD_LENGTH = 64

_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(
    rf"[0-9]+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[{_IDEOGRAPH}]|(?:(?![A-Za-z0-9{_IDEOGRAPH}])[^\W\d_])+",
)
_SPELLED = str.maketrans(
    {
        "ß": "ss", "ẞ": "Ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "\u0131": "i",
    }
)  # fmt: skip


class Word(NamedTuple):
    """A run of letters of one case pattern, a run of digits, or one ideograph."""

    text: str
    """Folded: no accents, lower case; digits as they were written."""
    start: int
    end: int
    """Where it stands in the original text, end exclusive."""
    continues: bool
    """True for the second and later humps of a camelCase name."""

    @property
    def is_number(self) -> bool:
        """Whether it consists of digits."""
        return self.text[0] in "0123456789"


def words(text: str) -> Iterator[Word]:
    """The words in order. `shot_010`, `shot-010` and `Shot010` all give shot and 010; `beautyPass` gives two humps."""
    plain, offsets = (text, None) if text.isascii() else _plain(text)
    end_before, hump_before = -1, False
    for match in _WORD.finditer(plain):
        start, end = match.span()
        is_hump = plain[start] in _LATIN
        found = match.group().casefold()[:MAX_WORD_LENGTH]
        continues = is_hump and hump_before and start == end_before
        yield Word(found, *((start, end) if offsets is None else (offsets[start], offsets[end - 1] + 1)), continues)
        end_before, hump_before = end, is_hump


_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def value_of(number: str) -> str:
    """The lexeme of a number whatever its padding: `010` and `10` share `#10`."""
    return "#" + (number.lstrip("0") or "0")


def camel_names(found: Iterable[Word]) -> Iterator[list[Word]]:
    """The words with the humps of one name together; every other word stands alone."""
    name: list[Word] = []
    for word in found:
        if name and not word.continues:
            yield name
            name = []
        name.append(word)
    if name:
        yield name


def joined(name: Iterable[Word]) -> str:
    """The humps of a name as one word, as people type it."""
    return "".join(word.text for word in name)[:MAX_WORD_LENGTH]


def title(name: str) -> str:
    """What names are sorted and told equal by."""
    return titled(words(name))


def titled(found: Iterable[Word]) -> str:
    """The words with numbers in one padding, of which the first 200 characters count."""
    return " ".join(value_of(w.text)[1:].rjust(12, "0") if w.is_number else w.text for w in found)[:200]


def vector(text: str, weight: str) -> str:
    """The text as a Postgres tsvector literal; every word has this weight (A to D)."""
    return _literal([(word, weight) for word in _limited(words(text))])


def path_vector(path: str) -> str:
    """A path as a tsvector literal: the name weighs A, its folders B, in one sequence so that phrases may span them."""
    name = path.rfind("/") + 1
    return _literal([(word, "A" if word.start >= name else "B") for word in _limited(words(path))])


def searchable(text: str) -> str:
    """The text without accents and case, for substrings."""
    return (text if text.isascii() else _plain(text)[0]).casefold()


def _limited(found: Iterator[Word]) -> Iterator[Word]:
    return (word for word, _ in zip(found, range(MAX_WORDS), strict=False))


def _literal(weighed: list[tuple[Word, str]]) -> str:
    """Positions count from 2, so that the last word of one field and the first of the next make no phrase."""
    places: dict[str, list[str]] = {}
    for position, (word, weight) in enumerate(weighed, 2):
        places.setdefault(word.text, []).append(f"{position}{weight}")
        if word.is_number:
            places.setdefault(value_of(word.text), []).append(f"{position}{weight}")
    if any(word.continues for word, _ in weighed):
        _add_joined_names(places, weighed)
    return " ".join(f"'{lexeme}':{','.join(found)}" for lexeme, found in places.items())


def _add_joined_names(places: dict[str, list[str]], weighed: list[tuple[Word, str]]) -> None:
    """A camelCase name as one word too, standing where its first and its last hump stand."""
    first = 2
    for name in camel_names(word for word, _ in weighed):
        last = first + len(name) - 1
        if last > first:
            weight = weighed[first - 2][1]
            places.setdefault(joined(name), []).extend((f"{first}{weight}", f"{last}{weight}"))
        first = last + 1


def _plain(text: str) -> tuple[str, list[int]]:
    """The text without accents and, for each of its characters, the index in the original."""
    characters: list[str] = []
    offsets: list[int] = []
    for index, character in enumerate(text):
        for plain in _plain_character(character):
            characters.append(plain)
            offsets.append(index)
    return "".join(characters), offsets


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character).translate(_SPELLED)
    return "".join(_digit(c) for c in decomposed if unicodedata.category(c)[0] != "M")


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character
