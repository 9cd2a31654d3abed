"""Terms as OpenSearch queries: spans over the places of words, and what makes one document better than another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from projections.search.text import Term, spelled_name
from projections.search.tsquery import strokes_forgiven
from projections.search.words import Word, camel_names, joined, value_of

Clause: TypeAlias = dict[str, Any]
WORDS, TITLE = "interneg.words", "interneg.title"
WEIGHTS = {"a": 1.0, "b": 0.4, "c": 0.2, "d": 0.1}
"""What ts_rank gives the weights of a tsvector."""
NAMED = 10.0
"""More than other fields can add to the same words in a name."""
MAX_SIMILAR = 1_000
"""Words of the index that one misspelled word may stand for."""


def matching(terms: Sequence[Term], *, is_forgiving: bool = False) -> Clause:
    """All terms, excluded ones negated; with `is_forgiving`, words of letters may be misspelled."""
    wanted = [_term(term, is_forgiving=is_forgiving) for term in terms if not term.is_excluded]
    unwanted = [_term(term, is_forgiving=False) for term in terms if term.is_excluded]
    return {"bool": {"filter": wanted or [{"match_all": {}}], "must_not": unwanted}}


def can_forgive(terms: Sequence[Term]) -> bool:
    """Whether a word of these may be misspelled."""
    names = (name for term in terms if not term.is_excluded and not term.is_exact for name in camel_names(term.words))
    return any(strokes_forgiven(joined(name)) for name in names)


def scoring(terms: Sequence[Term], *, is_forgiving: bool = False) -> list[Clause]:
    """One clause a wanted word, worth the weight of the best field that holds it, and one for a name that is just what
    was typed. No statistics of the index take part, so the score of a document changes only with the document."""
    named = {"constant_score": {"filter": {"term": {TITLE: spelled_name(terms)}}, "boost": NAMED}}
    return [*_word_scores(terms, is_forgiving=is_forgiving), *([] if is_forgiving else [named])]


def _word_scores(terms: Sequence[Term], *, is_forgiving: bool) -> list[Clause]:
    return [
        {"dis_max": {"tie_breaker": 0.1, "queries": [_weighed(forms, weight) for weight in WEIGHTS]}}
        for term in terms
        if not term.is_excluded
        for forms in _scored_forms(term, is_forgiving=is_forgiving)
    ]


def _weighed(forms: list[Clause], weight: str) -> Clause:
    field = f"{WORDS}_{weight}"
    alternatives = [_in_field(form, field) for form in forms]
    return {"constant_score": {"filter": {"bool": {"should": alternatives}}, "boost": WEIGHTS[weight]}}


def _scored_forms(term: Term, *, is_forgiving: bool) -> Iterator[list[Clause]]:
    for name in camel_names(term.words):
        is_unfinished = term.is_unfinished and name[-1] is term.words[-1]
        for word in name:
            forms = _word(word, is_exact=term.is_exact, is_unfinished=is_unfinished and word is name[-1])
            yield [{"term": {WORDS: form}} for form in forms] + (_similar(name) if is_forgiving else [])


def _in_field(clause: Clause, field: str) -> Clause:
    [(kind, given)] = clause.items()
    return {kind: {field: given[WORDS]}}


def _term(term: Term, *, is_forgiving: bool) -> Clause:
    if not term.words:
        return {"match_none": {}}
    if term.is_exact:
        return _near([_any([_form(form) for form in _word(word, is_exact=True)]) for word in term.words])
    names = list(camel_names(term.words))
    last = len(names) - 1
    return _near(
        [
            _any(_name(name, is_unfinished=term.is_unfinished and i == last, is_forgiving=is_forgiving))
            for i, name in enumerate(names)
        ]
    )


def _name(name: list[Word], *, is_unfinished: bool, is_forgiving: bool) -> list[Clause]:
    """One word, one number in any padding, or a camelCase name written either way."""
    last = len(name) - 1
    humps = [
        _any([_form(form) for form in _word(word, is_unfinished=is_unfinished and i == last)])
        for i, word in enumerate(name)
    ]
    alternatives = [_near(humps)]
    if last:
        whole = joined(name)
        alternatives.append(_form(whole if is_unfinished else f"={whole}"))
    if is_forgiving:
        alternatives.extend({"span_multi": {"match": similar}} for similar in _similar(name))
    return alternatives


def _similar(name: list[Word]) -> list[Clause]:
    word = joined(name)
    strokes = strokes_forgiven(word)
    if not strokes:
        return []
    given = {"value": f"~{word}", "fuzziness": strokes, "prefix_length": 1, "max_expansions": MAX_SIMILAR}
    return [{"fuzzy": {WORDS: given}}]


def _word(word: Word, *, is_exact: bool = False, is_unfinished: bool = False) -> list[str]:
    """The forms that stand for the word: as it is, by value when it is a number, or as the beginning of another."""
    forms = [f"={value_of(word.text)}"] if word.is_number and not is_exact else [f"={word.text}"]
    return [*forms, word.text] if is_unfinished else forms


def _form(form: str) -> Clause:
    return {"span_term": {WORDS: form}}


def _any(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"span_or": {"clauses": clauses}}


def _near(clauses: list[Clause]) -> Clause:
    """Side by side, in this order."""
    if len(clauses) == 1:
        return clauses[0]
    return {"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}
