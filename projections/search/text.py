"""Reads what people type into a search box; every text has a meaning, none is an error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from projections.search.words import Word, titled, words

_TERM = re.compile(r'(?P<sign>-?)"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)')


@dataclass(frozen=True)
class Term:
    """Words that must stand side by side: a phrase in quotes, or what stood between two blanks."""

    words: tuple[Word, ...]
    """Empty when the term has neither letter nor digit; then nothing contains it."""
    is_excluded: bool = False
    is_exact: bool = False
    """In quotes: no other padding of numbers, no other spelling."""
    is_unfinished: bool = False
    """The last word of the term may be the beginning of one."""


def parse(text: str) -> tuple[Term, ...]:
    """The terms in order. A term of signs alone counts only when there is no other."""
    matches = list(_TERM.finditer(text))
    terms = [_term(match, is_last=match.end() == len(text)) for match in matches]
    meant = [term for term in terms if term.words]
    return tuple(meant or terms[:1])


def spelled_name(terms: Sequence[Term]) -> str:
    """The name, as names are sorted by, that consists of the wanted words and nothing else."""
    return titled(word for term in terms if not term.is_excluded for word in term.words)


def _term(match: re.Match[str], *, is_last: bool) -> Term:
    phrase = match["phrase"]
    if phrase is not None:
        return Term(tuple(words(phrase)), is_excluded=bool(match["sign"]), is_exact=True)
    word = match["word"]
    is_excluded = word.startswith("-")
    return Term(tuple(words(word)), is_excluded=is_excluded, is_unfinished=is_last and not is_excluded)
