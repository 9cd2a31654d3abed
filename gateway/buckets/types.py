"""Bucket: a place where objects live."""

from __future__ import annotations

import strawberry

from gateway.connections import Node
from gateway.reads.sources import Column, Source, global_id


@strawberry.type(description="A registered bucket and prefix that assets' objects live in.")
class Bucket(Node):
    """A bucket."""

    bucket_id: str = strawberry.field(description="Deterministic id of the bucket and prefix.")
    bucket_name: str = strawberry.field(description="Name in the object store.")
    base_assets_prefix: str = strawberry.field(description="Every asset's key prefix starts with it; '/' is the root.")
    is_versioning_enabled: bool = strawberry.field(description="Always true: interneg needs object versions.")
    sync_database_id: str | None = strawberry.field(
        description="Database that gets an asset for each new folder that others put into the bucket; null leaves that "
        "to the only database that uses the bucket."
    )


SOURCES = {
    "Bucket": Source(
        "Bucket",
        "s3_asset_buckets_storage",
        {
            "id": global_id("Bucket", "{t}.bucket_id"),
            "bucketId": Column("{t}.bucket_id"),
            "bucketName": Column("{t}.bucket_name"),
            "baseAssetsPrefix": Column("{t}.base_assets_prefix"),
            "isVersioningEnabled": Column("{t}.is_versioning_enabled"),
            "syncDatabaseId": Column("{t}.sync_database_id"),
        },
    )
}
