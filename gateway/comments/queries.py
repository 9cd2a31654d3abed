"""The query `comments`."""

from __future__ import annotations

from typing import cast

import strawberry

from gateway.comments.types import COMMENT_ORDER, Comment, comment_conditions
from gateway.connections import Connection
from gateway.context import Info
from gateway.reads.root import read_pages
from gateway.reads.sources import Pages
from gateway.scalars import Position

COMMENTS = Pages("Comment", "true", COMMENT_ORDER, comment_conditions)


@strawberry.type
class CommentQueries:
    """Queries of comments."""

    @strawberry.field(
        description="Comments on an asset, oldest first; version, path, frame and thread narrow the list."
    )
    async def comments(
        self,
        info: Info,
        database_id: str,
        asset_id: str,
        version_id: str | None = None,
        path: str | None = None,
        frame: int | None = None,
        thread_id: str | None = None,
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> Connection[Comment]:
        return cast("Connection[Comment]", await read_pages(info, COMMENTS))
