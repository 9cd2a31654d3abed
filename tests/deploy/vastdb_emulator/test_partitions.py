"""Partitioned tables, which the SDK has from release 5.5 on."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from pyiceberg.transforms import BucketTransform, DayTransform, IdentityTransform
from vastdb.partitioning import PartitionKey, PartitionSpec
from vastdb.session import Session

from tests.deploy.vastdb_emulator.sdk import create, table

COLUMNS = pa.schema([("id", pa.int64()), ("at", pa.timestamp("us")), ("kind", pa.string())])
ROWS = pa.table(
    {
        "id": range(6),
        "at": [datetime(2026, 1, 1 + index % 3, index) for index in range(6)],
        "kind": ["a", "b"] * 3,
    },
    COLUMNS,
)


@pytest.fixture
def partitioned(session: Session, schema: str) -> str:
    keys = [PartitionKey("at", DayTransform()), PartitionKey("kind", IdentityTransform())]
    create(session, schema, COLUMNS, partition_spec=PartitionSpec(keys))
    with session.transaction() as tx:
        table(tx, schema).insert(ROWS)
    return schema


def test_rows_come_back_from_all_partitions(session: Session, partitioned: str) -> None:
    with session.transaction() as tx:
        found = table(tx, partitioned).select().read_all()
    assert found.sort_by("id").to_pylist() == ROWS.to_pylist()


def test_a_filter_is_applied_in_each_partition(session: Session, partitioned: str) -> None:
    with session.transaction() as tx:
        found = table(tx, partitioned)
        selected = found.select(["id"], (found["kind"] == "a") & (found["at"] >= datetime(2026, 1, 2))).read_all()
    assert sorted(selected["id"].to_pylist()) == [2, 4]


def test_the_partitions_are_listed_with_their_sizes(session: Session, partitioned: str) -> None:
    with session.transaction() as tx:
        listed = table(tx, partitioned).partitions().select().read_all()
    assert sorted(zip(listed["kind"].to_pylist(), listed["est_row_count"].to_pylist(), strict=True)) == [
        *[("a", 1)] * 3,
        *[("b", 1)] * 3,
    ]


def test_dropping_partitions_removes_their_rows(session: Session, partitioned: str) -> None:
    with session.transaction() as tx:
        found = table(tx, partitioned)
        listed = found.partitions().select().read_all()
        wanted = listed.filter(pa.compute.equal(listed["kind"], "a")).select(["at_day", "kind"])
        found.delete_partitions(wanted.combine_chunks().to_batches()[0], allow_non_acid=True)
    with session.transaction() as tx:
        assert sorted(table(tx, partitioned).select(["id"]).read_all()["id"].to_pylist()) == [1, 3, 5]


def test_buckets_are_partitions_too(session: Session, schema: str) -> None:
    create(session, schema, COLUMNS, partition_spec=PartitionSpec([PartitionKey("id", BucketTransform(2))]))
    with session.transaction() as tx:
        table(tx, schema).insert(ROWS)
    with session.transaction() as tx:
        assert sorted(table(tx, schema).select(["id"]).read_all()["id"].to_pylist()) == list(range(6))
