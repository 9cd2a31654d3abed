"""Writing: what is accepted, what is refused, and that one write_id is written once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from pydantic import BaseModel

from projections.columnar.errors import InvalidRecords
from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import IMAGE_KEYS, IMAGES, Backend, ids, image_rows


class Reading(BaseModel):
    reading_id: str
    value: float | None = None
    labels: list[str] = []
    extra: dict[str, Any] | None = None


@pytest.fixture
def readings(store: ColumnarStore) -> ColumnarStore:
    store.create_table("readings", Reading)
    return store


def test_appends_accumulate_and_keep_duplicates(readings: ColumnarStore) -> None:
    assert readings.write("readings", [{"reading_id": "a"}])
    assert readings.write("readings", [{"reading_id": "a"}, {"reading_id": "b"}], overwrite=False)
    assert sorted(row["reading_id"] for row in readings.read("readings")) == ["a", "a", "b"]


def test_one_write_may_span_partitions(images: ColumnarStore) -> None:
    counts = [images.count("images", {"instrument": "IFCB107", "month": month}) for month in (1, 2, 3)]
    assert counts == [3, 3, 0]


def test_every_form_of_rows_is_accepted(readings: ColumnarStore) -> None:
    schema = readings.get_schema("readings")
    table = pa.table({"value": [1], "reading_id": ["arrow"]})
    readings.write("readings", table)
    readings.write("readings", table.to_batches()[0])
    readings.write("readings", pa.RecordBatchReader.from_batches(table.schema, table.to_batches()))
    readings.write("readings", [Reading(reading_id="model", labels=["x"])])
    readings.write("readings", ({"reading_id": name} for name in "pq"))
    found = readings.bulk_read("readings", order_by=["reading_id"])
    assert found.column("reading_id").to_pylist() == ["arrow", "arrow", "arrow", "model", "p", "q"]
    assert found.column("value").to_pylist()[:4] == [1.0, 1.0, 1.0, None]
    assert found.schema.equals(schema)


def test_no_rows_change_nothing(images: ColumnarStore) -> None:
    before = images.version("images")
    images.write("images", [])
    images.write("images", [], overwrite=True)
    images.write("images", IMAGES.empty_table())
    assert images.version("images") == before


def test_dicts_in_a_text_column_become_json_and_lists_stay_lists(readings: ColumnarStore) -> None:
    rows = [
        {"reading_id": "a", "labels": []},
        {"reading_id": "b", "labels": ["x", "y"], "extra": {"k": [1, None]}},
    ]
    readings.write("readings", rows)
    first, second = readings.read("readings", order_by=["reading_id"])
    assert (first["labels"], first["extra"]) == ([], None)
    assert (second["labels"], second["extra"]) == (["x", "y"], '{"k":[1,null]}')


def test_a_column_may_be_present_in_some_rows_only(readings: ColumnarStore) -> None:
    readings.write("readings", [{"reading_id": "a"}, {"reading_id": "b", "value": 2.0, "labels": ["z"]}])
    first, second = readings.read("readings", order_by=["reading_id"])
    assert (first["value"], first["labels"]) == (None, None)
    assert (second["value"], second["labels"]) == (2.0, ["z"])


@pytest.mark.parametrize(
    "rows",
    [
        [{"value": 1.0}],
        [{"reading_id": None}],
        [{"reading_id": "a"}, {"value": 2.0}],
        [{"reading_id": "a", "vlaue": 1.0}],
        [{"reading_id": "a", "value": "much"}],
        [{"reading_id": 5}],
        [{"reading_id": "a", "labels": [1]}],
        pa.table({"reading_id": ["a"], "vlaue": [1.0]}),
        pa.table({"value": [1.0]}),
        pa.table({"reading_id": ["a"], "value": ["much"]}),
        ["a"],
        "rows",
        5,
    ],
)
def test_rows_that_do_not_fit_are_refused_whole(readings: ColumnarStore, rows: Any) -> None:
    with pytest.raises(InvalidRecords):
        readings.write("readings", rows)
    assert readings.count("readings") == 0


def test_unknown_columns_are_dropped_only_when_asked(readings: ColumnarStore) -> None:
    readings.write("readings", [{"reading_id": "a", "colour": "red"}], ignore_unknown=True)
    readings.write("readings", pa.table({"reading_id": ["b"], "colour": ["red"]}), ignore_unknown=True)
    assert readings.count("readings") == 2


def test_a_lossy_number_is_refused(store: ColumnarStore) -> None:
    store.create_table("small", pa.schema([("n", pa.int8())]))
    for rows in ([{"n": 300}], pa.table({"n": [300]}), pa.table({"n": [1.5]})):
        with pytest.raises(InvalidRecords):
            store.write("small", rows)


@pytest.mark.parametrize("key", IMAGE_KEYS)
def test_a_partition_key_that_is_missing_or_null_is_refused(images: ColumnarStore, key: str) -> None:
    row = image_rows()[0]
    with pytest.raises(ValueError, match=key):
        images.write("images", [{**row, key: None}])
    del row[key]
    with pytest.raises(ValueError, match=key):
        images.write("images", [row])


def test_a_nullable_partition_key_must_not_be_null_or_nan_in_a_row(store: ColumnarStore) -> None:
    store.create_table("keyed", pa.schema([("k", pa.float64()), ("v", pa.int64())]), partition_by=["k"])
    for value in (None, float("nan")):
        with pytest.raises(InvalidRecords):
            store.write("keyed", [{"k": value, "v": 1}])


def test_the_same_write_id_is_written_once_by_any_process(images: ColumnarStore, backend: Backend) -> None:
    rows = [{**image_rows()[0], "image_id": "once"}]
    assert images.write("images", rows, write_id="batch/1")
    version = images.version("images")
    assert not images.write("images", rows, write_id="batch/1")
    assert not backend.open().write("images", rows, write_id="batch/1")
    assert not images.write("images", rows, overwrite=True, write_id="batch/1")
    assert not images.replace_rows("images", rows, key=["image_id"], write_id="batch/1")
    assert images.version("images") == version
    assert images.write("images", rows, write_id="batch/2")
    assert images.count("images", {"image_id": "once"}) == 2


def test_rows_of_a_sorted_table_are_sorted_within_each_file(store: ColumnarStore) -> None:
    store.create_table("sorted", pa.schema([("n", pa.int64()), ("k", pa.int64())]), ["k"], sort_by=["n"])
    store.write("sorted", pa.table({"n": [3, 1, 2, 6, 5, 4], "k": [1, 1, 1, 2, 2, 2]}))
    for key, expected in ((1, [1, 2, 3]), (2, [4, 5, 6])):
        assert store.bulk_read("sorted", {"k": key}).column("n").to_pylist() == expected


def test_more_partitions_than_a_thousand_fit_in_one_write(store: ColumnarStore) -> None:
    store.create_table("many", pa.schema([("k", pa.int64())]), partition_by=["k"])
    store.write("many", pa.table({"k": range(1_030)}))
    assert store.count("many") == 1_030
    assert store.bulk_read("many", {"k": 1_029}).to_pylist() == [{"k": 1_029}]


def test_times_are_utc_whatever_offset_they_came_with(images: ColumnarStore) -> None:
    moment = dt.datetime(2025, 6, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    images.write("images", [{**image_rows()[0], "image_id": "offset", "taken_at": moment}])
    (row,) = images.read("images", {"taken_at": {"gte": "2025-05-31T23:00:00Z", "lt": "2025-06-01"}})
    assert row["taken_at"] == moment
    assert row["taken_at"].utcoffset() == dt.timedelta(0)
    assert ids([row]) == ["offset"]
