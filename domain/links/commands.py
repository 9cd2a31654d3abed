"""Commands on links."""

from __future__ import annotations

from collections.abc import Sequence

from domain.assets.asset import ASSETS, Asset
from domain.cause import Order
from domain.ledger import Ledger
from domain.links.errors import LinkAlreadyExists, LinkEndArchived, LinkEndNotFound, LinkNotFound, LinkToSelf
from domain.links.events import AssetLinkCreated, AssetLinkDeleted, RelationshipType
from domain.links.graph import attach, detach, move
from domain.links.link import LINKS, AssetKey, AssetLink, check_alias, evolve, link_key
from domain.metadata import MetadataEntry
from domain.owners.commands import change_metadata
from domain.owners.owner import LinkOwner, MetadataChange, Removal, Setting
from domain.stream import Change, Decision, Outcome, Stream
from domain.tags.rules import check_tags
from domain.tags.use import change_tags


def create_asset_link(
    ledger: Ledger,
    asset_link_id: str,
    *,
    from_asset: AssetKey,
    to_asset: AssetKey,
    relationship_type: RelationshipType,
    alias: str | None = None,
    tags: tuple[str, ...] = (),
    order: Order,
) -> Outcome:
    """Link two active assets; the result has `assetLinkId`.

    Raises LinkToSelf, LinkEndNotFound, LinkEndArchived, LinkAlreadyExists, LinkReversed, LinkWouldCycle,
    LinkAliasInvalid, TagNotFound, Invalid.
    """
    created = AssetLinkCreated(
        **link_key(asset_link_id, from_asset, to_asset),
        relationship_type=relationship_type,
        asset_link_alias_id=check_alias(alias, relationship_type),
        tags=check_tags(tags),
    )
    if from_asset == to_asset:
        raise LinkToSelf

    def decide() -> Decision:
        stream = ledger.load(LINKS, asset_link_id)
        if stream.state:
            raise LinkAlreadyExists
        ends = _active_ends(ledger, from_asset, to_asset)
        attachment = attach(ledger, evolve(None, created))
        tagging = change_tags(ledger, _holder(asset_link_id), before=(), after=created.tags, are_types_required=False)
        return Decision(
            (stream.then(created), attachment.change, *tagging.changes),
            {"assetLinkId": asset_link_id},
            held=(*ends, *attachment.held, *tagging.held),
        )

    return ledger.carry_out(order, decide)


def update_asset_link(
    ledger: Ledger,
    asset_link_id: str,
    *,
    alias: str | None = None,
    tags: tuple[str, ...] | None = None,
    order: Order,
) -> Outcome:
    """Change what is given and differs; None leaves a value, the empty alias removes it.

    Raises LinkNotFound, LinkAlreadyExists for a taken alias, LinkAliasInvalid, TagNotFound, Invalid.
    """
    unique_tags = None if tags is None else check_tags(tags)

    def decide() -> Decision:
        stream, link = load_link(ledger, asset_link_id)
        stream.expect(order)
        new_alias = link.alias if alias is None else check_alias(alias, link.relationship_type)
        new_tags = link.tags if unique_tags is None else unique_tags
        changes: list[Change] = [stream.then(*link.update(alias=new_alias, tags=new_tags))]
        if new_alias != link.alias:
            changes.append(move(ledger, link, alias=new_alias))
        if new_tags == link.tags:
            return Decision(tuple(changes))
        holder = _holder(asset_link_id)
        tagging = change_tags(ledger, holder, before=link.tags, after=new_tags, are_types_required=False)
        return Decision((*changes, *tagging.changes), held=tagging.held)

    return ledger.carry_out(order, decide)


def delete_asset_link(ledger: Ledger, asset_link_id: str, *, order: Order) -> Outcome:
    """Delete the link and its metadata. Raises LinkNotFound."""

    def decide() -> Decision:
        stream, link = load_link(ledger, asset_link_id)
        stream.expect(order)
        deleted = (*link.remove_metadata(tuple(link.metadata)), AssetLinkDeleted(**link.key))
        tagging = change_tags(ledger, _holder(asset_link_id), before=link.tags, after=(), are_types_required=False)
        return Decision((stream.then(*deleted), detach(ledger, link), *tagging.changes))

    return ledger.carry_out(order, decide)


def set_link_metadata(
    ledger: Ledger,
    asset_link_id: str,
    *,
    entries: Sequence[MetadataEntry],
    replace_all: bool = False,
    order: Order,
) -> Outcome:
    """Add or replace entries by key; with `replace_all`, remove every other key. Raises what change_metadata does."""
    setting = Setting(entries, replace_all)
    return change_metadata(ledger, MetadataChange(LinkOwner(asset_link_id), setting), order=order)


def remove_link_metadata(ledger: Ledger, asset_link_id: str, *, keys: Sequence[str], order: Order) -> Outcome:
    """Remove entries by key; keys that do not exist are passed over. Raises what change_metadata does."""
    return change_metadata(ledger, MetadataChange(LinkOwner(asset_link_id), Removal(keys)), order=order)


def load_link(ledger: Ledger, asset_link_id: str) -> tuple[Stream[AssetLink], AssetLink]:
    """The stream and state of an existing link. Raises LinkNotFound."""
    stream = ledger.load(LINKS, asset_link_id)
    if stream.state is None or stream.state.is_deleted:
        raise LinkNotFound(asset_link_id)
    return stream, stream.state


def _active_ends(ledger: Ledger, *ends: AssetKey) -> list[Stream[Asset]]:
    streams = ledger.load_many(ASSETS, [(end.database_id, end.asset_id) for end in ends])
    for end, stream, field in zip(ends, streams, ("fromAssetId", "toAssetId"), strict=True):
        if stream.state is None or stream.state.is_deleted:
            raise LinkEndNotFound(end.database_id, end.asset_id, field=field)
        if stream.state.is_archived:
            raise LinkEndArchived(end.database_id, end.asset_id, field=field)
    return streams


def _holder(asset_link_id: str) -> str:
    return f"asset-link:{asset_link_id}"
