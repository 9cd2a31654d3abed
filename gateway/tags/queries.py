"""The root fields that read tag types and tags."""

from __future__ import annotations

from typing import cast

import strawberry

from gateway.connections import Connection
from gateway.context import Info
from gateway.reads.root import read_pages
from gateway.reads.sources import Pages
from gateway.scalars import Position
from gateway.tags.types import (
    TAG_ORDER,
    TAG_TYPE_ORDER,
    Tag,
    TagFilter,
    TagType,
    TagTypeFilter,
    tag_conditions,
    tag_type_conditions,
)

TAGS = Pages("Tag", "true", TAG_ORDER, tag_conditions)
TAG_TYPES = Pages("TagType", "true", TAG_TYPE_ORDER, tag_type_conditions)


@strawberry.type
class TagQueries:
    """Queries of the vocabulary."""

    @strawberry.field(description="Tags by name.")
    async def tags(
        self,
        info: Info,
        filter: TagFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> Connection[Tag]:
        return cast("Connection[Tag]", await read_pages(info, TAGS))

    @strawberry.field(description="Tag types by name.")
    async def tag_types(
        self,
        info: Info,
        filter: TagTypeFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> Connection[TagType]:
        return cast("Connection[TagType]", await read_pages(info, TAG_TYPES))
