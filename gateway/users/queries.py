"""The query `users`."""

from __future__ import annotations

from typing import cast

import strawberry

from gateway.connections import Connection
from gateway.context import Info
from gateway.reads.root import read_pages
from gateway.reads.sources import Pages
from gateway.scalars import Position
from gateway.users.types import USER_ORDER, User

USERS = Pages("User", "true", USER_ORDER)


@strawberry.type
class UserQueries:
    """Queries of users."""

    @strawberry.field(description="Users by id.")
    async def users(
        self, info: Info, first: int | None = None, after: str | None = None, at_least: Position | None = None
    ) -> Connection[User]:
        return cast("Connection[User]", await read_pages(info, USERS))
