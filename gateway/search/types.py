"""SearchConnection and what it is asked with."""

from __future__ import annotations

from typing import Annotated, cast

import strawberry

from gateway.assets.filters import OrderDirection
from gateway.assets.types import Asset
from gateway.connections import PageInfo
from gateway.context import Info
from gateway.files.types import File
from gateway.reads.found import edges
from projections.search.orders import SearchOrderField
from projections.search.queries import SearchEntity, SearchFacet

SearchHit = Annotated[Asset | File, strawberry.union("SearchHit", description="What a search finds.")]


strawberry.enum(SearchEntity, description="Kinds of things a search finds.")
strawberry.enum(SearchFacet, description="What hits can be counted by.")
strawberry.enum(
    SearchOrderField,
    description="What hits can be ordered by. SCORE says nothing without words. NAME compares words, without case and "
    "accents, and numbers by their value. UPDATED_AT is the last change of the asset or file itself. SIZE is that of "
    "the latest version of a file; assets come last either way.",
)


@strawberry.input(description="A circle on the earth.")
class GeoCircle:
    """A circle."""

    latitude: float
    longitude: float
    radius_meters: float


@strawberry.input(description="A condition on one metadata key; all that are given must hold.")
class MetadataCriterion:
    """A condition on metadata. gte and lte compare as number or date by the stored value type."""

    key: str
    equals: str | None = None
    contains: str | None = None
    gte: str | None = None
    lte: str | None = None
    within: GeoCircle | None = None


@strawberry.input(description="One field of an order. Ties are broken by database id, asset id and path.")
class SearchOrder:
    """One field of an order."""

    field: SearchOrderField
    direction: OrderDirection | None = OrderDirection.ASC


@strawberry.input(description="Conditions on hits; all that are given must hold.")
class SearchFilter:
    """Conditions on hits."""

    entity_types: list[SearchEntity] | None = None
    database_ids: list[str] | None = None
    asset_types: list[str] | None = None
    tags_any: list[str] | None = None
    tags_all: list[str] | None = None
    file_extensions: list[str] | None = None
    include_archived: bool | None = False
    metadata: list[MetadataCriterion] | None = None


@strawberry.type(description="Where the words were found.")
class Highlight:
    """A highlight."""

    field: str = strawberry.field(description="Field of the search document.")
    fragments: list[str] = strawberry.field(description="Text around the words, which stand between <em> and </em>.")


@strawberry.type(description="A hit.")
class SearchEdge:
    """A hit."""

    cursor: str = strawberry.field(description="Give it as after to go on behind this hit.")
    score: float | None = strawberry.field(description="Relevance; null without words.")
    highlights: list[Highlight] = strawberry.field(description="Where the words were found.")
    node: SearchHit = strawberry.field(description="The asset or file, as it is now.")


@strawberry.type(description="How many hits have a value.")
class FacetValue:
    """A facet's value."""

    value: str
    count: int


@strawberry.type(description="Counts of hits by one property.")
class FacetResult:
    """A facet."""

    facet: SearchFacet
    values: list[FacetValue] = strawberry.field(description="Most frequent first.")


@strawberry.type(description="A page of hits.")
class SearchConnection:
    """Hits."""

    hits: strawberry.Private[list[dict[str, object]]]
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(description="All hits, exactly.")
    facets: list[FacetResult] = strawberry.field(description="Counts of the facets that were asked for.")

    @strawberry.field(description="Hits in the order asked for; otherwise best first, and newest first without words.")
    async def edges(self, info: Info) -> list[SearchEdge]:
        return cast("list[SearchEdge]", await edges(info, "SearchEdge", self.hits))
