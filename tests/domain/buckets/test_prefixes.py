"""Base prefixes and assets never lie inside an asset's own prefix."""

from __future__ import annotations

from domain.assets.asset import ASSETS
from domain.buckets.bucket import bucket_id
from domain.buckets.commands import register_bucket
from domain.buckets.errors import PrefixBelongsToAsset
from domain.buckets.events import AssetLocationEnclosed, BucketRegistered
from domain.databases.commands import create_database
from tests.domain.library import given_asset, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger


def _root(ledger: MemoryLedger) -> None:
    root = register_bucket(ledger, "media", base_assets_prefix="/", order=order()).result["bucketId"]
    create_database(ledger, "shows", description="All shows", default_bucket_id=root, order=order())


def test_a_base_prefix_encloses_every_prefix_it_lies_in_once(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        register_bucket(ledger, "media", base_assets_prefix="library/shows/", order=order())
        register_bucket(ledger, "media", base_assets_prefix="library/plates/", order=order())
    enclosed = [event.asset_location for event in then.events if isinstance(event, AssetLocationEnclosed)]
    assert enclosed == ["library/", "library/shows/", "library/plates/"]
    assert [type(event) for event in then.events].count(BucketRegistered) == 2


def test_the_root_encloses_nothing(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        _root(ledger)
    assert not [event for event in then.events if isinstance(event, AssetLocationEnclosed)]


def test_an_asset_never_owns_an_enclosed_prefix(ledger: MemoryLedger) -> None:
    _root(ledger)
    register_bucket(ledger, "media", base_assets_prefix="library/shows/", order=order())
    given_asset(ledger, "library")
    asset = ledger.load(ASSETS, "shows", "library").state
    assert asset is not None
    assert asset.asset_location == "library@shows/"


def test_a_base_prefix_inside_an_asset_is_refused(ledger: MemoryLedger) -> None:
    _root(ledger)
    given_asset(ledger, "library")
    for prefix in ("library/", "library/shows/"):
        with refused(ledger, PrefixBelongsToAsset, "baseAssetsPrefix"):
            register_bucket(ledger, "media", base_assets_prefix=prefix, order=order())
    assert register_bucket(ledger, "other", base_assets_prefix="library/", order=order()).result == {
        "bucketId": bucket_id("other", "library/")
    }
