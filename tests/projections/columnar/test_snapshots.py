"""Snapshots of Delta tables, as threads share them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pyarrow as pa

from projections.columnar.duckdb_delta.snapshots import Snapshot, empty_snapshot
from projections.columnar.schemas import RESERVED_COLUMN

SCHEMA = pa.schema([("n", pa.int64())])
GIVE_UP_SECONDS = 60.0


def test_listing_one_snapshot_waits_for_no_other() -> None:
    """A thread may hold a table's lock while it lists, and another wait for that lock in a listing of its own."""
    other = empty_snapshot("other", SCHEMA, ())
    is_listing, is_other_listed = Event(), Event()
    waited: list[bool] = []

    def actions(version: int) -> pa.Table:
        is_listing.set()
        waited.append(is_other_listed.wait(GIVE_UP_SECONDS))
        return other.files.rename_columns(["path", "size_bytes", "num_records", f"partition.{RESERVED_COLUMN}"])

    one = Snapshot("one", SCHEMA, version=1, partition_by=(), sort_by=(), actions=actions)
    with ThreadPoolExecutor(1) as pool:
        listing = pool.submit(lambda: one.files)
        assert is_listing.wait(GIVE_UP_SECONDS)
        assert other.files.num_rows == 0
        is_other_listed.set()
        assert listing.result().num_rows == 0
    assert waited == [True]
