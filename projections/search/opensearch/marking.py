"""The highlights of a hit, marked by the same words that were indexed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from rapidfuzz.distance import OSA

from projections.search.highlights import highlights, matches
from projections.search.queries import Highlight, SearchQuery
from projections.search.text import Term
from projections.search.tsquery import LONGEST_FORGIVEN, SHORTEST_FORGIVEN, strokes_forgiven
from projections.search.words import camel_names, joined, words

MAX_ENTRIES = 10
MAX_VALUE = 2_000
"""Characters of a metadata value that are looked at."""
TEXTS = ("str_assetname", "str_assetid", "str_description", "str_asset_version_comment")
MARKED = [
    *TEXTS,
    "list_tags",
    "MD_",
    "AB_",
    "interneg.metadata.kind",
    "interneg.metadata.key",
    "interneg.metadata.is_text",
]
"""What the index has to send along."""


def marked(query: SearchQuery, source: Mapping[str, Any], *, is_forgiving: bool) -> tuple[Highlight, ...]:
    """Where the hit matches, field by field, then at most ten entries of its metadata."""
    fields, entries = _fields(source), _entries(source)
    similar: set[str] = set()
    if is_forgiving:
        similar = _similar(query.terms, [*fields.values(), *entries.values()])
    found = matches(query.terms, similar)
    return (*highlights(fields, found), *islice(highlights(entries, found), MAX_ENTRIES))


def _fields(source: Mapping[str, Any]) -> dict[str, list[str]]:
    path = source["interneg"].get("path")
    fields = {name: [source.get(name) or ""] for name in TEXTS}
    if path is not None:
        fields["str_assetid"] = [""]
    return {**fields, "str_key": [path or ""], "list_tags": source.get("list_tags") or []}


def _entries(source: Mapping[str, Any]) -> dict[str, list[str]]:
    entries = source["interneg"].get("metadata") or ()
    return {
        f"{entry['kind']}_.{entry['key']}": [source[f"{entry['kind']}_"][entry["key"]][:MAX_VALUE]]
        for entry in entries
        if entry.get("is_text") and entry["key"] in source.get(f"{entry['kind']}_", {})
    }


def _similar(terms: Sequence[Term], fields: Sequence[Sequence[str]]) -> set[str]:
    """The words of the fields that misspelled words of the question may have meant."""
    wanted = [name for term in terms if not term.is_excluded and not term.is_exact for name in _names(term)]
    there = {word for values in fields for value in values for word in _spelled(value)}
    return {
        word
        for name in wanted
        for word in there
        if (strokes := strokes_forgiven(name)) and OSA.distance(name, word, score_cutoff=strokes) <= strokes
    }


def _names(term: Term) -> Iterator[str]:
    return (joined(name) for name in camel_names(term.words))


def _spelled(value: str) -> Iterator[str]:
    for name in camel_names(words(value)):
        for word in {*(hump.text for hump in name), joined(name)}:
            if SHORTEST_FORGIVEN <= len(word) <= LONGEST_FORGIVEN:
                yield word
