"""The filter of a question as OpenSearch filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from projections.search.comparable import Range
from projections.search.opensearch.documents import comparable_value
from projections.search.queries import GeoCircle, MetadataCriterion, SearchFacet, SearchFilter
from projections.search.words import searchable

Clause: TypeAlias = dict[str, Any]
SLACK_METERS = 0.01
"""A geo_point is kept in 2^32 steps of latitude and longitude, 9 mm at most."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIELDS = {
    SearchFacet.DATABASE: "interneg.database_id",
    SearchFacet.ASSET_TYPE: "interneg.asset_type",
    SearchFacet.TAG: "interneg.tags",
    SearchFacet.FILE_EXTENSION: "interneg.file_extension",
}


def fixed_clauses(query_filter: SearchFilter) -> list[Clause]:
    """What the filter says beyond the dimensions of facets. A condition on rights belongs here."""
    clauses: list[Clause] = []
    if not query_filter.include_archived:
        clauses.append({"term": {"interneg.is_archived": False}})
    if query_filter.entity_types:
        clauses.append({"terms": {"interneg.entity": [str(entity) for entity in query_filter.entity_types]}})
    clauses.extend({"term": {"interneg.tags": tag}} for tag in query_filter.tags_all)
    clauses.extend(_has_entry(criterion) for criterion in query_filter.metadata)
    return clauses


def facet_clauses(query_filter: SearchFilter) -> dict[SearchFacet, Clause]:
    """What the filter says about the dimension of each facet; facets it says nothing about are left out."""
    extensions = ["." + extension.removeprefix(".").lower() for extension in query_filter.file_extensions]
    given: dict[SearchFacet, Sequence[str]] = {
        SearchFacet.DATABASE: query_filter.database_ids,
        SearchFacet.ASSET_TYPE: query_filter.asset_types,
        SearchFacet.TAG: query_filter.tags_any,
        SearchFacet.FILE_EXTENSION: extensions,
    }
    return {facet: {"terms": {FIELDS[facet]: list(values)}} for facet, values in given.items() if values}


def _has_entry(criterion: MetadataCriterion) -> Clause:
    clauses = list(_entry(criterion))
    return {"nested": {"path": "interneg.metadata", "query": {"bool": {"filter": clauses}}}}


def _entry(criterion: MetadataCriterion) -> Iterator[Clause]:
    yield {"term": {"interneg.metadata.key": criterion.key}}
    if criterion.equals is not None:
        yield {"term": {"interneg.metadata.value": comparable_value(criterion.equals)}}
    if criterion.contains:
        yield {
            "wildcard": {"interneg.metadata.searchable": {"value": f"*{_literally(searchable(criterion.contains))}*"}}
        }
    if criterion.range is not None:
        yield _between(criterion.range)
    if criterion.within is not None:
        yield _within(criterion.within)


def _literally(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\*?" else character for character in text)


def _between(bounds: Range) -> Clause:
    readings: list[Clause] = []
    if bounds.numbers is not None:
        readings.append({"range": {"interneg.metadata.number": _limits(*bounds.numbers)}})
    if bounds.moments is not None:
        low, high = (None if moment is None else _microseconds(moment) for moment in bounds.moments)
        readings.append({"range": {"interneg.metadata.moment": _limits(low, high)}})
    return {"bool": {"should": readings, "minimum_should_match": 1}} if readings else {"match_none": {}}


def _limits(low: float | None, high: float | None) -> dict[str, float]:
    return {name: bound for name, bound in (("gte", low), ("lte", high)) if bound is not None}


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _within(circle: GeoCircle) -> Clause:
    place = {"lat": circle.latitude, "lon": circle.longitude}
    return {"geo_distance": {"distance": f"{circle.radius_meters + SLACK_METERS}m", "interneg.metadata.place": place}}
