"""The root field that reads a link."""

from __future__ import annotations

import strawberry

from gateway.context import Info
from gateway.links.types import AssetLink
from gateway.reads.past import AsOf
from gateway.reads.root import read_one
from gateway.scalars import Position


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
