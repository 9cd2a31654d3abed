"""The guards of the graph of links: a stream for the parents of each asset, and one for each related pair.

A link from a parent to a child is recorded with its child alone. Whether it would close a cycle is decided by walking
from the parent upwards, and every stream that the walk has read is held: of links that together close a cycle, each
one's walk reads what another one writes, so the last is decided again and finds it. Links elsewhere are not touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.ledger import Ledger
from domain.links.errors import LinkAlreadyExists, LinkReversed, LinkWouldCycle
from domain.links.events import (
    AssetParentAttached,
    AssetParentDetached,
    AssetParentEvent,
    AssetsRelated,
    AssetsUnrelated,
    RelatedPairEvent,
    RelationshipType,
)
from domain.links.link import AssetKey, AssetLink
from domain.stream import Aggregate, Change, Stream

Parents = frozenset[tuple[AssetKey, str | None]]
"""The parents of one asset, each with the alias of its link."""


@dataclass(frozen=True)
class Attachment:
    """What a new link adds to a decision about the graph."""

    change: Change
    held: tuple[Stream[Any], ...] = ()


def attach(ledger: Ledger, link: AssetLink) -> Attachment:
    """Take the place of a new link. Raises LinkAlreadyExists, LinkReversed, LinkWouldCycle."""
    if link.relationship_type is RelationshipType.RELATED:
        pair = ledger.load(PAIRS, *_pair(link))
        if pair.state:
            raise LinkAlreadyExists
        return Attachment(pair.then(AssetsRelated(asset_link_id=link.asset_link_id)))
    parents = _load_parents(ledger, link.child)
    if (link.parent, link.alias) in (parents.state or frozenset()):
        raise LinkAlreadyExists
    return Attachment(parents.then(_attached(link, link.alias)), held=_walk_up(ledger, link))


def move(ledger: Ledger, link: AssetLink, *, alias: str | None) -> Change:
    """Exchange the alias of a link between parent and child. Raises LinkAlreadyExists."""
    parents = _load_parents(ledger, link.child)
    if (link.parent, alias) in (parents.state or frozenset()):
        raise LinkAlreadyExists(field="assetLinkAliasId")
    return parents.then(_detached(link), _attached(link, alias))


def detach(ledger: Ledger, link: AssetLink) -> Change:
    """Give the place of a link back."""
    if link.relationship_type is RelationshipType.RELATED:
        return ledger.load(PAIRS, *_pair(link)).then(AssetsUnrelated(asset_link_id=link.asset_link_id))
    return _load_parents(ledger, link.child).then(_detached(link))


def _walk_up(ledger: Ledger, link: AssetLink) -> tuple[Stream[Parents], ...]:
    """The streams of the parent and of all above it, read a level at a time."""
    held: list[Stream[Parents]] = []
    level, seen = {link.parent}, {link.parent}
    while level:
        streams = ledger.load_many(PARENTS, [(key.database_id, key.asset_id) for key in level])
        above = {parent for stream in streams for parent, _ in stream.state or ()}
        if link.child in above:
            raise LinkWouldCycle if held else LinkReversed
        held += streams
        level = above - seen
        seen |= level
    return tuple(held)


def _load_parents(ledger: Ledger, child: AssetKey) -> Stream[Parents]:
    return ledger.load(PARENTS, child.database_id, child.asset_id)


def _pair(link: AssetLink) -> tuple[str, ...]:
    """The key of the pair, the same for both directions."""
    ends = sorted((end.database_id, end.asset_id) for end in (link.parent, link.child))
    return (*ends[0], *ends[1])


def _attached(link: AssetLink, alias: str | None) -> AssetParentAttached:
    return AssetParentAttached(**_ends(link), asset_link_alias_id=alias)


def _detached(link: AssetLink) -> AssetParentDetached:
    return AssetParentDetached(**_ends(link), asset_link_alias_id=link.alias)


def _ends(link: AssetLink) -> dict[str, str]:
    return {
        "child_database_id": link.child.database_id,
        "child_asset_id": link.child.asset_id,
        "parent_database_id": link.parent.database_id,
        "parent_asset_id": link.parent.asset_id,
    }


def _evolve_parents(parents: Parents | None, event: AssetParentEvent) -> Parents:
    entry = (AssetKey(event.parent_database_id, event.parent_asset_id), event.asset_link_alias_id)
    before: Parents = parents or frozenset()
    return before | {entry} if isinstance(event, AssetParentAttached) else before - {entry}


def _evolve_pair(_: str | None, event: RelatedPairEvent) -> str:
    return event.asset_link_id if isinstance(event, AssetsRelated) else ""


PARENTS = Aggregate("asset-parents", _evolve_parents, is_kept=True)
PAIRS = Aggregate("related-assets", _evolve_pair)
