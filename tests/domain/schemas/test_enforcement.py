"""Schemas are enforced for every owner of entries and for every actor, by the commands themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.assets.commands import remove_asset_metadata, set_asset_metadata
from domain.assets.events import AssetCreated
from domain.assets.reverts import record_revert, revert_asset_version, revert_request
from domain.assets.versions import create_asset_version
from domain.cause import ActorKind, Cause, Order
from domain.databases.commands import remove_database_metadata, set_database_metadata, update_database
from domain.files.commands import remove_file_metadata, set_file_metadata
from domain.ledger import Ledger
from domain.limits import Limits
from domain.links.commands import create_asset_link, delete_asset_link, remove_link_metadata, set_link_metadata
from domain.links.events import RelationshipType
from domain.links.link import AssetKey
from domain.metadata import MetadataEntry, TooManyMetadataEntries
from domain.schemas.commands import disable_metadata_schema
from domain.schemas.errors import MetadataNotCompliant
from domain.schemas.fields import GLOBAL, MetadataEntityType
from domain.schemas.rulebook import Rulebook
from tests.domain.library import NOW, given_asset, given_database, given_file, order, recording, refused
from tests.domain.schemas.describing import ASSETS, ATTRIBUTES, DATABASES, FILES, LINKS, NUMBER, given_schema, one
from tests.doubles.memory_ledger import MemoryLedger

SHOT = ("shows", "shot_010")
FILE = (*SHOT, "a.exr")
Setter = Callable[[Ledger, list[MetadataEntry], Order], Any]
Remover = Callable[[Ledger, list[str], Order], Any]
OWNERS: dict[MetadataEntityType, tuple[Setter, Remover]] = {
    DATABASES: (
        lambda ledger, given, o: set_database_metadata(ledger, "shows", entries=given, order=o),
        lambda ledger, keys, o: remove_database_metadata(ledger, "shows", keys=keys, order=o),
    ),
    ASSETS: (
        lambda ledger, given, o: set_asset_metadata(ledger, *SHOT, entries=given, order=o),
        lambda ledger, keys, o: remove_asset_metadata(ledger, *SHOT, keys=keys, order=o),
    ),
    FILES: (
        lambda ledger, given, o: set_file_metadata(ledger, FILE, entries=given, order=o),
        lambda ledger, keys, o: remove_file_metadata(ledger, FILE, keys=keys, order=o),
    ),
    ATTRIBUTES: (
        lambda ledger, given, o: set_file_metadata(ledger, FILE, entries=given, attributes=True, order=o),
        lambda ledger, keys, o: remove_file_metadata(ledger, FILE, keys=keys, attributes=True, order=o),
    ),
    LINKS: (
        lambda ledger, given, o: set_link_metadata(ledger, "link", entries=given, order=o),
        lambda ledger, keys, o: remove_link_metadata(ledger, "link", keys=keys, order=o),
    ),
}
owners = pytest.mark.parametrize("owner", OWNERS)


@pytest.fixture
def library(shot: MemoryLedger) -> MemoryLedger:
    """An asset with a file, linked to one of the database `props`."""
    given_file(shot, "a.exr")
    given_database(shot, "props")
    given_asset(shot, "lamp", database_id="props")
    create_asset_link(
        shot,
        "link",
        from_asset=AssetKey(*SHOT),
        to_asset=AssetKey("props", "lamp"),
        relationship_type=RelationshipType.RELATED,
        order=order(),
    )
    return shot


@owners
def test_every_owner_is_held_to_its_schemas(library: MemoryLedger, owner: MetadataEntityType) -> None:
    given_schema(library, one("unit", is_required=True), one("take", depends_on=("unit",)), entity_type=owner)
    set_to, remove = OWNERS[owner]
    with refused(library, MetadataNotCompliant, "entries", "0", "key"):
        set_to(library, [entry_of("take", "1")], order())
    set_to(library, [entry_of("unit", "A"), entry_of("take", "1")], order())
    with refused(library, MetadataNotCompliant, "keys"):
        remove(library, ["unit"], order())
    remove(library, ["take"], order())


def entry_of(key: str, value: str) -> MetadataEntry:
    return MetadataEntry(key=key, value=value)


@owners
def test_schemas_of_other_entities_do_not_count(library: MemoryLedger, owner: MetadataEntityType) -> None:
    for kind in MetadataEntityType:
        if kind is not owner:
            given_schema(library, one("unit", is_required=True, default="A"), schema_id=kind, entity_type=kind)
    with recording(library) as then:
        OWNERS[owner][0](library, [entry_of("unit", "")], order())
    assert len(then.events) == 1
    OWNERS[owner][1](library, ["unit"], order())


@owners
@pytest.mark.parametrize("actor", list(ActorKind))
def test_every_actor_is_held_to_schemas(library: MemoryLedger, owner: MetadataEntityType, actor: ActorKind) -> None:
    given_schema(library, one("unit", is_required=True), entity_type=owner, database_id=GLOBAL)
    cause = Cause(actor_kind=actor, actor_id="somebody", correlation_id="c", at=NOW)
    with refused(library, MetadataNotCompliant, "entries", "0", "value"):
        OWNERS[owner][0](library, [entry_of("unit", "")], Order(cause=cause))


@owners
def test_a_restricted_database_takes_only_keys_of_schemas(library: MemoryLedger, owner: MetadataEntityType) -> None:
    set_to, _ = OWNERS[owner]
    update_database(library, "shows", restrict_metadata_outside_schemas=True, order=order())
    set_to(library, [entry_of("before", "x")], order())
    given_schema(library, one("unit"), entity_type=owner)
    with refused(library, MetadataNotCompliant, "entries", "1", "key"):
        set_to(library, [entry_of("unit", "A"), entry_of("free", "x")], order())
    disable_metadata_schema(library, "s1", order=order())
    set_to(library, [entry_of("free", "x")], order())


@pytest.mark.parametrize("restricted", ["shows", "props"])
@pytest.mark.parametrize("described", ["shows", "props", GLOBAL])
def test_a_link_is_restricted_by_either_end_and_described_by_both(
    library: MemoryLedger, restricted: str, described: str
) -> None:
    update_database(library, restricted, restrict_metadata_outside_schemas=True, order=order())
    given_schema(library, one("unit"), entity_type=LINKS, database_id=described)
    with refused(library, MetadataNotCompliant, "entries", "0", "key"):
        set_link_metadata(library, "link", entries=[entry_of("free", "x")], order=order())
    set_link_metadata(library, "link", entries=[entry_of("unit", "x")], order=order())


@pytest.mark.parametrize("attributes", [False, True])
def test_a_file_is_held_to_schemas_of_its_extension_in_any_case(library: MemoryLedger, attributes: bool) -> None:
    kind = ATTRIBUTES if attributes else FILES
    given_schema(library, one("unit", is_required=True), entity_type=kind, file_key_type_restriction=(".exr",))
    for path in ("B.EXR", "c.jpg", "exr"):
        given_file(library, path)
    empty = [entry_of("unit", "")]
    for path in ("a.exr", "B.EXR"):
        with refused(library, MetadataNotCompliant, "entries", "0", "value"):
            set_file_metadata(library, (*SHOT, path), entries=empty, attributes=attributes, order=order())
    for path in ("c.jpg", "exr"):
        set_file_metadata(library, (*SHOT, path), entries=empty, attributes=attributes, order=order())


def test_a_new_asset_is_held_to_schemas_and_gets_their_defaults(shows: MemoryLedger) -> None:
    given_schema(shows, one("unit", is_required=True, default="A"), one("fps", NUMBER))
    with refused(shows, MetadataNotCompliant, "metadata", "0", "valueType"):
        given_asset(shows, metadata=(entry_of("fps", "24"),))
    with recording(shows) as then:
        given_asset(shows)
        given_asset(shows, "shot_020", metadata=(entry_of("note", "x"), entry_of("unit", "B")))
    made = [event.metadata for event in then.events if isinstance(event, AssetCreated)]
    assert made == [(entry_of("unit", "A"),), (entry_of("note", "x"), entry_of("unit", "B"))]


def test_a_new_asset_has_no_more_entries_than_the_cap(shows: MemoryLedger) -> None:
    with refused(shows, TooManyMetadataEntries, "metadata"):
        given_asset(shows, metadata=tuple(entry_of(f"k{n}", "v") for n in range(501)))


@owners
def test_the_cap_is_the_ledgers(library: MemoryLedger, owner: MetadataEntityType) -> None:
    library.limits = Limits(metadata_entries=2)
    set_to, _ = OWNERS[owner]
    set_to(library, [entry_of("a", "1"), entry_of("b", "2")], order())
    with refused(library, TooManyMetadataEntries, "entries"):
        set_to(library, [entry_of("c", "3")], order())


def test_a_revert_brings_back_what_no_longer_complies(shot: MemoryLedger) -> None:
    set_asset_metadata(shot, *SHOT, entries=[entry_of("unit", "A")], order=order())
    create_asset_version(shot, *SHOT, comment="one", order=order())
    remove_asset_metadata(shot, *SHOT, keys=["unit"], order=order())
    given_schema(shot, one("unit", NUMBER))
    revert_asset_version(shot, (*SHOT, 1), comment="Back", with_metadata=True, order=order())
    request = revert_request(shot, *SHOT, revert_id=1)
    with recording(shot) as then:
        record_revert(shot, request, files=[], skipped_paths=[], order=order())
    assert [type(event).__name__ for event in then.events][:1] == ["AssetMetadataSet"]


def test_a_link_is_deleted_whatever_its_schemas_require(library: MemoryLedger) -> None:
    set_link_metadata(library, "link", entries=[entry_of("unit", "A")], order=order())
    given_schema(library, one("unit", is_required=True), entity_type=LINKS)
    delete_asset_link(library, "link", order=order())


def test_databases_are_read_and_held_only_where_a_schema_applies(library: MemoryLedger) -> None:
    rulebook = Rulebook(library)
    rulebook.of_asset("shows")
    assert len(rulebook.held) == 1
    given_schema(library, one("unit"))
    rulebook = Rulebook(library)
    rulebook.of_asset("props")
    assert len(rulebook.held) == 1
    rulebook.of_asset("shows")
    rulebook.of_asset("shows")
    assert len(rulebook.held) == 2


def test_an_entry_that_is_set_again_as_it_is_records_nothing(library: MemoryLedger) -> None:
    given_schema(library, one("unit", default="A"))
    set_asset_metadata(library, *SHOT, entries=[entry_of("note", "x")], order=order())
    with recording(library) as then:
        set_asset_metadata(library, *SHOT, entries=[entry_of("note", "x")], order=order())
    assert then.events == []
