"""Entries of many owners in one transaction, with a report of what was refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived, AssetNotFound
from domain.assets.events import AssetMetadataRemoved, AssetMetadataSet
from domain.databases.errors import DatabaseNotFound
from domain.databases.events import DatabaseMetadataSet
from domain.errors import Invalid, LimitExceeded
from domain.files.errors import FileNotFound
from domain.files.events import FileAttributesSet, FileMetadataSet
from domain.files.paths import PathInvalid
from domain.links.commands import create_asset_link
from domain.links.errors import LinkNotFound
from domain.links.events import AssetLinkMetadataSet, RelationshipType
from domain.links.link import AssetKey
from domain.metadata import MetadataEntry, MetadataInvalid
from domain.owners.commands import change_metadata_in_bulk
from domain.owners.errors import ItemsRefused, Refusal
from domain.owners.owner import AssetOwner, DatabaseOwner, FileOwner, LinkOwner, MetadataChange, Owner, Removal, Setting
from domain.schemas.errors import MetadataNotCompliant
from domain.stream import Outcome
from tests.domain.library import ASSET, entry, given_asset, given_file, order, recording, refused
from tests.domain.schemas.describing import NUMBER, given_schema, one
from tests.doubles.memory_ledger import MemoryLedger

SHOT = AssetOwner("shows", "shot_010")
FILE = FileOwner("shows", "shot_010", "a.exr")
NOTE = entry("note", "x")


@pytest.fixture
def library(shot: MemoryLedger) -> MemoryLedger:
    given_file(shot, "a.exr")
    given_asset(shot, "lamp")
    create_asset_link(
        shot,
        "link",
        from_asset=AssetKey("shows", "shot_010"),
        to_asset=AssetKey("shows", "lamp"),
        relationship_type=RelationshipType.RELATED,
        order=order(),
    )
    return shot


def _set(owner: Owner, *entries: MetadataEntry, replace_all: bool = False) -> MetadataChange:
    return MetadataChange(owner, Setting(entries, replace_all))


def _remove(owner: Owner, *keys: str) -> MetadataChange:
    return MetadataChange(owner, Removal(keys))


def _change(ledger: MemoryLedger, *changes: MetadataChange, **values: Any) -> Outcome:
    return change_metadata_in_bulk(ledger, changes, **({"order": order()} | values))


def _refusals(outcome: Outcome) -> list[Refusal]:
    return msgspec.json.decode(outcome.result["refusals"], type=list[Refusal])


def test_owners_of_every_kind_are_changed_at_once(library: MemoryLedger) -> None:
    link_key = {
        "asset_link_id": "link",
        "from_database_id": "shows",
        "from_asset_id": "shot_010",
        "to_database_id": "shows",
        "to_asset_id": "lamp",
    }
    with recording(library) as then:
        outcome = _change(
            library,
            _set(DatabaseOwner("shows"), NOTE),
            _set(SHOT, NOTE),
            _set(FileOwner("shows", "shot_010", "/a.exr"), NOTE),
            _set(FileOwner("shows", "shot_010", "a.exr", attributes=True), NOTE),
            _set(LinkOwner("link"), NOTE),
        )
    assert outcome.result == {"applied": "5", "refusals": "[]"}
    assert then.events == [
        DatabaseMetadataSet(database_id="shows", entries=(NOTE,)),
        AssetMetadataSet(**ASSET, entries=(NOTE,)),
        FileMetadataSet(**ASSET, path="a.exr", entries=(NOTE,)),
        FileAttributesSet(**ASSET, path="a.exr", entries=(NOTE,)),
        AssetLinkMetadataSet(**link_key, entries=(NOTE,)),
    ]


def test_items_of_one_owner_follow_each_other(library: MemoryLedger) -> None:
    given_schema(library, one("unit", is_required=True), one("take", depends_on=("unit",)))
    with recording(library) as then:
        outcome = _change(
            library,
            _set(SHOT, entry("unit", "A")),
            _set(SHOT, entry("take", "1"), entry("note", "x")),
            _remove(SHOT, "unit"),
            _remove(SHOT, "note"),
            _set(SHOT, entry("unit", "B"), replace_all=True),
        )
    assert [(refusal.index, refusal.error) for refusal in _refusals(outcome)] == [(2, "MetadataNotCompliant")]
    assert then.events == [
        AssetMetadataSet(**ASSET, entries=(entry("unit", "A"),)),
        AssetMetadataSet(**ASSET, entries=(entry("take", "1"), entry("note", "x"))),
        AssetMetadataRemoved(**ASSET, keys=("note",)),
        AssetMetadataRemoved(**ASSET, keys=("take",)),
        AssetMetadataSet(**ASSET, entries=(entry("unit", "B"),)),
    ]


BAD: dict[str, tuple[MetadataChange, type[Exception], tuple[str, ...]]] = {
    "no database": (_set(DatabaseOwner("none"), NOTE), DatabaseNotFound, ("databaseId",)),
    "no asset": (_set(AssetOwner("shows", "none"), NOTE), AssetNotFound, ("assetId",)),
    "an archived asset": (_set(AssetOwner("shows", "old"), NOTE), AssetAlreadyArchived, ("assetId",)),
    "no asset of a file": (_set(FileOwner("shows", "none", "a.exr"), NOTE), AssetNotFound, ("assetId",)),
    "an archived asset of a file": (
        _set(FileOwner("shows", "old", "a.exr"), NOTE),
        AssetAlreadyArchived,
        ("assetId",),
    ),
    "no file": (_set(FileOwner("shows", "shot_010", "b.exr"), NOTE), FileNotFound, ("path",)),
    "no path": (_set(FileOwner("shows", "shot_010", "../b"), NOTE), PathInvalid, ("path",)),
    "no link": (_remove(LinkOwner("none"), "a"), LinkNotFound, ("assetLinkId",)),
    "no number": (_set(SHOT, entry("fps", "x", NUMBER)), MetadataInvalid, ("entries", "0", "value")),
    "no compliance": (_set(SHOT, NOTE, entry("lens", "35")), MetadataNotCompliant, ("entries", "1", "valueType")),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_item_is_reported_with_its_place_and_the_others_are_recorded(library: MemoryLedger, fault: str) -> None:
    change, error, path = BAD[fault]
    given_schema(library, one("lens", NUMBER))
    given_asset(library, "old")
    archive_asset(library, "shows", "old", order=order())
    with recording(library) as then:
        outcome = _change(library, _set(FILE, NOTE), change, _set(AssetOwner("shows", "lamp"), NOTE))
    (refusal,) = _refusals(outcome)
    assert (refusal.index, refusal.error, refusal.path) == (1, error.__name__, ("items", "1", *path))
    assert refusal.message
    assert outcome.result["applied"] == "2"
    assert [type(event) for event in then.events] == [AssetMetadataSet, FileMetadataSet]
    with refused(library, ItemsRefused, "items"):
        _change(library, _set(FILE, entry("b", "2")), change, is_all_or_nothing=True)


def test_nothing_is_recorded_when_every_item_is_refused(library: MemoryLedger) -> None:
    with refused(library, ItemsRefused, "items"):
        _change(library, BAD["no file"][0], BAD["no path"][0], order=order(idempotency_key="all bad"))
    with pytest.raises(ItemsRefused, match="2 of 2 items were refused") as caught:
        _change(library, BAD["no file"][0], BAD["no path"][0])
    assert [error.path for error in caught.value.errors] == [("items", "0", "path"), ("items", "1", "path")]


def test_a_repeated_command_answers_with_the_first_report(library: MemoryLedger) -> None:
    changes = (_set(FILE, NOTE), BAD["no link"][0])
    first = _change(library, *changes, order=order(idempotency_key="bulk"))
    with recording(library) as then:
        second = _change(library, *changes, order=order(idempotency_key="bulk"))
    assert (then.events, second.result) == ([], first.result)
    assert second.replayed


def test_a_report_is_the_same_when_another_writer_was_first(library: MemoryLedger) -> None:
    """A decision that is made again reports each item once, with its place."""
    once: list[None] = []
    append = library.recorder.insert_events

    def late(*args: Any, **values: Any) -> Any:
        if not once:
            once.append(None)
            given_schema(library, one("lens", NUMBER))
        return append(*args, **values)

    library.recorder.insert_events = late  # type: ignore[method-assign]
    outcome = _change(library, _set(SHOT, entry("lens", "35")), _set(FILE, NOTE), BAD["no path"][0])
    assert [(one.index, one.path) for one in _refusals(outcome)] == [
        (0, ("items", "0", "entries", "0", "valueType")),
        (2, ("items", "2", "path")),
    ]


def test_a_call_takes_one_to_10_000_items(library: MemoryLedger) -> None:
    with refused(library, Invalid, "items"):
        _change(library)
    with refused(library, LimitExceeded, "items"):
        _change(library, *[_set(SHOT, NOTE)] * 10_001)
