"""TagType and Tag: what a client sees of the vocabulary, and where their fields live."""

from __future__ import annotations

from collections.abc import Iterator

import strawberry

from gateway.connections import Node
from gateway.reads.sources import Column, Many, Narrowing, OrderKey, Source, global_id


@strawberry.type(description="A word that assets and links can be tagged with.")
class Tag(Node):
    """A tag."""

    tag_name: str = strawberry.field(description="Unique among all tags, whatever their type; never changes.")
    tag_type_name: str = strawberry.field(description="Type it belongs to.")
    description: str = strawberry.field(description="What it is for; may be empty.")
    asset_count: int = strawberry.field(description="Assets that have it, archived ones included.")
    revision: int = strawberry.field(description="Number of its changes; give it as expectedRevision.")


@strawberry.type(description="A group of tags.")
class TagType(Node):
    """A tag type."""

    tag_type_name: str = strawberry.field(description="Unique; never changes.")
    description: str = strawberry.field(description="What its tags say; may be empty.")
    required: bool = strawberry.field(
        description="Whether every change of an asset's tags must leave it one of this type; while it has any."
    )
    tags: list[Tag] = strawberry.field(description="Its tags by name.")
    revision: int = strawberry.field(description="Number of its changes; give it as expectedRevision.")


@strawberry.input(description="Conditions on tags; all that are given must hold.")
class TagFilter:
    """Conditions on tags."""

    name_contains: str | None = strawberry.field(default=None, description="Text anywhere in the name, in any case.")
    tag_type_names: list[str] | None = strawberry.field(default=None, description="Of any of these types.")


@strawberry.input(description="Conditions on tag types; all that are given must hold.")
class TagTypeFilter:
    """Conditions on tag types."""

    name_contains: str | None = strawberry.field(default=None, description="Text anywhere in the name, in any case.")
    required: bool | None = strawberry.field(default=None, description="Only required, or only optional, types.")


TAG_ORDER = (OrderKey("{t}.tag_name", "text"),)
TAG_TYPE_ORDER = (OrderKey("{t}.tag_type_name", "text"),)

SOURCES = {
    "Tag": Source(
        "Tag",
        "tag_storage",
        {
            "id": global_id("Tag", "{t}.tag_name"),
            "tagName": Column("{t}.tag_name"),
            "tagTypeName": Column("{t}.tag_type_name"),
            "description": Column("{t}.description"),
            "assetCount": Column("(SELECT count(*) FROM asset_storage a WHERE a.tags @> ARRAY[{t}.tag_name])"),
            "revision": Column("{t}.revision"),
        },
    ),
    "TagType": Source(
        "TagType",
        "tag_type_storage",
        {
            "id": global_id("TagType", "{t}.tag_type_name"),
            "tagTypeName": Column("{t}.tag_type_name"),
            "description": Column("{t}.description"),
            "required": Column("{t}.required"),
            "tags": Many("Tag", "{t}.tag_type_name = {p}.tag_type_name", "{t}.tag_name"),
            "revision": Column("{t}.revision"),
        },
    ),
}


def tag_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `filter` of tags."""
    given = narrowing.arguments.get("filter") or {}
    if given.get("nameContains"):
        yield f"position(lower({narrowing.bind(given['nameContains'])}) in lower({narrowing.row}.tag_name)) > 0"
    if given.get("tagTypeNames") is not None:
        yield f"{narrowing.row}.tag_type_name = ANY({narrowing.bind(given['tagTypeNames'], 'text[]')})"


def tag_type_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `filter` of tag types."""
    given = narrowing.arguments.get("filter") or {}
    if given.get("nameContains"):
        yield f"position(lower({narrowing.bind(given['nameContains'])}) in lower({narrowing.row}.tag_type_name)) > 0"
    if given.get("required") is not None:
        yield f"{narrowing.row}.required = {narrowing.bind(given['required'], 'boolean')}"
