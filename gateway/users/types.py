"""User: a person who may be given roles and keys."""

from __future__ import annotations

from datetime import datetime

import strawberry

from gateway.connections import Node
from gateway.reads.sources import Column, Many, OrderKey, Source, global_id, timestamp


@strawberry.type(description="A role that a user holds.")
class UserRole:
    """A held role."""

    user_id: str = strawberry.field(description="Who holds it.")
    role_name: str = strawberry.field(description="Which one.")
    created_on: datetime = strawberry.field(description="Since when.")


@strawberry.type(description="A person who may be given roles and API keys.")
class User(Node):
    """A user."""

    user_id: str = strawberry.field(description="As the identity provider names them.")
    email: str = strawberry.field(description="Where mail goes.")
    created_at: datetime = strawberry.field(description="When they became known.")
    revision: int = strawberry.field(description="Number of their events; give it as expectedRevision.")
    roles: list[UserRole] = strawberry.field(description="Roles they hold, by name.")


USER_ORDER = (OrderKey("{t}.user_id", "text"),)

SOURCES = {
    "User": Source(
        "User",
        "user_storage",
        {
            "id": global_id("User", "{t}.user_id"),
            "userId": Column("{t}.user_id"),
            "email": Column("{t}.email"),
            "createdAt": timestamp("{t}.created_at"),
            "revision": Column("{t}.revision"),
            "roles": Many("UserRole", "{t}.user_id = {p}.user_id", "{t}.role_name"),
        },
    ),
    "UserRole": Source(
        "UserRole",
        "user_roles_storage",
        {
            "userId": Column("{t}.user_id"),
            "roleName": Column("{t}.role_name"),
            "createdOn": timestamp("{t}.created_on"),
        },
    ),
}
