"""The link aggregate: what it guards, what it decides, and how events change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.links.errors import LinkAliasInvalid
from domain.links.events import (
    AssetLinkAliasSet,
    AssetLinkCreated,
    AssetLinkDeleted,
    AssetLinkEvent,
    AssetLinkMetadataRemoved,
    AssetLinkMetadataSet,
    AssetLinkRetagged,
    RelationshipType,
)
from domain.metadata import Metadata, MetadataEntry, merged
from domain.schemas.rules import UNGOVERNED, Rules
from domain.stream import Aggregate

MAX_ALIAS_LENGTH = 128


@dataclass(frozen=True)
class AssetKey:
    """An asset by its ids."""

    database_id: str
    asset_id: str


@dataclass(frozen=True)
class AssetLink:
    """What commands need to know of a link."""

    asset_link_id: str
    parent: AssetKey
    """The end it goes from; the parent, unless the two are related."""
    child: AssetKey
    relationship_type: RelationshipType
    alias: str | None
    tags: tuple[str, ...]
    metadata: Metadata = field(default_factory=dict)
    is_deleted: bool = False

    @property
    def key(self) -> dict[str, str]:
        """What every event of the link carries."""
        return link_key(self.asset_link_id, self.parent, self.child)

    def update(self, *, alias: str | None, tags: tuple[str, ...]) -> tuple[AssetLinkEvent, ...]:
        """One event for each value that differs."""
        events: list[AssetLinkEvent] = []
        if alias != self.alias:
            events.append(AssetLinkAliasSet(**self.key, asset_link_alias_id=alias))
        if tags != self.tags:
            events.append(AssetLinkRetagged(**self.key, tags=tags))
        return tuple(events)

    def set_metadata(
        self, entries: Sequence[MetadataEntry], *, replace_all: bool, rules: Rules = UNGOVERNED
    ) -> tuple[AssetLinkEvent, ...]:
        """Events for what really changes; none when nothing does. Raises what Rules.setting does."""
        changed, removed = rules.setting(self.metadata, entries, replace_all=replace_all)
        return self._metadata_events(changed, removed)

    def remove_metadata(self, keys: Sequence[str], *, rules: Rules = UNGOVERNED) -> tuple[AssetLinkEvent, ...]:
        """An event for those of the keys that exist; none when no key does. Raises MetadataNotCompliant."""
        return self._metadata_events((), rules.removing(self.metadata, keys))

    def _metadata_events(
        self, changed: tuple[MetadataEntry, ...], removed: tuple[str, ...]
    ) -> tuple[AssetLinkEvent, ...]:
        removal = (AssetLinkMetadataRemoved(**self.key, keys=removed),) if removed else ()
        setting = (AssetLinkMetadataSet(**self.key, entries=changed),) if changed else ()
        return (*removal, *setting)


def link_key(asset_link_id: str, parent: AssetKey, child: AssetKey) -> dict[str, str]:
    """The fields of AssetLinkEvent."""
    return {
        "asset_link_id": asset_link_id,
        "from_database_id": parent.database_id,
        "from_asset_id": parent.asset_id,
        "to_database_id": child.database_id,
        "to_asset_id": child.asset_id,
    }


def check_alias(alias: str | None, relationship_type: RelationshipType) -> str | None:
    """The alias, None for the empty one. Raises LinkAliasInvalid over 128 characters, or between related assets."""
    if not alias:
        return None
    if relationship_type is RelationshipType.RELATED:
        raise LinkAliasInvalid("Only links from a parent to a child have an alias: leave it out for related assets.")
    if len(alias) > MAX_ALIAS_LENGTH or not alias.isprintable():
        raise LinkAliasInvalid(
            f"An alias has at most {MAX_ALIAS_LENGTH} printable characters; {alias[:40]!r} does not."
        )
    return alias


def evolve(link: AssetLink | None, event: AssetLinkEvent) -> AssetLink:
    """The link after the event."""
    if isinstance(event, AssetLinkCreated):
        parent = AssetKey(event.from_database_id, event.from_asset_id)
        child = AssetKey(event.to_database_id, event.to_asset_id)
        kind, alias = event.relationship_type, event.asset_link_alias_id
        return AssetLink(event.asset_link_id, parent, child, kind, alias, event.tags)
    assert link is not None
    match event:
        case AssetLinkAliasSet():
            return replace(link, alias=event.asset_link_alias_id)
        case AssetLinkRetagged():
            return replace(link, tags=event.tags)
        case AssetLinkMetadataSet():
            return replace(link, metadata=merged(link.metadata, event.entries, ()))
        case AssetLinkMetadataRemoved():
            return replace(link, metadata=merged(link.metadata, (), event.keys))
        case AssetLinkDeleted():
            return replace(link, is_deleted=True)
    raise TypeError(f"{type(event).__name__} is not an event of a link")


LINKS = Aggregate("asset-link", evolve)
