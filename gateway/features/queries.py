"""The query `features`."""

from __future__ import annotations

from typing import cast

import strawberry

from gateway.connections import Connection
from gateway.context import Info
from gateway.features.types import FEATURE_ORDER, Feature
from gateway.reads.root import read_pages
from gateway.reads.sources import Pages
from gateway.scalars import Position

FEATURES = Pages("Feature", "true", FEATURE_ORDER)


@strawberry.type
class FeatureQueries:
    """Queries of features."""

    @strawberry.field(description="Features that are on, by name.")
    async def features(
        self, info: Info, first: int | None = None, after: str | None = None, at_least: Position | None = None
    ) -> Connection[Feature]:
        return cast("Connection[Feature]", await read_pages(info, FEATURES))
