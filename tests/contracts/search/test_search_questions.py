"""Every search index gives the judged answers."""

from __future__ import annotations

import pytest

from projections.search.queries import Hit, SearchIndex, SearchQuery
from tests.contracts.search.questions import QUESTIONS, Question


def name_of(hit: Hit) -> str:
    return ":".join(part for part in (hit.database_id, hit.asset_id, hit.path) if part is not None)


def answers(index: SearchIndex, question: Question) -> list[str]:
    """All of them, in pages of 100."""
    found: list[str] = []
    after, has_next = None, True
    while has_next:
        query = SearchQuery(text=question.text, filter=question.filter, first=100, after=after, want_total=True)
        page = index.search(query)
        found += map(name_of, page.hits)
        after, has_next = page.hits[-1].cursor if page.hits else None, page.has_next
    assert page.total == len(found)
    return found


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_judged_question_has_its_answer(index: SearchIndex, question: Question) -> None:
    found = answers(index, question)
    assert len(found) == len(set(found))
    assert (found if isinstance(question.answer, list) else set(found)) == question.answer
