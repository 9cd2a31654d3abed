"""Every search index answers as the library's construction says: sets, totals, facets, highlights, orders and pages.

In one file, so that one worker fills the indexes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest

from projections.search.errors import CursorInvalid
from projections.search.orders import SearchOrder, SearchOrderField
from projections.search.queries import SearchEntity, SearchFacet, SearchFilter, SearchIndex, SearchQuery
from tests.contracts.search.library.asking import name_of, names, pages
from tests.contracts.search.library.catalogue import Document, assets, documents, library
from tests.contracts.search.library.judged import JUDGED
from tests.contracts.search.library.oracle import answers, anything, counts, plain, words

SCORE, NAME, UPDATED_AT, SIZE = SearchOrderField
FACETS = tuple(SearchFacet)
ASSETS = SearchFilter(entity_types=(SearchEntity.ASSET,))
JADE = SearchFilter(tags_any=("jade",))


def test_the_library_is_as_large_as_it_says() -> None:
    assert (len(assets()), len(documents()), len(library())) == (2_990, 13_690, 16_314)
    assert len({document.name for document in documents()}) == 13_690


@pytest.mark.parametrize("name", JUDGED)
def test_a_judged_question_has_its_answers(index: SearchIndex, name: str) -> None:
    question = JUDGED[name]
    meant = {document.name for document in answers(question.wanted, question.filter)}
    assert len(meant) == question.hits
    query = SearchQuery(
        text=question.text, filter=question.filter, facets=FACETS, first=100, want_total=True, want_highlights=True
    )
    first, *others = pages(index, query)
    found = [name_of(hit) for page in (first, *others) for hit in page.hits]
    assert (len(found), set(found), first.total) == (len(meant), meant, len(meant))
    counted = {result.facet: {value.value: value.count for value in result.values} for result in first.facets}
    assert counted == {facet: counts(question.wanted, question.filter, facet) for facet in FACETS}
    marks = [mark for hit in first.hits for mark in hit.highlights]
    assert all("<em>" in fragment for mark in marks for fragment in mark.fragments)
    assert all(bool(hit.highlights) == bool(question.text) for hit in first.hits)


def by(field: SearchOrderField, *, falling: bool = False) -> SearchOrder:
    return SearchOrder(field=field, is_descending=falling)


def named(document: Document) -> list[tuple[bool, int | str]]:
    """Numbers by their value and before letters; the titles of the library have words and signs only."""
    title = "".join(c if c.isalnum() else " " for c in _humps(unicodedata.normalize("NFC", document.title)))
    return [(not word.isdigit(), int(word) if word.isdigit() else plain(word)) for word in title.split()]


def _humps(title: str) -> str:
    """A blank between letters and digits, and before each hump."""
    spaced = ""
    for before, here in zip(" " + title, title, strict=False):
        is_edge = before.isalpha() != here.isalpha() or (before.islower() and here.isupper())
        spaced += f" {here}" if is_edge else here
    return spaced


def ids(document: Document) -> bytes:
    return document.name.encode()


SORTS: dict[str, tuple[tuple[SearchOrder, ...], Callable[[list[Document]], list[Document]]]] = {
    "name": ((by(NAME),), lambda found: sorted(sorted(found, key=ids), key=named)),
    "name, falling": (
        (by(NAME, falling=True),),
        lambda found: sorted(sorted(found, key=ids), key=named)[::-1],
    ),
    "oldest first": ((by(UPDATED_AT),), lambda found: sorted(found, key=lambda d: d.position)),
    "newest first": ((by(UPDATED_AT, falling=True),), lambda found: sorted(found, key=lambda d: -d.position)),
    "smallest first": (
        (by(SIZE),),
        lambda found: sorted(sorted(found, key=ids), key=lambda d: (d.size_bytes is None, d.size_bytes or 0)),
    ),
    "largest first": (
        (by(SIZE, falling=True),),
        lambda found: sorted(
            sorted(found, key=ids, reverse=True), key=lambda d: (d.size_bytes is None, -(d.size_bytes or 0))
        ),
    ),
    "size, then name": (
        (by(SIZE), by(NAME)),
        lambda found: sorted(
            sorted(sorted(found, key=ids), key=named), key=lambda d: (d.size_bytes is None, d.size_bytes or 0)
        ),
    ),
    "name, then newest": (
        (by(NAME), by(UPDATED_AT, falling=True), by(SIZE)),
        lambda found: sorted(sorted(found, key=lambda d: -d.position), key=named),
    ),
}


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", ["", "beauty.0001 "])
def test_hits_come_in_the_order_asked_for(index: SearchIndex, sort: str, text: str) -> None:
    order, sort_by = SORTS[sort]
    narrowed = SearchFilter() if text else JADE
    meant = sort_by(answers(words("beauty", 1) if text else anything, narrowed))
    query = SearchQuery(text=text, filter=narrowed, order=order, first=97)
    assert names(index, query) == [document.name for document in meant]


@pytest.mark.parametrize("order", [(), (by(NAME),)], ids=["newest", "name"])
def test_pages_go_on_beyond_ten_thousand_hits(index: SearchIndex, order: tuple[SearchOrder, ...]) -> None:
    found = names(index, SearchQuery(order=order, first=100))
    assert len(found) == 13_615
    assert set(found) == {document.name for document in answers(anything, SearchFilter())}


def test_hits_have_scores_whatever_they_are_sorted_by(index: SearchIndex) -> None:
    found = index.search(SearchQuery(text="harbour", order=(by(NAME),), first=10)).hits
    assert all(hit.score is not None and hit.score > 0 for hit in found)


def test_score_means_nothing_without_text(index: SearchIndex) -> None:
    newest = index.search(SearchQuery(first=5))
    assert index.search(SearchQuery(order=(by(SCORE),), first=5)) == newest


def test_equally_good_hits_follow_another_field(index: SearchIndex) -> None:
    """The first sequence is better than others, because it has the number too."""
    query = SearchQuery(text="beauty.0001 ", order=(by(SCORE, falling=True), by(NAME, falling=True)), first=30)
    hits = index.search(query).hits
    assert len({hit.score for hit in hits}) == 1
    assert [hit.path for hit in hits] == [
        f"renders/beauty/shot_{shot:03}_beauty.0001.exr" for shot in range(300, 0, -10)
    ]


def test_a_cursor_of_another_order_is_refused(index: SearchIndex) -> None:
    cursor = index.search(SearchQuery(order=(by(NAME),), first=1)).hits[0].cursor
    with pytest.raises(CursorInvalid):
        index.search(SearchQuery(order=(by(NAME, falling=True),), after=cursor))


ROBOT = "northlight:character-robot-rusty"
BEST: dict[str, tuple[str, int, Callable[[Document], Any]]] = {
    "the asset whose name is what was typed": (
        "rusty robot",
        1,
        lambda d: d.name == ROBOT,
    ),
    "in capitals": ("RUSTY ROBOT", 1, lambda d: d.name == ROBOT),
    "a shot by its number in any padding": (
        "harbour chase shot 10",
        1,
        lambda d: d.name == "northlight:sq01-shot-010",
    ),
    "names before descriptions": ("harbour", 30, lambda d: d.path is None and d.title.startswith("Harbour Chase")),
    "built things before shots that mention one": (
        "compass",
        50,
        lambda d: "Compass" in d.asset.name and "prop" in d.asset.tags,
    ),
    "assets before their files": ("forklift", 100, lambda d: d.path is None and d.title.startswith("Forklift")),
    "places in names": ("viaduct hamburg", 10, lambda d: d.path is None and d.title.startswith("Hamburg viaduct")),
    "the object, then its photographs": ("1923.1.7", 1, lambda d: "1923.1.7" in d.name or "1923-1-7" in d.name),
    "the corrected name": ("rusty robto", 1, lambda d: d.name == ROBOT),
    "the name as one types it": ("rusty rob", 1, lambda d: d.name == ROBOT),
    "files by their own name before their folders'": (
        "turntable",
        240,
        lambda d: d.path is not None and "_turntable." in d.path,
    ),
    "frames of a pass by name": ("shot_010_beauty", 75, lambda d: "/shot_010_beauty." in (d.path or "")),
}


@pytest.mark.parametrize("name", BEST)
def test_the_best_answers_come_first(index: SearchIndex, name: str) -> None:
    text, count, is_best = BEST[name]
    hits = [hit for page in islice(pages(index, SearchQuery(text=text, first=100)), 3) for hit in page.hits]
    best = {document.name for document in answers(is_best, SearchFilter())}
    assert len(hits) >= count
    assert {name_of(hit) for hit in hits[:count]} <= best
    assert len(best) >= count
