"""What happened to buckets and to the key prefixes inside them."""

from __future__ import annotations

from domain.event import Event


class BucketRegistered(Event, frozen=True, kw_only=True):
    """A bucket and base prefix may hold assets from now on."""

    TOPIC = "bucket-registered"
    bucket_id: str
    bucket_name: str
    base_assets_prefix: str
    """Ends in "/"; "/" alone is the root."""
    is_versioning_enabled: bool


class BucketSyncDatabaseSet(Event, frozen=True, kw_only=True):
    """Folders that somebody puts into the bucket become assets of this database; None leaves that to its only user."""

    TOPIC = "bucket-sync-database-set"
    bucket_id: str
    sync_database_id: str | None


class AssetLocationReserved(Event, frozen=True, kw_only=True):
    """A key prefix belongs to one asset; its stream is the prefix, so two assets can never share one."""

    TOPIC = "asset-location-reserved"
    bucket_id: str
    asset_location: str
    database_id: str
    asset_id: str


class AssetLocationEnclosed(Event, frozen=True, kw_only=True):
    """A key prefix holds the prefixes of assets, so it can belong to none; its stream is the prefix."""

    TOPIC = "asset-location-enclosed"
    bucket_name: str
    asset_location: str


EVENTS: tuple[type[Event], ...] = (
    BucketRegistered,
    AssetLocationReserved,
    AssetLocationEnclosed,
    BucketSyncDatabaseSet,
)
