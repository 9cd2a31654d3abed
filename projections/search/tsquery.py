"""Terms as Postgres text-search queries: exact ones, and the pieces of one that forgives typing errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from projections.search.text import Term
from projections.search.words import Word, camel_names, joined, value_of

NOTHING = "'\x01'"
"""A lexeme that no document holds."""

SHORTEST_FORGIVEN = 4
LONGEST_FORGIVEN = 32
TWO_STROKES_FROM = 7
"""Words of 4 to 6 letters may be one stroke away, longer ones two; shorter ones are taken as typed."""


@dataclass(frozen=True)
class Misspelling:
    """A word that may be meant otherwise, inside a query: either itself or any similar word of the vocabulary."""

    query: str
    """The word as typed, as a tsquery."""
    word: str
    strokes: int
    swaps: tuple[str, ...]


def exact_query(terms: Sequence[Term]) -> str:
    """All terms, excluded ones negated."""
    return " & ".join(f"!({_term(term)})" if term.is_excluded else f"({_term(term)})" for term in terms)


def positive_query(terms: Sequence[Term]) -> str | None:
    """What makes a document better than another; None when the terms only exclude."""
    wanted = [f"({_term(term)})" for term in terms if not term.is_excluded]
    return " & ".join(wanted) if wanted else None


def forgiving_query(terms: Sequence[Term]) -> list[str | Misspelling] | None:
    """The exact query in pieces, with the words that may be misspelled set apart; None when there are none."""
    pieces = list(_forgiving(terms))
    return pieces if any(isinstance(piece, Misspelling) for piece in pieces) else None


def _forgiving(terms: Sequence[Term]) -> Iterator[str | Misspelling]:
    for index, term in enumerate(terms):
        yield " & " if index else ""
        if term.is_excluded or term.is_exact or not term.words:
            yield exact_query([term])
            continue
        yield "("
        for place, name in enumerate(camel_names(term.words)):
            yield " <-> " if place else ""
            query = _name(name, is_unfinished=term.is_unfinished and name[-1] is term.words[-1])
            yield _misspelling(joined(name), query) or query
        yield ")"


def strokes_forgiven(word: str) -> int:
    """How many slips of the finger the word may hold; 0 when it is taken as typed."""
    if not SHORTEST_FORGIVEN <= len(word) <= LONGEST_FORGIVEN or word[0] in "0123456789":
        return 0
    return 1 if len(word) < TWO_STROKES_FROM else 2


def _misspelling(word: str, query: str) -> Misspelling | None:
    strokes = strokes_forgiven(word)
    if not strokes:
        return None
    swaps = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return Misspelling(query, word, strokes, tuple(sorted(swaps)))


def _term(term: Term) -> str:
    if not term.words:
        return NOTHING
    if term.is_exact:
        return " <-> ".join(_quoted(word.text) for word in term.words)
    names = list(camel_names(term.words))
    last = len(names) - 1
    return " <-> ".join(_name(name, is_unfinished=term.is_unfinished and i == last) for i, name in enumerate(names))


def _name(name: list[Word], *, is_unfinished: bool) -> str:
    """One word, one number in any padding, or a camelCase name written either way."""
    if len(name) == 1:
        word = name[0].text
        finished = _quoted(value_of(word) if name[0].is_number else word)
        return f"({finished} | {_quoted(word)}{':*' if is_unfinished else ''})"
    end = ":*" if is_unfinished else ""
    humps = " <-> ".join(_quoted(word.text) for word in name)
    return f"(({humps}{end}) | {_quoted(joined(name))}{end})"


def _quoted(lexeme: str) -> str:
    """Lexemes are letters and digits only, so that quotes suffice."""
    return f"'{lexeme}'"
