"""Rows of links and their metadata, and every state they had."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from domain.links.events import (
    AssetLinkAliasSet,
    AssetLinkCreated,
    AssetLinkDeleted,
    AssetLinkMetadataRemoved,
    AssetLinkMetadataSet,
    AssetLinkRetagged,
    AssetParentAttached,
    AssetsRelated,
    RelationshipType,
)
from domain.metadata import MetadataValueType
from domain.tags.events import TagApplied
from projections.vams.rows import AssetLinkMetadataRow, AssetLinkRow
from projections.vams.sheets import LINK_METADATA, LINKS
from tests.projections.vams.samples import entry
from tests.projections.vams.tape import Tape, at, history, rows

LINK: Any = {
    "asset_link_id": "link-1",
    "from_database_id": "shows",
    "from_asset_id": "shot_010",
    "to_database_id": "props",
    "to_asset_id": "lamp",
}
CREATED = AssetLinkCreated(
    **LINK, relationship_type=RelationshipType.PARENT_CHILD, asset_link_alias_id="left", tags=("hero", "night")
)
ENDS = ("link-1", "shows", "shot_010", "props", "lamp")
ROW = AssetLinkRow(*ENDS, "parentChild", "left", ["hero", "night"], at(1), at(1), 1, 1)


def test_a_link_has_a_row(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED)
    tape.fold(tables)
    assert rows(tables, LINKS) == [ROW]


def test_changes_replace_the_row_and_stay_in_the_history(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED, AssetLinkAliasSet(**LINK, asset_link_alias_id=None), AssetLinkRetagged(**LINK, tags=()))
    tape.fold(tables)
    second = ROW._replace(asset_link_alias_id=None, updated_at=at(2), revision=2, position=2)
    third = second._replace(tags=[], updated_at=at(3), revision=3, position=3)
    assert rows(tables, LINKS) == [third]
    assert history(tables, LINKS) == [(ROW, 1, 2), (second, 2, 3), (third, 3, None)]


def test_metadata_is_a_row_an_entry_and_moves_the_revision(tables: Connection[Any]) -> None:
    tape = Tape()
    placed = entry("place", '{"x":1,"y":2,"z":3}', MetadataValueType.XYZ)
    tape.add(CREATED, AssetLinkMetadataSet(**LINK, entries=(entry("note", "a"), placed)))
    tape.add(AssetLinkMetadataSet(**LINK, entries=(entry("note", "b"),)))
    tape.add(AssetLinkMetadataRemoved(**LINK, keys=("place",)))
    tape.fold(tables)
    last = AssetLinkMetadataRow("link-1", "note", "b", "string", 3)
    assert rows(tables, LINK_METADATA) == [last]
    assert history(tables, LINK_METADATA) == [
        (AssetLinkMetadataRow("link-1", "note", "a", "string", 2), 2, 3),
        (last, 3, None),
        (AssetLinkMetadataRow("link-1", "place", '{"x":1,"y":2,"z":3}', "xyz", 2), 2, 4),
    ]
    assert rows(tables, LINKS) == [ROW._replace(updated_at=at(4), revision=4, position=4)]


def test_a_deleted_link_is_gone_from_the_present(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED, AssetLinkMetadataSet(**LINK, entries=(entry("note", "a"),)))
    tape.add(AssetLinkMetadataRemoved(**LINK, keys=("note",)), AssetLinkDeleted(**LINK))
    tape.fold(tables)
    assert rows(tables, LINKS) == []
    assert rows(tables, LINK_METADATA) == []
    assert [(start, end) for _, start, end in history(tables, LINKS)] == [(1, 2), (2, 3), (3, 4)]


def test_what_guards_the_graph_changes_no_row(tables: Connection[Any]) -> None:
    tape = Tape()
    attached = AssetParentAttached(
        child_database_id="props", child_asset_id="lamp", parent_database_id="shows", parent_asset_id="shot_010"
    )
    tape.add(attached, AssetsRelated(asset_link_id="link-1"), TagApplied(tag_name="hero", holder="asset-link:link-1"))
    tape.fold(tables)
    assert rows(tables, LINKS) == []
