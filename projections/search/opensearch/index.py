"""Answers questions from the indexes of the live generation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from opensearchpy.exceptions import NotFoundError, OpenSearchException

from projections.search.cursors import Key, cursor, key_of, moment_of
from projections.search.opensearch.conditions import FIELDS, Clause, facet_clauses, fixed_clauses
from projections.search.opensearch.errors import OpenSearchRejected, OpenSearchUnavailable
from projections.search.opensearch.indices import Indices, translated
from projections.search.opensearch.marking import MARKED, marked
from projections.search.opensearch.terms import can_forgive, matching, scoring
from projections.search.orders import SearchOrder, SearchOrderField, ends_with_document, falls
from projections.search.queries import (
    MAX_FACET_VALUES,
    FacetResult,
    FacetValue,
    Hit,
    SearchEntity,
    SearchFacet,
    SearchPage,
    SearchQuery,
)

KEEP_ALIVE = "2m"
"""How long after a page the next one still sees the same moment."""
SORTED = {
    SearchOrderField.SCORE: "_score",
    SearchOrderField.NAME: "interneg.title",
    SearchOrderField.UPDATED_AT: "interneg.position",
    SearchOrderField.SIZE: "interneg.size_bytes",
}
"""Hits without a value come last, whatever the direction."""
SHOWN = ["entity", "database_id", "asset_id", "path"]


class OpenSearchIndex:
    """The search index on OpenSearch. `generation` tells which indexes are live, at each question."""

    def __init__(self, indices: Indices, generation: Callable[[], int]) -> None:
        self._indices = indices
        self._generation = generation

    def search(self, query: SearchQuery) -> SearchPage:
        """See SearchIndex. Raises CursorInvalid, OpenSearchUnavailable, OpenSearchRejected."""
        key, moment = key_of(query), moment_of(query)
        if key is not None and moment is None:
            moment = self._begin_moment()
        answer, moment = self._asked(query, key, moment)
        is_forgiving = False
        if answer["hits"]["total"]["value"] == 0 and can_forgive(query.terms):
            is_forgiving = True
            answer, moment = self._asked(query, key, moment, is_forgiving=True)
        return self._page(query, answer, moment=moment, is_forgiving=is_forgiving)

    def _asked(
        self, query: SearchQuery, key: Key | None, moment: str | None, *, is_forgiving: bool = False
    ) -> tuple[dict[str, Any], str | None]:
        """The answer, and the moment it is of. A moment that has passed is left: the order of hits does not need it."""
        body = _body(query, key, is_forgiving=is_forgiving)
        if moment is not None:
            try:
                with translated("search"):
                    pit = {"id": moment, "keep_alive": KEEP_ALIVE}
                    answer: dict[str, Any] = self._indices.client.search(body={**body, "pit": pit})
            except (NotFoundError, OpenSearchRejected):
                moment = None
            else:
                return answer, answer.get("pit_id", moment)
        return self._now(body), None

    def _now(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._once(body)
        except NotFoundError:
            # A rebuild has dropped what was live a moment ago.
            try:
                return self._once(body)
            except NotFoundError as error:
                raise OpenSearchUnavailable("search, for the indexes of the live print are missing", error) from error

    def _once(self, body: dict[str, Any]) -> dict[str, Any]:
        with translated("search"):
            answer: dict[str, Any] = self._indices.client.search(
                index=self._indices.names(self._generation()), body=body
            )
        return answer

    def _begin_moment(self) -> str | None:
        """A point in time for the second page and those after it; None where no more of them may be open."""
        try:
            opened = self._indices.client.create_pit(
                index=self._indices.names(self._generation()), params={"keep_alive": KEEP_ALIVE}
            )
        except OpenSearchException:
            # Pages stay in order without it, as scores hang on their document alone; see DECISIONS.md.
            return None
        return str(opened["pit_id"])

    def _page(
        self, query: SearchQuery, answer: dict[str, Any], *, moment: str | None, is_forgiving: bool
    ) -> SearchPage:
        hits = answer["hits"]["hits"]
        shown = hits[: query.first]
        return SearchPage(
            hits=tuple(_hit(query, hit, moment=moment, is_forgiving=is_forgiving) for hit in shown),
            total=answer["hits"]["total"]["value"] if query.want_total else None,
            facets=tuple(_facet(facet, answer["aggregations"]) for facet in dict.fromkeys(query.facets)),
            has_next=len(hits) > query.first,
        )


def _body(query: SearchQuery, key: Key | None, *, is_forgiving: bool) -> dict[str, Any]:
    about_facets = facet_clauses(query.filter)
    deferred = {facet: clause for facet, clause in about_facets.items() if facet in query.facets}
    at_once = [clause for facet, clause in about_facets.items() if facet not in deferred]
    wanted: dict[str, Any] = {"filter": [*fixed_clauses(query.filter), *at_once]}
    if not query.is_blank:
        wanted["filter"].append(matching(query.terms, is_forgiving=is_forgiving))
        wanted["should"] = scoring(query.terms, is_forgiving=is_forgiving)
    body: dict[str, Any] = {
        "query": {"bool": wanted},
        "sort": _order(query.sorted_by),
        "track_scores": not query.is_blank,
        "size": query.first + 1,
        "track_total_hits": True if query.want_total else 1,
        "_source": [f"interneg.{name}" for name in SHOWN] + (MARKED if query.want_highlights else []),
    }
    if deferred:
        body["post_filter"] = {"bool": {"filter": list(deferred.values())}}
    if query.facets:
        body["aggs"] = {facet.value: _counting(facet, deferred) for facet in dict.fromkeys(query.facets)}
    if key is not None:
        body["search_after"] = list(key)
    return body


def _order(order: tuple[SearchOrder, ...]) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = [{SORTED[one.field]: {"order": _direction(one.is_descending)}} for one in order]
    if ends_with_document(order):
        keys.append({"interneg.document_id": {"order": _direction(falls(order))}})
    return keys


def _direction(is_descending: bool) -> str:
    return "desc" if is_descending else "asc"


def _counting(facet: SearchFacet, deferred: Mapping[SearchFacet, Clause]) -> dict[str, Any]:
    others = [clause for other, clause in deferred.items() if other is not facet]
    order = [{"_count": "desc"}, {"_key": "asc"}]
    values = {"field": FIELDS[facet], "size": MAX_FACET_VALUES, "shard_size": 10 * MAX_FACET_VALUES, "order": order}
    return {"filter": {"bool": {"filter": others}}, "aggs": {"values": {"terms": values}}}


def _hit(query: SearchQuery, hit: dict[str, Any], *, moment: str | None, is_forgiving: bool) -> Hit:
    ours = hit["_source"]["interneg"]
    return Hit(
        entity=SearchEntity(ours["entity"]),
        database_id=ours["database_id"],
        asset_id=ours["asset_id"],
        path=ours.get("path"),
        score=None if query.is_blank else hit["_score"],
        highlights=marked(query, hit["_source"], is_forgiving=is_forgiving) if query.want_highlights else (),
        cursor=cursor(query, tuple(hit["sort"]), moment=moment),
    )


def _facet(facet: SearchFacet, answer: dict[str, Any]) -> FacetResult:
    buckets = answer[facet.value]["values"]["buckets"]
    return FacetResult(facet, tuple(FacetValue(bucket["key"], bucket["doc_count"]) for bucket in buckets))
