"""Assets that come with their objects, and where things came from."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assets.errors import AssetAlreadyExists
from domain.assets.events import AssetCreated
from domain.buckets.events import AssetLocationReserved
from domain.databases.errors import DatabaseNotFound
from domain.databases.events import AssetEnrolled
from domain.imports.commands import ImportedAsset, import_asset, record_origins
from domain.imports.errors import LocationTaken
from domain.imports.events import OriginRecorded
from tests.domain.library import BUCKET_ID, given_asset, given_database, given_tags, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

ORIGIN = OriginRecorded(source="vams", subject_kind="asset", subject=("shows", "x1"), source_key=("shows", "x1"))


def imported(**values: Any) -> ImportedAsset:
    given: dict[str, Any] = {
        "database_id": "shows",
        "asset_id": "x1",
        "asset_name": "Shot",
        "description": "The opening",
        "is_distributable": True,
        "tags": (),
        "bucket_id": BUCKET_ID,
        "asset_location": "adopted/here/",
    }
    return ImportedAsset(**(given | values))


def test_an_imported_asset_has_the_place_of_its_objects_to_itself(ledger: MemoryLedger) -> None:
    given_database(ledger)
    with recording(ledger) as then:
        import_asset(ledger, imported(), order=order())
    assert [type(event) for event in then.events] == [AssetLocationReserved, AssetEnrolled, AssetCreated]
    assert [event.asset_location for event in then.events if isinstance(event, AssetCreated)] == ["adopted/here/"]
    with refused(ledger, LocationTaken):
        import_asset(ledger, imported(asset_id="x2"), order=order())


def test_an_imported_asset_needs_no_tag_of_a_required_type(ledger: MemoryLedger) -> None:
    given_database(ledger)
    given_tags(ledger, "night", is_required=True)
    with recording(ledger) as then:
        import_asset(ledger, imported(), order=order())
    assert isinstance(then.events[-1], AssetCreated)


def test_an_asset_that_is_there_and_a_database_that_is_not_are_refused(ledger: MemoryLedger) -> None:
    given_database(ledger)
    given_asset(ledger)
    with refused(ledger, AssetAlreadyExists, "assetId"):
        import_asset(ledger, imported(asset_id="shot_010"), order=order())
    with pytest.raises(DatabaseNotFound):
        import_asset(ledger, imported(database_id="props"), order=order())


def test_an_origin_is_recorded_once_and_again_when_it_says_something_else(ledger: MemoryLedger) -> None:
    other = OriginRecorded(
        source="vams", subject_kind="asset", subject=("shows", "x1"), source_key=("shows", "x1"), made_by="ada"
    )
    with recording(ledger) as then:
        record_origins(ledger, [ORIGIN], order=order())
        record_origins(ledger, [ORIGIN], order=order())
        record_origins(ledger, [other], order=order())
    assert then.events == [ORIGIN, other]
