"""Links between assets, and their metadata."""

from __future__ import annotations

from functools import partial

from domain.links.commands import create_asset_link
from domain.links.events import RelationshipType
from domain.links.link import AssetKey
from domain.owners.owner import LinkOwner
from processors.vams_import.entries import Entries, Wanted, apply_entries, entry_of
from processors.vams_import.library import create_dangling_tag
from processors.vams_import.session import Session
from processors.vams_import.staging import Row
from processors.vams_import.values import parts, text, texts

TABLE, METADATA = "AssetLinksStorageTableV2", "AssetLinksMetadataStorageTable"
CARRIED = {
    "assetLinkId",
    "fromAssetDatabaseId:fromAssetId",
    "toAssetDatabaseId:toAssetId",
    "fromAssetId",
    "fromAssetDatabaseId",
    "toAssetId",
    "toAssetDatabaseId",
    "relationshipType",
    "assetLinkAliasId",
    "tags",
}


def import_links(session: Session) -> None:
    """Every link whose two assets were imported, before archived ones are archived."""
    made = {row.key[0] for row in session.staging.of_table(TABLE) if _import_link(session, row)}
    owners: dict[str, Entries] = {}
    for row in session.staging.of_table(METADATA):
        if row.key[0] not in made:
            session.refuse(row, f"the link {row.key[0]!r} was not imported")
        elif entry := entry_of(session, row, "metadata"):
            owners.setdefault(row.key[0], {})[entry.key] = (entry, row)
    items: list[Wanted] = [(LinkOwner(link_id), {}, entries) for link_id, entries in owners.items()]
    apply_entries(session, items, seed=("links",))


def _import_link(session: Session, row: Row) -> bool:
    try:
        relationship = RelationshipType(text(row.get("relationshipType")))
    except ValueError:
        session.refuse(row, f"there is no relationship {text(row.get('relationshipType'))!r}")
        return False
    alias = text(row.get("assetLinkAliasId")) or None
    if alias and relationship is RelationshipType.RELATED:
        session.change(row, f"its alias {alias!r} was left out: only a parent and a child have one")
        alias = None
    command = partial(
        create_asset_link,
        session.ledger,
        row.key[0],
        from_asset=_end(row, "from"),
        to_asset=_end(row, "to"),
        relationship_type=relationship,
        alias=alias,
        tags=session.tags_of(row, texts(row.get("tags")), lambda row, tag: create_dangling_tag(session, row, tag)),
    )
    if session.attempt(row, command) is None:
        return False
    session.came_from(row, "asset-link", (row.key[0],), CARRIED)
    return True


def _end(row: Row, side: str) -> AssetKey:
    composite = text(row.get(f"{side}AssetDatabaseId:{side}AssetId"))
    database_id, asset_id = parts(composite, 2) or ("", "")
    return AssetKey(text(row.get(f"{side}AssetDatabaseId")) or database_id, text(row.get(f"{side}AssetId")) or asset_id)
