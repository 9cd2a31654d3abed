"""The query `bucketSyncProblems`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import strawberry

from gateway.bucket_sync.types import PROBLEM_ORDER, BucketSyncProblem
from gateway.connections import Connection
from gateway.context import Info
from gateway.reads.root import read_pages
from gateway.reads.sources import Narrowing, Pages

COLUMNS = {"bucketName": "s3_bucket", "code": "code"}


@strawberry.type
class BucketSyncQueries:
    """Queries of bucket sync."""

    @strawberry.field(description="What others put into buckets and could not be recorded, in the order it was met.")
    async def bucket_sync_problems(
        self,
        info: Info,
        bucket_name: str | None = None,
        code: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Connection[BucketSyncProblem]:
        pages = Pages("BucketSyncProblem", "true", PROBLEM_ORDER, _chosen)
        return cast("Connection[BucketSyncProblem]", await read_pages(info, pages))


def _chosen(narrowing: Narrowing) -> Iterator[str]:
    for name, column in COLUMNS.items():
        if narrowing.arguments.get(name) is not None:
            yield f"{narrowing.row}.{column} = {narrowing.bind(narrowing.arguments[name])}"
