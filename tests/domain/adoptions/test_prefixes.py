"""Which prefixes an asset can adopt, and what it keeps others from."""

from __future__ import annotations

import pytest

from domain.adoptions.errors import AdoptedPrefixInvalid, AdoptedPrefixTaken
from domain.adoptions.events import AssetAdoptionRequested
from domain.assets.commands import create_asset, location_of_new
from domain.assets.errors import AssetAlreadyExists
from domain.assets.events import AssetCreated
from domain.buckets.events import AssetLocationEnclosed, AssetLocationReserved
from tests.domain.library import BUCKET_ID, given_asset, log, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

FIELD = "bucketExistingKey"


def adopt(ledger: MemoryLedger, asset_id: str, prefix: str) -> None:
    create_asset(
        ledger,
        "shows",
        asset_id,
        asset_name=asset_id,
        description="Found",
        is_distributable=True,
        bucket_existing_key=prefix,
        order=order(),
    )


def test_the_prefix_belongs_to_the_asset_and_those_above_it_to_none(shows: MemoryLedger) -> None:
    with recording(shows) as then:
        adopt(shows, "old", "/library/years/2019/shot")
    above = [event.asset_location for event in then.events if isinstance(event, AssetLocationEnclosed)]
    assert above == ["library/years/", "library/years/2019/"]
    (reserved,) = (event for event in then.events if isinstance(event, AssetLocationReserved))
    assert reserved == AssetLocationReserved(
        bucket_id=BUCKET_ID, asset_location="library/years/2019/shot/", database_id="shows", asset_id="old"
    )
    (created,) = (event for event in then.events if isinstance(event, AssetCreated))
    assert created.asset_location == "library/years/2019/shot/"
    assert then.events[-1] == AssetAdoptionRequested(
        database_id="shows", asset_id="old", s3_bucket="media", asset_location="library/years/2019/shot/"
    )


INVALID = [
    "library/",
    "",
    "/",
    "elsewhere/shot/",
    "libraryx/shot/",
    "library//shot/",
    "library/../shot/",
    "library/a/.proxies/",
    "library/previews/shot/",
    "library/temp-upload/",
    "library/a\x00b/",
    f"library/{'x' * 600}/",
]


@pytest.mark.parametrize("prefix", INVALID)
def test_a_prefix_that_can_be_no_assets_is_refused(shows: MemoryLedger, prefix: str) -> None:
    with refused(shows, AdoptedPrefixInvalid, FIELD):
        adopt(shows, "old", prefix)


def test_no_two_assets_share_an_object(shows: MemoryLedger) -> None:
    given_asset(shows, "shot_010")
    adopt(shows, "old", "library/years/2019/")
    for prefix in ("library/shot_010/", "library/shot_010/sub/", "library/years/", "library/years/2019/x/"):
        with refused(shows, AdoptedPrefixTaken, FIELD):
            adopt(shows, "more", prefix)
    with refused(shows, AdoptedPrefixTaken, FIELD):
        adopt(shows, "more", "library/years/2019")
    adopt(shows, "more", "library/years/2020")


def test_an_asset_with_the_name_of_a_folder_of_adopted_ones_gets_another_prefix(shows: MemoryLedger) -> None:
    adopt(shows, "old", "library/years/2019/")
    given_asset(shows, "years")
    assert location_of_new(shows, ("shows", "years2")) == ("media", "library/years2/")
    with refused(shows, AssetAlreadyExists, "assetId"):
        location_of_new(shows, ("shows", "years"))
    (made,) = (event for event in _created(shows) if event.asset_id == "years")
    assert made.asset_location == "library/years@shows/"


def _created(ledger: MemoryLedger) -> list[AssetCreated]:
    return [entry.event for entry in log(ledger) if isinstance(entry.event, AssetCreated)]
