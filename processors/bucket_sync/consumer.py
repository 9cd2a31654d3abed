"""The follower of bucket sync: knows which keys hold files, and which databases use which buckets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from processors.bucket_sync import tables

NAME = "bucket-sync"


class BucketSyncFollower:
    """Keeps the two tables that the log has no list of."""

    name = NAME

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """Nothing: all of it is in Postgres."""

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        """Extend the tables."""
        tables.add_keys(connection, batch)
        tables.put_databases(connection, batch)
