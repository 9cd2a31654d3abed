"""The query `apiKeys`."""

from __future__ import annotations

from typing import cast

import strawberry

from gateway.api_keys.types import API_KEY_ORDER, ApiKey
from gateway.connections import Connection
from gateway.context import Info
from gateway.reads.root import read_pages
from gateway.reads.sources import Pages
from gateway.scalars import Position

API_KEYS = Pages("ApiKey", "true", API_KEY_ORDER)


@strawberry.type
class ApiKeyQueries:
    """Queries of API keys."""

    @strawberry.field(description="API keys by name.")
    async def api_keys(
        self, info: Info, first: int | None = None, after: str | None = None, at_least: Position | None = None
    ) -> Connection[ApiKey]:
        return cast("Connection[ApiKey]", await read_pages(info, API_KEYS))
