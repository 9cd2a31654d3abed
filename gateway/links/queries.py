"""The root fields that read links."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import cast

import strawberry

from domain.links.events import RelationshipType
from gateway.connections import Connection
from gateway.context import Info
from gateway.links.types import AssetLink
from gateway.reads.past import AsOf
from gateway.reads.root import read_one, read_pages
from gateway.reads.sources import Narrowing, OrderKey, Pages
from gateway.scalars import Position


@strawberry.input(description="Conditions on links; all that are given must hold.")
class AssetLinkFilter:
    """Conditions on links."""

    database_id: str | None = strawberry.field(default=None, description="From or to an asset of this database.")
    relationship_type: RelationshipType | None = strawberry.field(default=None, description="Of this type.")
    tags_any: list[str] | None = strawberry.field(default=None, description="At least one of these tags.")


def _conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `filter`."""
    given = narrowing.arguments.get("filter") or {}
    row = narrowing.row
    if given.get("databaseId") is not None:
        yield f"{narrowing.bind(given['databaseId'])} IN ({row}.from_asset_database_id, {row}.to_asset_database_id)"
    if given.get("relationshipType") is not None:
        kind = given["relationshipType"]
        wanted = kind.value if isinstance(kind, Enum) else RelationshipType[kind].value
        yield f"{row}.relationship_type = {narrowing.bind(wanted)}"
    if given.get("tagsAny") is not None:
        yield f"{row}.tags && {narrowing.bind(given['tagsAny'], 'text[]')}"


ASSET_LINKS = Pages("AssetLink", "true", (OrderKey("{t}.asset_link_id", "text"),), _conditions)


@strawberry.type
class LinkQueries:
    """Queries of links."""

    @strawberry.field(description="A link by its id, now or at a moment of the past; null when it was deleted.")
    async def asset_link(
        self,
        info: Info,
        asset_link_id: strawberry.ID,
        as_of: AsOf | None = None,
        at_least: Position | None = None,
    ) -> AssetLink | None:
        return await read_one(info, "AssetLink", {"asset_link_id": str(asset_link_id)}, as_of=as_of, returns=AssetLink)

    @strawberry.field(description="Links of all assets by their ids, now or at a moment of the past.")
    async def asset_links(
        self,
        info: Info,
        filter: AssetLinkFilter | None = None,  # noqa: A002 - the contract's name
        first: int | None = None,
        after: str | None = None,
        as_of: AsOf | None = None,
        at_least: Position | None = None,
    ) -> Connection[AssetLink]:
        return cast("Connection[AssetLink]", await read_pages(info, ASSET_LINKS, as_of=as_of))
