"""AssetLink, the links of an asset, and the tree that they make: what a client sees of them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.links.events import RelationshipType
from gateway.connections import Node, unplanned
from gateway.metadata import MetadataEntry
from gateway.metadata_schemas.types import MetadataField

if TYPE_CHECKING:
    from gateway.assets.types import Asset

strawberry.enum(RelationshipType, description="What a link says of its ends.")


@strawberry.enum(description="Which way a tree of links is followed.")
class LinkDirection(Enum):
    """Directions."""

    CHILDREN = "CHILDREN"
    PARENTS = "PARENTS"


@strawberry.type(description="Two assets that belong together; perhaps of two databases.")
class AssetLink(Node):
    """A link."""

    asset_link_id: strawberry.ID = strawberry.field(description="Made with the link; never changes.")
    relationship_type: RelationshipType = strawberry.field(description="Whether the assets are parent and child.")
    asset_link_alias_id: str | None = strawberry.field(
        description="Tells several links from one parent to one child apart; null for related assets."
    )
    tags: list[str] = strawberry.field(description="Its tags, in the order they were given.")
    from_: Annotated[Asset, strawberry.lazy("gateway.assets.types")] = strawberry.field(
        name="from", description="The parent; of related assets the one that was named first."
    )
    to: Annotated[Asset, strawberry.lazy("gateway.assets.types")] = strawberry.field(
        description="The child; of related assets the one that was named second."
    )
    metadata: list[MetadataEntry] = strawberry.field(description="Its own entries, by key, as its transform.")
    metadata_fields: list[MetadataField] = strawberry.field(
        description="What enabled metadata schemas of both databases ask of its entries, by sequence; set or not."
    )
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When anything of it last changed.")
    revision: int = strawberry.field(description="Number of its events; give it as expectedRevision.")


@strawberry.type(description="The links of an asset; those to archived assets only where they are asked for.")
class AssetLinks:
    """Links by what the other end is."""

    hidden_count: int = strawberry.field(description="Links whose other end is archived.")

    @strawberry.field(description="Links from its parents, by database and asset id.")
    def parents(self, include_archived: bool | None = False) -> list[AssetLink]:
        unplanned("AssetLinks.parents")

    @strawberry.field(description="Links to its children, by database and asset id.")
    def children(self, include_archived: bool | None = False) -> list[AssetLink]:
        unplanned("AssetLinks.children")

    @strawberry.field(description="Links to assets it is related to, whichever was named first.")
    def related(self, include_archived: bool | None = False) -> list[AssetLink]:
        unplanned("AssetLinks.related")


@strawberry.type(description="An asset that a tree of links reaches, by one of the links that reach it.")
class LinkedAsset:
    """One link of a tree, with the asset at its far end."""

    depth: int = strawberry.field(description="Links from the start to here, at least; from 1.")
    link: AssetLink = strawberry.field(description="The link; each is listed once.")
    asset: Annotated[Asset, strawberry.lazy("gateway.assets.types")] = strawberry.field(
        description="The asset it leads to; listed with each link that does."
    )
