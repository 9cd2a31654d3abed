"""The query `subscriptions`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import strawberry

from gateway.connections import Connection
from gateway.context import Context, Info
from gateway.event_subscriptions.types import SUBSCRIPTION_ORDER, EventSubscription
from gateway.reads.root import read_pages
from gateway.reads.sources import Narrowing, Pages
from gateway.scalars import Position

COLUMNS = {"subscriptionId": "subscription_id", "databaseId": "database_id", "assetId": "asset_id"}


@strawberry.type
class SubscriptionQueries:
    """Queries of subscriptions."""

    @strawberry.field(description="One's own subscriptions, oldest first.")
    async def subscriptions(
        self,
        info: Info,
        subscription_id: str | None = None,
        database_id: str | None = None,
        asset_id: str | None = None,
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> Connection[EventSubscription]:
        context: Context = info.context

        def own(narrowing: Narrowing) -> Iterator[str]:
            yield f"{narrowing.row}.subscriber_id = {narrowing.bind(context.principal.actor)}"
            for name, column in COLUMNS.items():
                if narrowing.arguments.get(name) is not None:
                    yield f"{narrowing.row}.{column} = {narrowing.bind(narrowing.arguments[name])}"

        pages = Pages("EventSubscription", "true", SUBSCRIPTION_ORDER, own)
        return cast("Connection[EventSubscription]", await read_pages(info, pages))
