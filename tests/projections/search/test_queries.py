"""A question that cannot be answered cannot be made."""

from __future__ import annotations

import math

import pytest

from domain.errors import Invalid, LimitExceeded
from projections.search.errors import (
    BoundInvalid,
    CircleInvalid,
    FacetUnknown,
    PageSizeInvalid,
    QueryTooLong,
    TextInvalid,
    TooManyTerms,
    TooManyValues,
)
from projections.search.queries import GeoCircle, MetadataCriterion, SearchFilter, SearchQuery


def test_a_text_of_a_thousand_characters_is_the_longest() -> None:
    SearchQuery(text="a" * 1_000)
    with pytest.raises(QueryTooLong, match="at most 1000 characters, not 10000"):
        SearchQuery(text="a" * 10_000)


def test_thirty_two_terms_are_the_most() -> None:
    SearchQuery(text="a " * 32)
    with pytest.raises(TooManyTerms, match="at most 32 words and phrases, not 33"):
        SearchQuery(text="a " * 33)


@pytest.mark.parametrize("first", [-1, 0, 101])
def test_a_page_has_one_to_a_hundred_hits(first: int) -> None:
    with pytest.raises(PageSizeInvalid, match=f"1 to 100 hits, not {first}"):
        SearchQuery(first=first)


def test_an_unknown_facet_is_refused() -> None:
    with pytest.raises(FacetUnknown, match="no search facet 'SIZE'"):
        SearchQuery(facets=("SIZE",))  # type: ignore[arg-type]


def test_a_list_has_at_most_a_hundred_values() -> None:
    with pytest.raises(TooManyValues, match="tagsAny takes at most 100 values, not 101"):
        SearchFilter(tags_any=("x",) * 101)


@pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
def test_text_that_no_document_holds_is_refused(value: str) -> None:
    with pytest.raises(TextInvalid, match="databaseIds"):
        SearchFilter(database_ids=(value,))
    with pytest.raises(TextInvalid, match="metadata"):
        MetadataCriterion(key=value)
    with pytest.raises(TextInvalid, match="metadata"):
        MetadataCriterion(key="k", contains=value)


@pytest.mark.parametrize("bound", ["", "tall", "nan", "inf", "2026-13-01"])
def test_a_bound_is_a_number_or_a_date(bound: str) -> None:
    with pytest.raises(BoundInvalid, match="gte compares with"):
        MetadataCriterion(key="k", gte=bound)


@pytest.mark.parametrize(
    ("latitude", "longitude", "radius_meters"),
    [(90.1, 0, 1), (0, -180.1, 1), (0, 0, -1), (0, 0, math.inf), (math.nan, 0, 1), (0, 0, math.nan)],
)
def test_a_circle_is_on_the_earth(latitude: float, longitude: float, radius_meters: float) -> None:
    with pytest.raises(CircleInvalid):
        GeoCircle(latitude=latitude, longitude=longitude, radius_meters=radius_meters)


def test_refusals_belong_to_the_families_of_the_domain() -> None:
    assert issubclass(QueryTooLong, LimitExceeded)
    assert issubclass(BoundInvalid, Invalid)
