"""ApiKey: what a program acts as a user with; neither the key nor its hash is ever shown."""

from __future__ import annotations

from datetime import datetime

import strawberry

from gateway.connections import Node
from gateway.reads.sources import Column, OrderKey, Source, global_id, timestamp


@strawberry.type(description="A key that a program acts as a user with.")
class ApiKey(Node):
    """An API key."""

    api_key_id: str = strawberry.field(description="Unique; never changes.")
    api_key_name: str = strawberry.field(description="Unique among keys that exist.")
    user_id: str = strawberry.field(description="User it acts as.")
    description: str = strawberry.field(description="What it is for.")
    created_by: str = strawberry.field(description="Who made it, as kind:id.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    expires_at: datetime | None = strawberry.field(description="When it ceases to be good; null never.")
    is_active: bool = strawberry.field(description="Whether it was left switched on.")
    revision: int = strawberry.field(description="Number of its events; give it as expectedRevision.")


API_KEY_ORDER = (OrderKey("{t}.api_key_name", "text"), OrderKey("{t}.api_key_id", "text"))

SOURCES = {
    "ApiKey": Source(
        "ApiKey",
        "api_key_storage",
        {
            "id": global_id("ApiKey", "{t}.api_key_id"),
            "apiKeyId": Column("{t}.api_key_id"),
            "apiKeyName": Column("{t}.api_key_name"),
            "userId": Column("{t}.user_id"),
            "description": Column("{t}.description"),
            "createdBy": Column("{t}.created_by"),
            "createdAt": timestamp("{t}.created_at"),
            "updatedAt": timestamp("{t}.updated_at"),
            "expiresAt": timestamp("{t}.expires_at"),
            "isActive": Column("{t}.is_active"),
            "revision": Column("{t}.revision"),
        },
    )
}
