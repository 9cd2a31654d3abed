"""Registering buckets."""

from __future__ import annotations

from domain.buckets.commands import register_bucket
from domain.buckets.events import AssetLocationEnclosed, BucketRegistered
from domain.errors import Invalid
from tests.domain.library import BUCKET_ID, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

REGISTERED = BucketRegistered(
    bucket_id=BUCKET_ID, bucket_name="media", base_assets_prefix="library/", is_versioning_enabled=True
)


def test_a_bucket_and_prefix_are_registered(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        outcome = register_bucket(ledger, "media", base_assets_prefix="library/", order=order())
    assert then.events == [AssetLocationEnclosed(bucket_name="media", asset_location="library/"), REGISTERED]
    assert (outcome.position, outcome.result) == (2, {"bucketId": BUCKET_ID})


def test_registering_the_same_pair_again_records_nothing(ledger: MemoryLedger) -> None:
    register_bucket(ledger, "media", base_assets_prefix="library/", order=order())
    with recording(ledger) as then:
        outcome = register_bucket(ledger, "media", base_assets_prefix="library/", order=order())
    assert then.events == []
    assert outcome.result == {"bucketId": BUCKET_ID}


def test_another_prefix_is_another_bucket(ledger: MemoryLedger) -> None:
    one = register_bucket(ledger, "media", base_assets_prefix="a/", order=order())
    other = register_bucket(ledger, "media", base_assets_prefix="b/", order=order())
    assert one.result != other.result


def test_a_prefix_without_its_slash_is_refused(ledger: MemoryLedger) -> None:
    with refused(ledger, Invalid, "baseAssetsPrefix"):
        register_bucket(ledger, "media", base_assets_prefix="library", order=order())
