"""AssetAdoption: how far the objects below an adopted prefix have become files."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from gateway.connections import Connection, unplanned
from gateway.reads.sources import Column, One, OrderKey, Pages, Source, timestamp


@strawberry.enum(description="How far an adoption has come. The last three are final.")
class AssetAdoptionState(Enum):
    """States of an adoption."""

    REQUESTED = "REQUESTED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    DONE_WITH_ERRORS = "DONE_WITH_ERRORS"
    FAILED = "FAILED"


@strawberry.type(description="An object below an adopted prefix that became no file.")
class SkippedObject:
    """An object that was left out."""

    s3_key: str = strawberry.field(description="Its key.")
    reason: str = strawberry.field(description="Why it is no file.")


@strawberry.type(description="An existing key prefix that became an asset, and its objects the asset's files.")
class AssetAdoption:
    """An adoption."""

    state: AssetAdoptionState = strawberry.field(description="DONE_WITH_ERRORS when objects were skipped.")
    s3_bucket: str = strawberry.field(description="Bucket of the prefix.")
    asset_location: str = strawberry.field(description="The prefix, ending in '/'.")
    registered_count: int = strawberry.field(description="Files that were registered, with all versions of each.")
    ignored_count: int = strawberry.field(
        description="Keys that are no files and are left alone: folder markers, renditions in .proxies, and keys that "
        "were recorded by others or hold nothing but delete markers."
    )
    skipped_count: int = strawberry.field(description="Objects that could not become files.")
    failure: str | None = strawberry.field(description="Why it was given up; what was registered until then stays.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    requested_by: str = strawberry.field(description="Who asked, as kind:id.")
    ended_at: datetime | None = strawberry.field(description="When it was over; null while it goes on.")

    @strawberry.field(description="Objects that could not become files, by key.")
    def skipped(self, first: int | None = None, after: str | None = None) -> Connection[SkippedObject]:
        unplanned("AssetAdoption.skipped")


KEY = "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id"
ADOPTION_OF_ASSET = One("AssetAdoption", KEY)
SOURCES = {
    "AssetAdoption": Source(
        "AssetAdoption",
        "asset_adoptions",
        {
            "state": Column("{t}.state"),
            "s3Bucket": Column("{t}.s3_bucket"),
            "assetLocation": Column("{t}.asset_location"),
            "registeredCount": Column("{t}.registered_count"),
            "ignoredCount": Column("{t}.reserved_count"),
            "skippedCount": Column("{t}.skipped_count"),
            "failure": Column("{t}.failure"),
            "requestedAt": timestamp("{t}.requested_at"),
            "requestedBy": Column("{t}.requested_by"),
            "endedAt": timestamp("{t}.ended_at"),
            "skipped": Pages("SkippedObject", KEY, (OrderKey('{t}.s3_key COLLATE "C"', "text"),)),
        },
        until="position",
    ),
    "SkippedObject": Source(
        "SkippedObject",
        "asset_adoption_skips",
        {"s3Key": Column("{t}.s3_key"), "reason": Column("{t}.reason")},
    ),
}
