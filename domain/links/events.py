"""What happened to links between assets."""

from __future__ import annotations

from enum import StrEnum

from domain.event import Event
from domain.metadata import MetadataEntry


class RelationshipType(StrEnum):
    """What a link says of its ends."""

    RELATED = "related"
    """Either end is as good as the other."""
    PARENT_CHILD = "parentChild"
    """The asset it goes from is the parent."""


class AssetLinkEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one link. Its ends never change."""

    asset_link_id: str
    from_database_id: str
    from_asset_id: str
    to_database_id: str
    to_asset_id: str


class AssetLinkCreated(AssetLinkEvent, frozen=True, kw_only=True):
    """Two assets are linked from now on."""

    TOPIC = "asset-link-created"
    relationship_type: RelationshipType
    asset_link_alias_id: str | None = None
    """Tells several links from one parent to one child apart."""
    tags: tuple[str, ...] = ()


class AssetLinkAliasSet(AssetLinkEvent, frozen=True, kw_only=True):
    """The link has another alias, or none."""

    TOPIC = "asset-link-alias-set"
    asset_link_alias_id: str | None


class AssetLinkRetagged(AssetLinkEvent, frozen=True, kw_only=True):
    """The whole set of tags was replaced."""

    TOPIC = "asset-link-retagged"
    tags: tuple[str, ...]


class AssetLinkMetadataSet(AssetLinkEvent, frozen=True, kw_only=True):
    """Entries were added or replaced by key."""

    TOPIC = "asset-link-metadata-set"
    entries: tuple[MetadataEntry, ...]


class AssetLinkMetadataRemoved(AssetLinkEvent, frozen=True, kw_only=True):
    """Entries were removed by key."""

    TOPIC = "asset-link-metadata-removed"
    keys: tuple[str, ...]


class AssetLinkDeleted(AssetLinkEvent, frozen=True, kw_only=True):
    """The link is gone; its metadata was removed just before."""

    TOPIC = "asset-link-deleted"


class AssetParentEvent(Event, frozen=True, kw_only=True):
    """Base of the events of the parents of one asset, which guard against repeated links and cycles."""

    child_database_id: str
    child_asset_id: str
    parent_database_id: str
    parent_asset_id: str
    asset_link_alias_id: str | None = None


class AssetParentAttached(AssetParentEvent, frozen=True, kw_only=True):
    """The asset has this parent, once more if it had it under another alias."""

    TOPIC = "asset-parent-attached"


class AssetParentDetached(AssetParentEvent, frozen=True, kw_only=True):
    """The asset has this parent no more under this alias."""

    TOPIC = "asset-parent-detached"


class RelatedPairEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one pair of assets, which guard against relating them twice."""

    asset_link_id: str


class AssetsRelated(RelatedPairEvent, frozen=True, kw_only=True):
    """The two are related, in whichever direction."""

    TOPIC = "assets-related"


class AssetsUnrelated(RelatedPairEvent, frozen=True, kw_only=True):
    """The two are related no more."""

    TOPIC = "assets-unrelated"


EVENTS: tuple[type[Event], ...] = (
    AssetLinkCreated,
    AssetLinkAliasSet,
    AssetLinkRetagged,
    AssetLinkMetadataSet,
    AssetLinkMetadataRemoved,
    AssetLinkDeleted,
    AssetParentAttached,
    AssetParentDetached,
    AssetsRelated,
    AssetsUnrelated,
)
