"""BucketSyncProblem: what others put into a bucket that could not be recorded."""

from __future__ import annotations

from datetime import datetime

import strawberry

from gateway.reads.sources import Column, OrderKey, Source, timestamp
from gateway.scalars import Long


@strawberry.type(description="An object or notification that bucket sync could not record, until it can.")
class BucketSyncProblem:
    """A problem."""

    problem_id: Long = strawberry.field(description="Unique.")
    bucket_name: str | None = strawberry.field(description="Null when the notification named none.")
    key: str | None = strawberry.field(description="Key of the object; null when the notification named none.")
    code: str = strawberry.field(description="Why, for programs, as PATH_INVALID or ASSET_ALREADY_ARCHIVED.")
    message: str = strawberry.field(description="Why, and what to do.")
    event_name: str | None = strawberry.field(description="Of the last notification; null when an import found it.")
    excerpt: str | None = strawberry.field(description="The start of a notification that could not be read.")
    occurrences: Long = strawberry.field(description="How often it was met.")
    first_at: datetime = strawberry.field(description="When it was met first.")
    last_at: datetime = strawberry.field(description="When it was met last; it is forgotten thirty days later.")


PROBLEM_ORDER = (OrderKey("{t}.problem_id", "bigint"),)

SOURCES = {
    "BucketSyncProblem": Source(
        "BucketSyncProblem",
        "bucket_sync.problems",
        {
            "problemId": Column("{t}.problem_id"),
            "bucketName": Column("nullif({t}.s3_bucket, '')"),
            "key": Column("nullif({t}.s3_key, '')"),
            "code": Column("{t}.code"),
            "message": Column("{t}.message"),
            "eventName": Column("{t}.event_name"),
            "excerpt": Column("nullif({t}.excerpt, '')"),
            "occurrences": Column("{t}.occurrences"),
            "firstAt": timestamp("{t}.first_at"),
            "lastAt": timestamp("{t}.last_at"),
        },
    )
}
