"""Role: what constraints name, and users hold."""

from __future__ import annotations

from datetime import datetime

import strawberry

from gateway.connections import Node
from gateway.reads.sources import Column, Many, OrderKey, Source, global_id, timestamp
from gateway.users.types import UserRole


@strawberry.type(description="A role: constraints say what it may do, users hold it.")
class Role(Node):
    """A role."""

    role_name: str = strawberry.field(description="Unique; never changes.")
    description: str = strawberry.field(description="What it is for.")
    mfa_required: bool = strawberry.field(description="Whether it counts only in sessions with a second factor.")
    created_on: datetime = strawberry.field(description="When it was made.")
    revision: int = strawberry.field(description="Number of its events; give it as expectedRevision.")
    holders: list[UserRole] = strawberry.field(description="Who holds it, by user id.")


ROLE_ORDER = (OrderKey("{t}.role_name", "text"),)

SOURCES = {
    "Role": Source(
        "Role",
        "roles_storage",
        {
            "id": global_id("Role", "{t}.role_name"),
            "roleName": Column("{t}.role_name"),
            "description": Column("{t}.description"),
            "mfaRequired": Column("{t}.mfa_required"),
            "createdOn": timestamp("{t}.created_on"),
            "revision": Column("{t}.revision"),
            "holders": Many("UserRole", "{t}.role_name = {p}.role_name", "{t}.user_id"),
        },
    )
}
