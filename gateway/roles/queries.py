"""The query `roles`."""

from __future__ import annotations

from typing import cast

import strawberry

from gateway.connections import Connection
from gateway.context import Info
from gateway.reads.root import read_pages
from gateway.reads.sources import Pages
from gateway.roles.types import ROLE_ORDER, Role
from gateway.scalars import Position

ROLES = Pages("Role", "true", ROLE_ORDER)


@strawberry.type
class RoleQueries:
    """Queries of roles."""

    @strawberry.field(description="Roles by name.")
    async def roles(
        self, info: Info, first: int | None = None, after: str | None = None, at_least: Position | None = None
    ) -> Connection[Role]:
        return cast("Connection[Role]", await read_pages(info, ROLES))
