"""Assets of the studio, and what is changed of any of them."""

from __future__ import annotations

from collections.abc import Sequence

from domain.assets.asset import ASSETS
from domain.assets.commands import create_asset, remove_asset_metadata, set_asset_metadata, update_asset
from domain.assets.events import ChosenFile
from domain.assets.versions import create_asset_version, update_asset_version
from domain.comments.commands import create_comment
from domain.files.commands import set_primary_type
from domain.files.lifecycle import archive_files
from domain.links.commands import create_asset_link, set_link_metadata
from domain.links.events import RelationshipType
from domain.links.link import AssetKey
from domain.metadata import MetadataEntry
from domain.owners.commands import change_metadata_in_bulk
from domain.owners.owner import FileOwner, MetadataChange, Removal, Setting
from gateway.demo.studio import words
from gateway.demo.studio.desk import Asset, Desk, text
from gateway.demo.studio.files import Seen


def create(
    desk: Desk, key: tuple[str, str], *, name: str, description: str, kind: str, metadata: tuple[MetadataEntry, ...]
) -> Asset:
    """A new asset with its tags and first metadata."""
    create_asset(
        desk.ledger,
        *key,
        asset_name=name,
        description=description,
        is_distributable=desk.chance(0.5),
        tags=words.tags(desk, kind),
        metadata=metadata,
        order=desk.someone(),
    )
    state = desk.ledger.load(ASSETS, *key).state
    assert state is not None
    return Asset(*key, s3_bucket=state.s3_bucket, location=state.asset_location)


def link(desk: Desk, parent: Asset, child: Asset) -> None:
    """Put an asset under another one."""
    _link(desk, parent, child, RelationshipType.PARENT_CHILD)


def relate(desk: Desk, one: Asset, other: Asset) -> None:
    """Say that two have to do with each other, and why."""
    link_id = _link(desk, one, other, RelationshipType.RELATED)
    set_link_metadata(desk.ledger, link_id, entries=[text("reason", "same set-up")], order=desk.someone())


def revise(desk: Desk, asset: Asset, *, kind: str) -> None:
    """What becomes of any asset in time: another description, other tags, other entries, a remark."""
    update_asset(desk.ledger, *asset.key, description=f"{desk.lot.choice(words.NOTES)} (revised)", order=desk.someone())
    update_asset(desk.ledger, *asset.key, tags=words.tags(desk, kind), order=desk.someone())
    status = text("status", desk.lot.choice(words.TAGS["status"]))
    set_asset_metadata(
        desk.ledger, *asset.key, entries=[status, text("note", desk.lot.choice(words.NOTES))], order=desk.someone()
    )
    if desk.chance(0.3):
        remove_asset_metadata(desk.ledger, *asset.key, keys=["note"], order=desk.someone())
    if desk.chance(0.4):
        body = desk.lot.choice(words.NOTES)
        create_comment(desk.ledger, (*asset.key, desk.uuid()), comment_body=body, order=desk.someone())
    if desk.chance(0.1):
        name = f"{desk.lot.choice(words.ADJECTIVES)} {desk.lot.choice(words.THINGS)}".capitalize()
        update_asset(desk.ledger, *asset.key, asset_name=name, order=desk.someone())


def version(desk: Desk, asset: Asset, number: int, *, chosen: Sequence[Seen] = ()) -> None:
    """Make the version of this number: of these files, or of the latest of all."""
    files = tuple(ChosenFile(path=path, s3_version_id=stored.s3_version_id) for path, stored, _ in chosen)
    alias = f"v{number:03}" if desk.chance(0.5) else None
    note = desk.lot.choice(words.NOTES)
    create_asset_version(
        desk.ledger, *asset.key, comment=note, version_alias=alias, files=files or None, order=desk.someone()
    )
    if desk.chance(0.2):
        key = (*asset.key, number)
        update_asset_version(desk.ledger, key, comment=f"{note} Shown to the client.", order=desk.someone())


def annotate(desk: Desk, asset: Asset, paths: Sequence[str], entries: Sequence[MetadataEntry]) -> None:
    """Set the same entries on many files in one call, and take one of them from a few again."""
    changes = [MetadataChange(FileOwner(*asset.key, path), Setting(entries)) for path in paths]
    change_metadata_in_bulk(desk.ledger, changes, is_all_or_nothing=True, order=desk.someone())
    removals = [
        MetadataChange(FileOwner(*asset.key, path), Removal([entries[-1].key])) for path in desk.some(paths, 0.05)
    ]
    if removals:
        change_metadata_in_bulk(desk.ledger, removals, is_all_or_nothing=True, order=desk.someone())


def measure(desk: Desk, asset: Asset, paths: Sequence[str], entries: Sequence[MetadataEntry]) -> None:
    """Set what a machine found on many files in one call."""
    changes = [MetadataChange(FileOwner(*asset.key, path, attributes=True), Setting(entries)) for path in paths]
    change_metadata_in_bulk(desk.ledger, changes, is_all_or_nothing=True, order=desk.someone())


def sort_out(desk: Desk, asset: Asset, paths: Sequence[str]) -> None:
    """Give one file a role, and archive a few others."""
    set_primary_type(desk.ledger, (*asset.key, paths[0]), primary_type="primary", order=desk.someone())
    if unwanted := desk.some(paths[1:], 0.03):
        reason = "Not used in the cut."
        archive_files(desk.ledger, *asset.key, paths=unwanted, reason=reason, order=desk.someone())


def _link(desk: Desk, one: Asset, other: Asset, relationship: RelationshipType) -> str:
    link_id = desk.uuid()
    create_asset_link(
        desk.ledger,
        link_id,
        from_asset=AssetKey(*one.key),
        to_asset=AssetKey(*other.key),
        relationship_type=relationship,
        order=desk.someone(),
    )
    return link_id
