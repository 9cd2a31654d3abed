"""Partition values that break directory names, and every type that can be a partition key."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import Backend

AWKWARD = [
    "a b",
    "x/../../victim",
    "50%",
    "p=q",
    'it\'s "q"',
    "größe 日本",
    "",
    "null",
    "007",
    "2024-01-01",
    "*?[a]",
]
BY_TYPE: list[tuple[pa.DataType, list[Any]]] = [
    (pa.bool_(), [True, False]),
    (pa.int32(), [-1, 7]),
    (pa.uint64(), [0, 2**64 - 1]),
    (pa.float64(), [1e-7, 5.0, float("inf")]),
    (pa.float32(), [0.5, 2.0]),
    (pa.decimal128(10, 2), [Decimal("1.10"), Decimal("-3.00")]),
    (pa.binary(), [b"", b"\0\xff"]),
    (pa.date32(), [dt.date(2024, 1, 1), dt.date(1969, 12, 31)]),
    (pa.time64("us"), [dt.time(0), dt.time(23, 59, 59, 999999)]),
    (
        pa.timestamp("us", tz="UTC"),
        [dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.datetime(1950, 1, 1, tzinfo=dt.UTC)],
    ),
    (pa.timestamp("ns"), [dt.datetime(2024, 1, 1), dt.datetime(1950, 1, 1)]),
    (pa.duration("us"), [dt.timedelta(0), dt.timedelta(microseconds=-5)]),
    (pa.string(), AWKWARD),
]


@pytest.mark.parametrize(("type_", "values"), BY_TYPE, ids=lambda value: str(value)[:20])
def test_a_partition_value_is_written_found_listed_and_overwritten(
    store: ColumnarStore, backend: Backend, type_: pa.DataType, values: list[Any]
) -> None:
    store.create_table("victim", pa.schema([("n", pa.int64())]))
    store.write("victim", [{"n": 1}])
    store.create_table("keyed", pa.schema([("k", type_), ("n", pa.int64())]), partition_by=["k"])
    for generation in (1, 2):
        keys = pa.array(values, type_)
        store.write("keyed", pa.table({"k": keys, "n": [generation] * len(values)}), overwrite=True)
    again = backend.open()
    for value in values:
        assert list(again.read("keyed", {"k": value})) == [{"k": pa.scalar(value, type_).as_py(), "n": 2}]
        assert again.count("keyed", {"k": value}) == 1
        assert again.count("keyed", {"k": {"ne": value}}) == len(values) - 1
        assert again.count("keyed", {"k": value, "n": 2}) == 1
    listed = pa.array([row["k"] for row in again.distinct_values("keyed", ["k"])], type_)
    assert sorted(map(repr, listed.to_pylist())) == sorted(map(repr, pa.array(values, type_).to_pylist()))
    assert again.count("keyed", {"k": {"is_null": True}}) == 0
    assert again.count("victim") == 1


def test_minus_zero_and_zero_are_one_partition(store: ColumnarStore) -> None:
    store.create_table("keyed", pa.schema([("k", pa.float64()), ("n", pa.int64())]), partition_by=["k"])
    store.write("keyed", [{"k": 0.0, "n": 1}])
    store.write("keyed", [{"k": -0.0, "n": 2}], overwrite=True)
    assert store.bulk_read("keyed", columns=["n"]).to_pylist() == [{"n": 2}]


def test_a_table_may_have_nothing_but_keys(store: ColumnarStore) -> None:
    store.create_table("keys", pa.schema([("a", pa.int64()), ("b", pa.string())]), partition_by=["a", "b"])
    store.write("keys", [{"a": 1, "b": "x"}, {"a": 1, "b": "x"}, {"a": 2, "b": "y"}])
    assert store.count("keys", {"a": 1}) == 2
    assert list(store.read("keys", {"a": 2})) == [{"a": 2, "b": "y"}]
