"""Making, changing and deleting links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.errors import Invalid, RevisionMismatch
from domain.links.commands import (
    create_asset_link,
    delete_asset_link,
    remove_link_metadata,
    set_link_metadata,
    update_asset_link,
)
from domain.links.errors import (
    LinkAliasInvalid,
    LinkAlreadyExists,
    LinkEndArchived,
    LinkEndNotFound,
    LinkNotFound,
    LinkReversed,
    LinkToSelf,
    LinkWouldCycle,
)
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
from domain.links.link import AssetKey
from domain.metadata import MetadataInvalid, MetadataValueType, TooManyMetadataEntries
from domain.stream import Outcome
from domain.tags.commands import delete_tag
from domain.tags.errors import TagInUse, TagNotFound
from domain.tags.events import TagApplied, TagTakenOff
from tests.domain.library import entry, given_asset, given_database, given_tags, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

RELATED, PARENT_CHILD = RelationshipType.RELATED, RelationshipType.PARENT_CHILD
ENDS: Any = {"from_database_id": "shows", "from_asset_id": "a", "to_database_id": "shows", "to_asset_id": "b"}
CHILD: Any = {
    "parent_database_id": "shows",
    "parent_asset_id": "a",
    "child_database_id": "shows",
    "child_asset_id": "b",
}
CHANGES: dict[str, Callable[[MemoryLedger, str, Any], object]] = {
    "update": lambda ledger, link, o: update_asset_link(ledger, link, alias="x", order=o),
    "set metadata": lambda ledger, link, o: set_link_metadata(ledger, link, entries=[entry("a", "b")], order=o),
    "remove metadata": lambda ledger, link, o: remove_link_metadata(ledger, link, keys=["a"], order=o),
    "delete": lambda ledger, link, o: delete_asset_link(ledger, link, order=o),
}


@pytest.fixture
def four(shows: MemoryLedger) -> MemoryLedger:
    """A ledger with the assets a, b, c and d in the database `shows`."""
    for name in "abcd":
        given_asset(shows, name)
    return shows


def _key(asset: str) -> AssetKey:
    database_id, _, asset_id = asset.rpartition("/")
    return AssetKey(database_id or "shows", asset_id)


def _link(ledger: MemoryLedger, ends: str, kind: RelationshipType = PARENT_CHILD, **values: Any) -> Outcome:
    """Link `a>b`, under the id `a>b` unless another is given."""
    start, _, end = ends.partition(">")
    identity = values.pop("asset_link_id", f"{ends}{values.get('alias') or ''}")
    given: dict[str, Any] = {
        "from_asset": _key(start),
        "to_asset": _key(end),
        "relationship_type": kind,
        "order": order(),
    }
    return create_asset_link(ledger, identity, **(given | values))


def test_a_child_is_linked_and_its_parent_recorded(four: MemoryLedger) -> None:
    with recording(four) as then:
        outcome = _link(four, "a>b", alias="left")
    assert then.events == [
        AssetLinkCreated(asset_link_id="a>bleft", **ENDS, relationship_type=PARENT_CHILD, asset_link_alias_id="left"),
        AssetParentAttached(**CHILD, asset_link_alias_id="left"),
    ]
    assert outcome.result == {"assetLinkId": "a>bleft"}


def test_related_assets_are_linked_once(four: MemoryLedger) -> None:
    with recording(four) as then:
        _link(four, "a>b", RELATED)
    assert then.events == [
        AssetLinkCreated(asset_link_id="a>b", **ENDS, relationship_type=RELATED),
        AssetsRelated(asset_link_id="a>b"),
    ]


def test_assets_of_two_databases_are_linked(four: MemoryLedger) -> None:
    given_database(four, "props")
    given_asset(four, "a", database_id="props")
    with recording(four) as then:
        _link(four, "a>props/a")
        _link(four, "a>props/a", RELATED, asset_link_id="related")
    assert len(then.events) == 4
    with refused(four, LinkReversed):
        _link(four, "props/a>a")


def test_an_asset_is_not_linked_to_itself(four: MemoryLedger) -> None:
    for kind in RelationshipType:
        with refused(four, LinkToSelf, "toAssetId"):
            _link(four, "a>a", kind)


@pytest.mark.parametrize(
    ("ends", "field"), [("none>a", "fromAssetId"), ("a>none", "toAssetId"), ("x/a>b", "fromAssetId")]
)
def test_an_unknown_end_is_refused(four: MemoryLedger, ends: str, field: str) -> None:
    with refused(four, LinkEndNotFound, field):
        _link(four, ends)


@pytest.mark.parametrize(("ends", "field"), [("a>b", "fromAssetId"), ("b>a", "toAssetId")])
def test_an_archived_end_is_refused(four: MemoryLedger, ends: str, field: str) -> None:
    archive_asset(four, "shows", "a", order=order())
    with refused(four, LinkEndArchived, field):
        _link(four, ends)


def test_a_link_outlives_the_archiving_of_its_ends(four: MemoryLedger) -> None:
    _link(four, "a>b")
    archive_asset(four, "shows", "b", order=order())
    set_link_metadata(four, "a>b", entries=[entry("note", "x")], order=order())
    delete_asset_link(four, "a>b", order=order())


def test_a_pair_is_related_once_in_either_direction(four: MemoryLedger) -> None:
    _link(four, "a>b", RELATED)
    for ends in ("a>b", "b>a"):
        with refused(four, LinkAlreadyExists, "toAssetId"):
            _link(four, ends, RELATED, asset_link_id="again")


def test_a_child_is_linked_once_an_alias(four: MemoryLedger) -> None:
    _link(four, "a>b")
    _link(four, "a>b", alias="left")
    _link(four, "c>b", alias="left")
    for alias in (None, "", "left"):
        with refused(four, LinkAlreadyExists, "toAssetId"):
            _link(four, "a>b", alias=alias, asset_link_id="again")


def test_relatives_may_be_parent_and_child(four: MemoryLedger) -> None:
    _link(four, "b>a", RELATED)
    _link(four, "a>b")


def test_a_taken_id_is_refused(four: MemoryLedger) -> None:
    _link(four, "a>b")
    with refused(four, LinkAlreadyExists, "toAssetId"):
        _link(four, "c>d", asset_link_id="a>b")


@pytest.mark.parametrize("alias", [None, "other"])
def test_a_reverse_link_is_refused_whatever_its_alias(four: MemoryLedger, alias: str | None) -> None:
    _link(four, "a>b", alias="left")
    with refused(four, LinkReversed):
        _link(four, "b>a", alias=alias)


def test_a_cycle_is_refused_however_long(four: MemoryLedger) -> None:
    _link(four, "a>b", alias="one")
    _link(four, "b>c", alias="two")
    _link(four, "c>d")
    for ends in ("c>a", "d>a", "d>b"):
        with refused(four, LinkWouldCycle):
            _link(four, ends)


def test_a_child_of_two_parents_is_no_cycle(four: MemoryLedger) -> None:
    for ends in ("a>b", "a>c", "b>d", "c>d", "a>d"):
        _link(four, ends)


def test_a_link_that_is_gone_closes_no_cycle(four: MemoryLedger) -> None:
    _link(four, "a>b", alias="left")
    _link(four, "a>b")
    delete_asset_link(four, "a>b", order=order())
    with refused(four, LinkReversed):
        _link(four, "b>a")
    delete_asset_link(four, "a>bleft", order=order())
    _link(four, "b>a")


@pytest.mark.parametrize("alias", ["a" * 129, "a\n", "a\x00"])
def test_a_bad_alias_is_refused(four: MemoryLedger, alias: str) -> None:
    with refused(four, LinkAliasInvalid, "assetLinkAliasId"):
        _link(four, "a>b", alias=alias)
    _link(four, "a>b")
    with refused(four, LinkAliasInvalid, "assetLinkAliasId"):
        update_asset_link(four, "a>b", alias=alias, order=order())


def test_related_assets_have_no_alias(four: MemoryLedger) -> None:
    with refused(four, LinkAliasInvalid, "assetLinkAliasId"):
        _link(four, "a>b", RELATED, alias="left")
    _link(four, "a>b", RELATED)
    with refused(four, LinkAliasInvalid, "assetLinkAliasId"):
        update_asset_link(four, "a>b", alias="left", order=order())


def test_tags_of_links_must_exist_and_are_in_use(four: MemoryLedger) -> None:
    given_tags(four, "hero", "night")
    given_tags(four, "anim", tag_type_name="department", is_required=True)
    with refused(four, TagNotFound, "tags"):
        _link(four, "a>b", tags=("none",))
    with recording(four) as then:
        _link(four, "a>b", tags=("hero", "hero"))
    assert then.events[2:] == [TagApplied(tag_name="hero", holder="asset-link:a>b")]
    with refused(four, TagInUse, "tagName"):
        delete_tag(four, "hero", order=order())
    with refused(four, TagNotFound, "tags"):
        update_asset_link(four, "a>b", tags=("none",), order=order())
    with recording(four) as then:
        delete_asset_link(four, "a>b", order=order())
    assert then.events[2:] == [TagTakenOff(tag_name="hero", holder="asset-link:a>b")]
    delete_tag(four, "hero", order=order())


def test_an_update_records_what_differs_and_moves_the_alias(four: MemoryLedger) -> None:
    given_tags(four, "hero")
    _link(four, "a>b")
    identity = {"asset_link_id": "a>b"} | ENDS
    with recording(four) as then:
        update_asset_link(four, "a>b", alias="left", tags=("hero",), order=order())
        update_asset_link(four, "a>b", alias="left", tags=("hero",), order=order())
        update_asset_link(four, "a>b", order=order())
    assert then.events == [
        AssetLinkAliasSet(**identity, asset_link_alias_id="left"),
        AssetLinkRetagged(**identity, tags=("hero",)),
        AssetParentDetached(**CHILD),
        AssetParentAttached(**CHILD, asset_link_alias_id="left"),
        TagApplied(tag_name="hero", holder="asset-link:a>b"),
    ]
    with recording(four) as then:
        update_asset_link(four, "a>b", alias="", order=order())
    assert then.events[0] == AssetLinkAliasSet(**identity, asset_link_alias_id=None)


def test_a_taken_alias_is_refused(four: MemoryLedger) -> None:
    _link(four, "a>b", alias="left")
    _link(four, "a>b", alias="right")
    with refused(four, LinkAlreadyExists, "assetLinkAliasId"):
        update_asset_link(four, "a>bleft", alias="right", order=order())
    update_asset_link(four, "a>bright", alias="", order=order())
    update_asset_link(four, "a>bleft", alias="right", order=order())


def test_metadata_is_set_replaced_and_removed(four: MemoryLedger) -> None:
    _link(four, "a>b")
    identity = {"asset_link_id": "a>b"} | ENDS
    place = entry("place", '{"x": 1, "y": 2, "z": 3}', MetadataValueType.XYZ)
    with recording(four) as then:
        set_link_metadata(four, "a>b", entries=[place, entry("note", "x")], order=order())
        set_link_metadata(four, "a>b", entries=[place], replace_all=True, order=order())
        remove_link_metadata(four, "a>b", keys=["place", "place", "none"], order=order())
        remove_link_metadata(four, "a>b", keys=["place"], order=order())
    assert then.events == [
        AssetLinkMetadataSet(**identity, entries=(place, entry("note", "x"))),
        AssetLinkMetadataRemoved(**identity, keys=("note",)),
        AssetLinkMetadataRemoved(**identity, keys=("place",)),
    ]


def test_metadata_that_does_not_fit_is_refused(four: MemoryLedger) -> None:
    _link(four, "a>b")
    with refused(four, MetadataInvalid, "entries", "0", "value"):
        set_link_metadata(four, "a>b", entries=[entry("m", "[]", MetadataValueType.MATRIX4X4)], order=order())
    many = [entry(f"k{number}", "v") for number in range(501)]
    with refused(four, TooManyMetadataEntries, "entries"):
        set_link_metadata(four, "a>b", entries=many, order=order())


@pytest.mark.parametrize("name", CHANGES)
def test_a_link_that_is_not_there_is_refused(four: MemoryLedger, name: str) -> None:
    with refused(four, LinkNotFound, "assetLinkId"):
        CHANGES[name](four, "none", order())
    _link(four, "a>b")
    delete_asset_link(four, "a>b", order=order())
    with refused(four, LinkNotFound, "assetLinkId"):
        CHANGES[name](four, "a>b", order())


@pytest.mark.parametrize("name", CHANGES)
def test_a_revision_that_is_past_is_refused(four: MemoryLedger, name: str) -> None:
    _link(four, "a>b")
    with refused(four, RevisionMismatch, "expectedRevision"):
        CHANGES[name](four, "a>b", order(expected_revision=7))
    CHANGES[name](four, "a>b", order(expected_revision=1))


def test_deleting_gives_the_place_back(four: MemoryLedger) -> None:
    _link(four, "a>b")
    _link(four, "a>c", RELATED)
    set_link_metadata(four, "a>b", entries=[entry("x", "1"), entry("y", "2")], order=order())
    with recording(four) as then:
        delete_asset_link(four, "a>b", order=order())
        delete_asset_link(four, "a>c", order=order())
    assert then.events == [
        AssetLinkMetadataRemoved(asset_link_id="a>b", **ENDS, keys=("x", "y")),
        AssetLinkDeleted(asset_link_id="a>b", **ENDS),
        AssetParentDetached(**CHILD),
        AssetLinkDeleted(asset_link_id="a>c", **(ENDS | {"to_asset_id": "c"})),
        AssetsUnrelated(asset_link_id="a>c"),
    ]
    _link(four, "a>b", asset_link_id="again")
    _link(four, "c>a", RELATED, asset_link_id="again too")


def test_bad_tags_are_refused(four: MemoryLedger) -> None:
    with refused(four, Invalid, "tags"):
        _link(four, "a>b", tags=("",))
