"""Every search index gives the answers that the library's construction says: sets, totals, facets and highlights."""

from __future__ import annotations

import pytest

from projections.search.queries import SearchFacet, SearchIndex, SearchQuery
from tests.contracts.search.library.asking import name_of, pages
from tests.contracts.search.library.catalogue import assets, documents, library
from tests.contracts.search.library.judged import JUDGED
from tests.contracts.search.library.oracle import answers, counts

FACETS = tuple(SearchFacet)


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
