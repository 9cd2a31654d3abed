"""search, over whichever index the composition chose."""

from __future__ import annotations

import strawberry

from domain.errors import DomainError
from gateway.assets.filters import OrderDirection
from gateway.connections import PageInfo
from gateway.context import Context, Info, graphql_info
from gateway.errors import client_error
from gateway.graphql.errors import ClientError
from gateway.reads.pages import DEFAULT_SIZE
from gateway.reads.past import AsOf
from gateway.reads.selection import Selection
from gateway.scalars import Position
from gateway.search.types import (
    FacetResult,
    FacetValue,
    GeoCircle,
    MetadataCriterion,
    SearchConnection,
    SearchFilter,
    SearchOrder,
)
from projections.search import orders
from projections.search import queries as index
from projections.search.cursors import key_of
from projections.search.queries import SearchFacet

ONLY_PRESENT = "The search index holds the present only: leave asOf away, or ask assets(asOf:) with a filter."


@strawberry.type
class SearchQueries:
    """Queries of the search index."""

    @strawberry.field(
        description="Assets and files by words, filters and facets; best first, or newest first without words, unless "
        "orderBy says otherwise. Of the present only: asOf is refused."
    )
    async def search(
        self,
        info: Info,
        query: str | None = None,
        filter: SearchFilter | None = None,  # noqa: A002 - the contract's name
        facets: list[SearchFacet] | None = None,
        order_by: list[SearchOrder] | None = None,
        first: int | None = None,
        after: str | None = None,
        as_of: AsOf | None = None,
        at_least: Position | None = None,
    ) -> SearchConnection:
        context: Context = info.context
        if as_of is not None:
            raise ClientError(ONLY_PRESENT, "INVALID")
        wanted = _selected(info)
        try:
            question = index.SearchQuery(
                text=query or "",
                filter=_filter(filter),
                facets=tuple(facets or ()),
                order=tuple(map(_order, order_by or ())),
                first=DEFAULT_SIZE if first is None else first,
                after=after,
                want_total="totalCount" in wanted,
                want_highlights="highlights" in wanted,
            )
            key_of(question)
        except DomainError as error:
            raise client_error(error) from error
        await context.wait_for(at_least, follower="search")
        page = await context.services.search(question)
        return _connection(page, is_behind=after is not None)


def _connection(page: index.SearchPage, *, is_behind: bool) -> SearchConnection:
    cursors = [hit.cursor for hit in page.hits]
    return SearchConnection(
        hits=[_row(hit) for hit in page.hits],
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=is_behind,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        ),
        total_count=page.total or 0,
        facets=[_facet(facet) for facet in page.facets],
    )


def _row(hit: index.Hit) -> dict[str, object]:
    return {
        "entity": hit.entity.value.lower(),
        "database_id": hit.database_id,
        "asset_id": hit.asset_id,
        "path": hit.path,
        "cursor": hit.cursor,
        "score": hit.score,
        "highlights": [{"field": h.field, "fragments": list(h.fragments)} for h in hit.highlights],
    }


def _facet(facet: index.FacetResult) -> FacetResult:
    values = [FacetValue(value=value.value, count=value.count) for value in facet.values]
    return FacetResult(facet=SearchFacet(facet.facet), values=values)


def _order(given: SearchOrder) -> orders.SearchOrder:
    return orders.SearchOrder(field=given.field, is_descending=given.direction is OrderDirection.DESC)


def _filter(given: SearchFilter | None) -> index.SearchFilter:
    if given is None:
        return index.SearchFilter()
    return index.SearchFilter(
        entity_types=tuple(given.entity_types or ()),
        database_ids=tuple(given.database_ids or ()),
        asset_types=tuple(given.asset_types or ()),
        tags_any=tuple(given.tags_any or ()),
        tags_all=tuple(given.tags_all or ()),
        file_extensions=tuple(given.file_extensions or ()),
        include_archived=bool(given.include_archived),
        metadata=tuple(_criterion(criterion) for criterion in given.metadata or ()),
    )


def _criterion(given: MetadataCriterion) -> index.MetadataCriterion:
    return index.MetadataCriterion(
        key=given.key,
        equals=given.equals,
        contains=given.contains,
        gte=given.gte,
        lte=given.lte,
        within=_circle(given.within),
    )


def _circle(given: GeoCircle | None) -> index.GeoCircle | None:
    if given is None:
        return None
    return index.GeoCircle(latitude=given.latitude, longitude=given.longitude, radius_meters=given.radius_meters)


def _selected(info: Info) -> set[str]:
    """Names selected of the connection and of its edges: what the index need not compute otherwise."""
    raw = graphql_info(info)
    selection = Selection(raw)
    types = raw.schema.type_map
    fields = selection.fields(raw.field_nodes, types["SearchConnection"])  # type: ignore[arg-type]
    names = {field.name for field in fields}
    for field in fields:
        if field.name == "edges":
            names |= {child.name for child in selection.fields(field.nodes, types["SearchEdge"])}  # type: ignore[arg-type]
    return names
