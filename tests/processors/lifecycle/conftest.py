"""Fixtures: the life cycle on the local store and on a real S3 server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg_pool import ConnectionPool

from domain.buckets.bucket import bucket_id
from domain.buckets.commands import register_bucket
from domain.databases.commands import create_database
from processors.jobs.queue import JobQueue
from processors.lifecycle import paths
from tests.contracts.conftest import local_store, s3_endpoint_url, under_test
from tests.contracts.object_stores import StoreUnderTest
from tests.domain.library import given_asset, order
from tests.doubles.memory_ledger import MemoryLedger
from tests.processors.lifecycle.life import Life

__all__ = ["local_store", "s3_endpoint_url", "under_test"]


@pytest.fixture
def life(under_test: StoreUnderTest, database_url: str) -> Iterator[Life]:
    ledger = MemoryLedger()
    register_bucket(ledger, under_test.bucket, base_assets_prefix="library/", order=order())
    bucket = bucket_id(under_test.bucket, "library/")
    create_database(ledger, "shows", description="All shows", default_bucket_id=bucket, order=order())
    for asset_id in ("shot_010", "shot_020"):
        given_asset(ledger, asset_id)
    queue = JobQueue(database_url, {})
    with ConnectionPool(database_url, min_size=1, kwargs={"autocommit": True}) as pool:
        with pool.connection() as connection:
            queue.migrate(connection)
            paths.migrate(connection)
        yield Life(ledger, under_test.store, under_test.bucket, pool, queue)
