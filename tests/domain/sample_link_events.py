"""One event of every class about links between assets."""

from __future__ import annotations

from typing import Any

from domain.event import Event
from domain.links.events import (
    AssetLinkAliasSet,
    AssetLinkCreated,
    AssetLinkDeleted,
    AssetLinkMetadataRemoved,
    AssetLinkMetadataSet,
    AssetLinkRetagged,
    AssetParentAttached,
    AssetParentDetached,
    AssetsRelated,
    AssetsUnrelated,
    RelationshipType,
)
from domain.metadata import MetadataEntry

LINK: Any = {
    "asset_link_id": "link-1",
    "from_database_id": "shows",
    "from_asset_id": "shot_010",
    "to_database_id": "props",
    "to_asset_id": "lamp",
}
PARENT: Any = {
    "child_database_id": "props",
    "child_asset_id": "lamp",
    "parent_database_id": "shows",
    "parent_asset_id": "shot_010",
}


def link_samples(entries: tuple[MetadataEntry, ...]) -> tuple[Event, ...]:
    """In the order of the catalogue."""
    return (
        AssetLinkCreated(
            **LINK, relationship_type=RelationshipType.PARENT_CHILD, asset_link_alias_id="left", tags=("hero",)
        ),
        AssetLinkAliasSet(**LINK, asset_link_alias_id="right"),
        AssetLinkRetagged(**LINK, tags=("night",)),
        AssetLinkMetadataSet(**LINK, entries=entries),
        AssetLinkMetadataRemoved(**LINK, keys=("lens",)),
        AssetLinkDeleted(**LINK),
        AssetParentAttached(**PARENT, asset_link_alias_id="left"),
        AssetParentDetached(**PARENT, asset_link_alias_id="left"),
        AssetsRelated(asset_link_id="link-1"),
        AssetsUnrelated(asset_link_id="link-1"),
    )
