"""The bucket aggregate and the reservation of prefixes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.buckets.events import (
    AssetLocationEnclosed,
    AssetLocationReserved,
    BucketRegistered,
    BucketSyncDatabaseSet,
)
from domain.event import stream_id
from domain.stream import Aggregate


@dataclass(frozen=True)
class Bucket:
    """A place where assets' objects live."""

    bucket_id: str
    bucket_name: str
    base_assets_prefix: str
    sync_database_id: str | None = None
    """Where assets are made for folders that others put into the bucket."""

    def location(self, asset_id: str) -> str:
        """The key prefix of an asset with this id; keys below it are asset files."""
        return f"{self.base_assets_prefix.removeprefix('/')}{asset_id}/"


@dataclass(frozen=True)
class Location:
    """Which asset owns a prefix."""

    database_id: str
    asset_id: str


@dataclass(frozen=True)
class Enclosure:
    """A prefix that assets lie under and none may own."""


def enclosing(base_assets_prefix: str) -> list[str]:
    """The prefixes that a base prefix lies in, with itself and without the root: `a/` and `a/b/` for `a/b/`."""
    parts = base_assets_prefix.strip("/").split("/")
    return [f"{'/'.join(parts[:count])}/" for count in range(1, len(parts) + 1) if parts != [""]]


def bucket_id(bucket_name: str, base_assets_prefix: str) -> str:
    """The deterministic id of a (bucket, prefix) pair."""
    return str(stream_id("bucket-id", bucket_name, base_assets_prefix))


def evolve_bucket(bucket: Bucket | None, event: BucketRegistered | BucketSyncDatabaseSet) -> Bucket:
    """Name and prefix never change after a bucket was registered."""
    if isinstance(event, BucketRegistered):
        return Bucket(event.bucket_id, event.bucket_name, event.base_assets_prefix)
    assert bucket is not None
    return replace(bucket, sync_database_id=event.sync_database_id)


def evolve_location(
    _: Location | Enclosure | None, event: AssetLocationReserved | AssetLocationEnclosed
) -> Location | Enclosure:
    """The owner is the last asset that reserved the prefix."""
    if isinstance(event, AssetLocationEnclosed):
        return Enclosure()
    return Location(event.database_id, event.asset_id)


BUCKETS = Aggregate("bucket", evolve_bucket)
LOCATIONS = Aggregate("asset-location", evolve_location)
