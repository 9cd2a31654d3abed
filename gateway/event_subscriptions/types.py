"""EventSubscription: who is told of what and how, and how the last delivery went."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from domain.subscriptions.events import Channel
from gateway.reads.sources import Column, One, OrderKey, Source, timestamp
from gateway.scalars import Position

strawberry.enum(Channel, name="SubscriptionChannel", description="How a subscriber is told.")


@strawberry.enum(description="How the last delivery went.")
class DeliveryState(Enum):
    """States of a delivery."""

    DELIVERED = "DELIVERED"
    RETRYING = "RETRYING"
    FAILED = "FAILED"


@strawberry.type(description="The last attempt to tell a subscriber of an event.")
class SubscriptionDelivery:
    """A delivery."""

    position: Position = strawberry.field(description="The event it was about.")
    state: DeliveryState = strawberry.field(description="FAILED ones are not tried again; later events are.")
    attempts: int = strawberry.field(description="Attempts at this event so far.")
    message: str | None = strawberry.field(description="Why it failed; null when it arrived.")
    attempted_at: datetime = strawberry.field(description="When the last attempt ended.")


@strawberry.type(description="A wish to be told of events about a database or an asset, by webhook or mail.")
class EventSubscription:
    """A subscription."""

    subscription_id: str = strawberry.field(description="Unique.")
    subscriber_id: str = strawberry.field(description="Who made it, as kind:id.")
    database_id: str = strawberry.field(description="Database whose events are told.")
    asset_id: str | None = strawberry.field(description="Asset whose events are told; null for all of the database.")
    event_types: list[str] = strawberry.field(description="Types that are told, as AssetArchived; empty for all.")
    channel: Channel = strawberry.field(description="How.")
    target: str = strawberry.field(description="URL or mail address.")
    is_active: bool = strawberry.field(description="False while it rests; events meanwhile are not told later.")
    created_at: datetime = strawberry.field(description="When it was made; it tells of events after that.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    revision: int = strawberry.field(description="Number of its events; give it as expectedRevision.")
    last_delivery: SubscriptionDelivery | None = strawberry.field(description="Null before the first attempt.")


SUBSCRIPTION_ORDER = (OrderKey("{t}.created_at", "timestamptz"), OrderKey("{t}.subscription_id", "text"))

SOURCES = {
    "EventSubscription": Source(
        "EventSubscription",
        "subscriptions_storage",
        {
            "subscriptionId": Column("{t}.subscription_id"),
            "subscriberId": Column("{t}.subscriber_id"),
            "databaseId": Column("{t}.database_id"),
            "assetId": Column("{t}.asset_id"),
            "eventTypes": Column("to_json({t}.event_types)"),
            "channel": Column("{t}.channel"),
            "target": Column("{t}.target"),
            "isActive": Column("{t}.is_active"),
            "createdAt": timestamp("{t}.created_at"),
            "updatedAt": timestamp("{t}.updated_at"),
            "revision": Column("{t}.revision"),
            "lastDelivery": One("SubscriptionDelivery", "{t}.subscription_id = {p}.subscription_id", present=True),
        },
    ),
    "SubscriptionDelivery": Source(
        "SubscriptionDelivery",
        "notifications.deliveries",
        {
            "position": Column("{t}.position::text"),
            "state": Column("{t}.state"),
            "attempts": Column("{t}.attempts"),
            "message": Column("{t}.message"),
            "attemptedAt": timestamp("{t}.attempted_at"),
        },
    ),
}
