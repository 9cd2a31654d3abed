"""Creating, changing, archiving and describing assets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.assets.commands import (
    archive_asset,
    remove_asset_metadata,
    set_asset_metadata,
    unarchive_asset,
    update_asset,
)
from domain.assets.errors import AssetAlreadyArchived, AssetAlreadyExists, AssetNotArchived, AssetNotFound
from domain.assets.events import (
    AssetArchived,
    AssetCreated,
    AssetDescribed,
    AssetDistributionSet,
    AssetMetadataRemoved,
    AssetMetadataSet,
    AssetRenamed,
    AssetRetagged,
    AssetUnarchived,
)
from domain.buckets.events import AssetLocationReserved
from domain.databases.commands import create_database
from domain.databases.errors import DatabaseNotFound
from domain.databases.events import AssetEnrolled
from domain.errors import Invalid, RevisionMismatch
from domain.metadata import MetadataInvalid, TooManyMetadataEntries
from domain.tags.events import TagApplied
from tests.domain.library import ASSET, BUCKET_ID, entry, given_asset, given_tags, log, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

ENROLLED = AssetEnrolled(**ASSET, part=34)

Change = Callable[[MemoryLedger, str, Any], object]
CHANGES: dict[str, Change] = {
    "update": lambda ledger, asset, o: update_asset(ledger, "shows", asset, asset_name="Other", order=o),
    "archive": lambda ledger, asset, o: archive_asset(ledger, "shows", asset, order=o),
    "set metadata": lambda ledger, asset, o: set_asset_metadata(
        ledger, "shows", asset, entries=[entry("a", "b")], order=o
    ),
    "remove metadata": lambda ledger, asset, o: remove_asset_metadata(ledger, "shows", asset, keys=["a"], order=o),
}


def _created(asset_id: str = "shot_010", database_id: str = "shows", **values: Any) -> AssetCreated:
    given: dict[str, Any] = {
        "asset_name": "Shot 10",
        "description": "The opening",
        "is_distributable": True,
        "tags": (),
        "bucket_id": BUCKET_ID,
        "s3_bucket": "media",
        "asset_location": f"library/{asset_id}/",
    }
    return AssetCreated(database_id=database_id, asset_id=asset_id, **(given | values))


def _reserved(location: str, database_id: str = "shows", asset_id: str = "shot_010") -> AssetLocationReserved:
    return AssetLocationReserved(
        bucket_id=BUCKET_ID, asset_location=location, database_id=database_id, asset_id=asset_id
    )


def test_an_asset_is_created_with_its_location_in_one_transaction(shows: MemoryLedger) -> None:
    given_tags(shows, "hero", "night")
    with recording(shows) as then:
        given_asset(shows, tags=("hero", "night", "hero"), metadata=(entry("lens", "35"),))
    assert then.events == [
        _reserved("library/shot_010/"),
        ENROLLED,
        _created(tags=("hero", "night"), metadata=(entry("lens", "35"),)),
        TagApplied(tag_name="hero", holder="asset:shows:shot_010"),
        TagApplied(tag_name="night", holder="asset:shows:shot_010"),
    ]
    assert {recorded.cause for recorded in then.entries} == {order().cause}


def test_the_same_id_in_another_database_gets_a_location_of_its_own(shot: MemoryLedger) -> None:
    create_database(shot, "plates", description="All plates", default_bucket_id=BUCKET_ID, order=order())
    with recording(shot) as then:
        given_asset(shot, database_id="plates")
    assert then.events == [
        _reserved("library/shot_010@plates/", database_id="plates"),
        AssetEnrolled(database_id="plates", part=34, asset_id="shot_010"),
        _created(database_id="plates", asset_location="library/shot_010@plates/"),
    ]


def test_a_taken_id_is_refused_even_when_archived(shot: MemoryLedger) -> None:
    archive_asset(shot, "shows", "shot_010", order=order())
    with refused(shot, AssetAlreadyExists, "assetId"):
        given_asset(shot)


def test_an_unknown_database_is_refused(shows: MemoryLedger) -> None:
    with refused(shows, DatabaseNotFound, "databaseId"):
        given_asset(shows, database_id="plates")


@pytest.mark.parametrize(
    "asset_id",
    [
        "",
        " ",
        "a ",
        "a.",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a:b",
        "a*",
        "a@b",
        "a\n",
        "a\x00",
        "a\ud800",
        "a" * 257,
        "é" * 129,
    ],
)
def test_a_bad_id_is_refused(shows: MemoryLedger, asset_id: str) -> None:
    with refused(shows, Invalid, "assetId"):
        given_asset(shows, asset_id)


@pytest.mark.parametrize("asset_id", ["a", ".a", "a b,c'd-e_f.g", "é" * 128, "a" * 256, "ショット"])
def test_an_id_that_could_be_a_file_name_is_taken(shows: MemoryLedger, asset_id: str) -> None:
    with recording(shows) as then:
        given_asset(shows, asset_id)
    assert then.events[2] == _created(asset_id)


@pytest.mark.parametrize("asset_name", ["", " ", "a" * 257, "a\nb", "a\x00b", "a\ud800"])
def test_a_bad_name_is_refused(shows: MemoryLedger, asset_name: str) -> None:
    with refused(shows, Invalid, "assetName"):
        given_asset(shows, asset_name=asset_name)


@pytest.mark.parametrize("description", ["abc", "a" * 257, "four\x00", "four\udc00"])
def test_a_bad_description_is_refused(shows: MemoryLedger, description: str) -> None:
    with refused(shows, Invalid, "description"):
        given_asset(shows, description=description)


@pytest.mark.parametrize("tag", ["", " a", "a ", "a\n", "a" * 257, "a\x00"])
def test_a_bad_tag_is_refused(shows: MemoryLedger, tag: str) -> None:
    with refused(shows, Invalid, "tags"):
        given_asset(shows, tags=("hero", tag))


def test_more_than_a_hundred_tags_are_refused(shows: MemoryLedger) -> None:
    with refused(shows, Invalid, "tags"):
        given_asset(shows, tags=tuple(f"tag{n}" for n in range(101)))


def test_bad_first_metadata_is_refused(shows: MemoryLedger) -> None:
    with refused(shows, MetadataInvalid, "metadata", "1", "key"):
        given_asset(shows, metadata=(entry("lens", "35"), entry("lens", "50")))


def test_an_update_records_an_event_for_each_value_that_differs(shot: MemoryLedger) -> None:
    given_tags(shot, "hero")
    with recording(shot) as then:
        update_asset(
            shot,
            "shows",
            "shot_010",
            asset_name="Opening",
            description="In rain",
            is_distributable=False,
            tags=("hero", "hero"),
            order=order(),
        )
    assert then.events == [
        AssetRenamed(**ASSET, asset_name="Opening"),
        AssetDescribed(**ASSET, description="In rain"),
        AssetRetagged(**ASSET, tags=("hero",)),
        AssetDistributionSet(**ASSET, is_distributable=False),
        TagApplied(tag_name="hero", holder="asset:shows:shot_010"),
    ]


def test_an_update_that_changes_nothing_records_nothing(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        outcome = update_asset(
            shot, "shows", "shot_010", asset_name="Shot 10", tags=(), is_distributable=True, order=order()
        )
    assert then.events == []
    assert outcome.position == shot.head() == len(log(shot))


def test_an_update_with_bad_values_is_refused(shot: MemoryLedger) -> None:
    with refused(shot, Invalid, "assetName"):
        update_asset(shot, "shows", "shot_010", asset_name="", order=order())
    with refused(shot, Invalid, "description"):
        update_asset(shot, "shows", "shot_010", description="", order=order())
    with refused(shot, Invalid, "tags"):
        update_asset(shot, "shows", "shot_010", tags=("",), order=order())


def test_an_asset_is_archived_and_unarchived_with_reasons(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        archive_asset(shot, "shows", "shot_010", reason="Wrapped", order=order())
        unarchive_asset(shot, "shows", "shot_010", reason="Pickup", order=order())
        archive_asset(shot, "shows", "shot_010", order=order())
    assert then.events == [
        AssetArchived(**ASSET, reason="Wrapped"),
        ENROLLED,
        AssetUnarchived(**ASSET, reason="Pickup"),
        AssetArchived(**ASSET),
    ]


def test_unarchiving_an_active_asset_is_refused(shot: MemoryLedger) -> None:
    with refused(shot, AssetNotArchived, "assetId"):
        unarchive_asset(shot, "shows", "shot_010", order=order())


@pytest.mark.parametrize("reason", ["a" * 257, "a\x00", "a\ud800"])
def test_a_bad_reason_is_refused(shot: MemoryLedger, reason: str) -> None:
    with refused(shot, Invalid, "reason"):
        archive_asset(shot, "shows", "shot_010", reason=reason, order=order())
    with refused(shot, Invalid, "reason"):
        unarchive_asset(shot, "shows", "shot_010", reason=reason, order=order())


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_an_archived_asset_does_not_change(shot: MemoryLedger, change: Change) -> None:
    archive_asset(shot, "shows", "shot_010", order=order())
    with refused(shot, AssetAlreadyArchived, "assetId"):
        change(shot, "shot_010", order())


@pytest.mark.parametrize("asset_id", ["shot_099", "", "a\ud800", "../x"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_an_unknown_asset_is_refused(shot: MemoryLedger, change: Change, asset_id: str) -> None:
    with refused(shot, AssetNotFound, "assetId"):
        change(shot, asset_id, order())


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_another_revision_is_refused(shot: MemoryLedger, change: Change) -> None:
    with refused(shot, RevisionMismatch, "expectedRevision"):
        change(shot, "shot_010", order(expected_revision=2))


def test_unarchiving_at_another_or_of_an_unknown_asset_is_refused(shot: MemoryLedger) -> None:
    archive_asset(shot, "shows", "shot_010", order=order(expected_revision=1))
    with refused(shot, RevisionMismatch, "expectedRevision"):
        unarchive_asset(shot, "shows", "shot_010", order=order(expected_revision=1))
    with refused(shot, AssetNotFound, "assetId"):
        unarchive_asset(shot, "shows", "shot_099", order=order())


def test_metadata_records_only_what_differs(shot: MemoryLedger) -> None:
    set_asset_metadata(shot, "shows", "shot_010", entries=[entry("lens", "35"), entry("unit", "A")], order=order())
    with recording(shot) as then:
        set_asset_metadata(shot, "shows", "shot_010", entries=[entry("lens", "50"), entry("unit", "A")], order=order())
    assert then.events == [AssetMetadataSet(**ASSET, entries=(entry("lens", "50"),))]
    with recording(shot) as then:
        set_asset_metadata(shot, "shows", "shot_010", entries=[entry("unit", "A")], replace_all=True, order=order())
    assert then.events == [AssetMetadataRemoved(**ASSET, keys=("lens",))]


def test_removed_metadata_is_of_existing_keys(shot: MemoryLedger) -> None:
    set_asset_metadata(shot, "shows", "shot_010", entries=[entry("lens", "35")], order=order())
    with recording(shot) as then:
        remove_asset_metadata(shot, "shows", "shot_010", keys=["unit", "lens"], order=order())
    assert then.events == [AssetMetadataRemoved(**ASSET, keys=("lens",))]


def test_metadata_over_the_cap_is_refused_unless_it_replaces_the_rest(shot: MemoryLedger) -> None:
    full = [entry(f"k{n}", "v") for n in range(500)]
    set_asset_metadata(shot, "shows", "shot_010", entries=full, order=order())
    with refused(shot, TooManyMetadataEntries, "entries"):
        set_asset_metadata(shot, "shows", "shot_010", entries=[entry("one more", "v")], order=order())
    with recording(shot) as then:
        set_asset_metadata(shot, "shows", "shot_010", entries=[entry("one", "v")], replace_all=True, order=order())
    assert len(then.events) == 2
