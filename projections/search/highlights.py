"""Marks in a hit's fields what the question's words matched."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from projections.search.queries import Highlight
from projections.search.text import Term
from projections.search.words import Word, camel_names, joined, value_of, words

MARGIN = 60
"""Characters shown before the first and after the last match of a fragment."""
MAX_FRAGMENTS = 3


@dataclass(frozen=True)
class Matches:
    """The words that a question finds."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def covers(self, word: str) -> bool:
        """Whether the question finds this word, which is folded."""
        return word in self.whole or word.startswith(self.beginnings)


def matches(terms: Sequence[Term], similar: Iterable[str] = ()) -> Matches:
    """What the wanted terms find; `similar` are the words that misspelled ones were taken for."""
    wanted = [term for term in terms if not term.is_excluded and term.words]
    whole = {word.text for term in wanted for word in term.words}
    whole |= {value_of(word.text) for term in wanted if not term.is_exact for word in term.words if word.is_number}
    whole |= {joined(name) for term in wanted if not term.is_exact for name in camel_names(term.words)}
    beginnings = {term.words[-1].text for term in wanted if term.is_unfinished}
    return Matches(frozenset(whole | set(similar)), tuple(sorted(beginnings)))


def highlights(fields: Mapping[str, Sequence[str]], found: Matches) -> tuple[Highlight, ...]:
    """Of each field, by its name, the values that match, as fragments; fields without a match are left out."""
    marked = (
        Highlight(field, tuple(fragments(values, found)[:MAX_FRAGMENTS])) for field, values in fields.items() if values
    )
    return tuple(highlight for highlight in marked if highlight.fragments)


def fragments(values: Sequence[str], found: Matches) -> list[str]:
    """One fragment for each stretch of a value whose matches lie closer than two margins."""
    return [_marked(value, spans) for value in values for spans in _stretches(_spans(value, found))]


def _spans(value: str, found: Matches) -> list[tuple[int, int]]:
    return [
        (word.start, word.end)
        for name in camel_names(words(value))
        for word in name
        if found.covers(joined(name)) or _covers(word, found)
    ]


def _covers(word: Word, found: Matches) -> bool:
    return found.covers(word.text) or (word.is_number and value_of(word.text) in found.whole)


def _stretches(spans: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    stretches: list[list[tuple[int, int]]] = []
    for span in spans:
        if stretches and span[0] - stretches[-1][-1][1] <= 2 * MARGIN:
            stretches[-1].append(span)
        else:
            stretches.append([span])
    return stretches


def _marked(value: str, spans: list[tuple[int, int]]) -> str:
    first, last = max(0, spans[0][0] - MARGIN), min(len(value), spans[-1][1] + MARGIN)
    pieces = ["…" if first else ""]
    shown = first
    for start, end in spans:
        pieces.append(f"{html.escape(value[shown:start])}<em>{html.escape(value[start:end])}</em>")
        shown = end
    pieces.append(html.escape(value[shown:last]) + ("…" if last < len(value) else ""))
    return "".join(pieces)
