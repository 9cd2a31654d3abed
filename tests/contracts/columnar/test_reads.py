"""What reads give back: columns, types, order, limits, streams, versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from projections.columnar.errors import InvalidFilter, UnknownColumn, UnknownTable, UnknownVersion
from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import IMAGE_KEYS, IMAGES, ids, image_rows


def test_rows_come_back_as_they_were_written(images: ColumnarStore) -> None:
    rows = list(images.read("images", order_by=["image_id"]))
    assert rows == image_rows()
    assert [type(row) for row in rows] == [dict] * 12


def test_a_table_comes_back_with_the_registered_schema(images: ColumnarStore) -> None:
    table = images.bulk_read("images")
    assert table.num_rows == 12
    assert table.schema.equals(IMAGES)
    assert images.bulk_read("images", {"month": 2}).num_rows == 6
    assert images.bulk_read("images", {"month": 99}).schema.equals(IMAGES)


def test_an_empty_table_is_empty_in_every_way(store: ColumnarStore) -> None:
    store.create_table("images", IMAGES, partition_by=IMAGE_KEYS)
    assert list(store.read("images")) == []
    assert list(store.join("images", "images", "image_id")) == []
    assert store.count("images") == 0
    assert store.distinct_values("images", IMAGE_KEYS) == []
    assert store.distinct_values("images", ["note"]) == []
    assert store.bulk_read("images").schema.equals(IMAGES)
    projected = store.bulk_read("images", columns=["note", "month"])
    assert projected.schema.equals(pa.schema([IMAGES.field("note"), IMAGES.field("month")]))


def test_an_empty_and_a_filled_projection_concatenate(images: ColumnarStore) -> None:
    columns = ["tags", "taken_at", "month"]
    parts = [images.bulk_read("images", {"month": month}, columns) for month in (1, 99)]
    assert pa.concat_tables(parts).num_rows == 6


@pytest.mark.parametrize(
    "columns",
    [
        ["image_id"],
        ["note", "image_id"],
        ["month", "image_id", "instrument"],
        ["month"],
        IMAGE_KEYS,
        ["tags"],
    ],
)
def test_a_projection_gives_exactly_these_columns_in_this_order(images: ColumnarStore, columns: list[str]) -> None:
    table = images.bulk_read("images", columns=columns)
    assert table.schema.equals(pa.schema([IMAGES.field(name) for name in columns]))
    assert [list(row) for row in images.read("images", columns=columns)] == [columns] * 12


def test_a_filter_column_need_not_be_projected(images: ColumnarStore) -> None:
    rows = list(images.read("images", {"score": {"gte": 1.0}, "note": {"is_null": True}}, ["image_id"]))
    assert rows == [{"image_id": "image-11"}]
    keyed = images.read("images", {"instrument": "IFCB107", "month": 1}, ["month"])
    assert list(keyed) == [{"month": 1}] * 3


@pytest.mark.parametrize("columns", [[], ["nope"], ["image_id", "nope"], ["month", "month"], "month", ["MONTH"]])
def test_a_bad_projection_is_refused_by_the_call_itself(images: ColumnarStore, columns: Any) -> None:
    with pytest.raises(UnknownColumn, match="its columns are: image_id"):
        images.read("images", columns=columns)
    with pytest.raises(ValueError):
        images.bulk_read("images", columns=columns)


def test_order_and_limit_give_the_first_rows(images: ColumnarStore) -> None:
    top = images.read("images", columns=["image_id"], order_by=[("score", "desc")], limit=2)
    assert list(top) == [{"image_id": "image-11"}, {"image_id": "image-10"}]
    by_two = images.bulk_read("images", columns=["image_id"], order_by=["month", ("image_id", "desc")], limit=1)
    assert by_two.to_pylist() == [{"image_id": "image-10"}]
    nulls_last = images.bulk_read("images", columns=["note"], order_by=[("note", "desc")])
    assert nulls_last.column("note").to_pylist()[6:] == [None] * 6
    assert images.bulk_read("images", limit=0).num_rows == 0


def test_a_bad_order_or_limit_is_refused(images: ColumnarStore) -> None:
    with pytest.raises(UnknownColumn):
        images.read("images", order_by=["nope"])
    with pytest.raises(InvalidFilter):
        images.read("images", order_by=[("month", "down")])  # type: ignore[list-item]
    with pytest.raises(InvalidFilter):
        images.read("images", limit=-1)


def test_a_scan_streams_batches_of_the_registered_schema(store: ColumnarStore) -> None:
    store.create_table("numbers", pa.schema([("n", pa.int64()), ("text", pa.string())]))
    store.write("numbers", pa.table({"n": range(300_000), "text": ["x"] * 300_000}))
    reader = store.scan("numbers", {"n": {"gte": 100}})
    sizes = [batch.num_rows for batch in reader]
    assert reader.schema.equals(store.get_schema("numbers"))
    assert sum(sizes) == 299_900
    assert max(sizes) < 130_000


def test_a_read_sees_the_version_it_began_with(images: ColumnarStore) -> None:
    rows = images.read("images")
    first = next(rows)
    images.write("images", [{**row, "note": "new"} for row in image_rows()], overwrite=True)
    seen = [first, *rows]
    assert ids(seen) == ids(image_rows())
    assert all(row["note"] != "new" for row in seen)


def test_the_last_version_can_be_read_by_number_and_by_time(images: ColumnarStore) -> None:
    before = images.version("images")
    assert images.version("images") == before
    images.write("images", [{**image_rows()[0], "image_id": "later"}])
    assert images.version("images") == before + 1
    assert images.count("images", as_of=before + 1) == 13
    assert images.bulk_read("images", as_of=before + 1).num_rows == 13
    assert images.count("images", as_of=dt.datetime.now(dt.UTC)) == 13
    for read in (images.count, images.read, images.bulk_read):
        with pytest.raises(UnknownVersion):
            read("images", as_of=99)


def test_an_earlier_version_is_read_or_said_to_be_gone(images: ColumnarStore) -> None:
    before = images.version("images")
    images.write("images", [{**image_rows()[0], "image_id": "later"}])
    if images.keeps_versions:
        assert images.count("images", as_of=before) == 12
        assert images.count("images", {"image_id": "later"}, as_of=before) == 0
        assert list(images.read("images", {"image_id": "later"}, as_of=before)) == []
    else:
        with pytest.raises(UnknownVersion):
            images.count("images", as_of=before)


CALLS: list[Callable[[ColumnarStore], object]] = [
    lambda store: store.get_schema("nowhere"),
    lambda store: store.version("nowhere"),
    lambda store: store.write("nowhere", [{"a": 1}]),
    lambda store: store.write("nowhere", [{"a": 1}], overwrite=True),
    lambda store: store.write("nowhere", []),
    lambda store: store.replace_rows("nowhere", [{"a": 1}], key=["a"]),
    lambda store: store.read("nowhere"),
    lambda store: store.scan("nowhere"),
    lambda store: store.bulk_read("nowhere"),
    lambda store: store.count("nowhere"),
    lambda store: store.distinct_values("nowhere", ["a"]),
    lambda store: store.join("nowhere", "nowhere", "a"),
    lambda store: store.compact("nowhere"),
    lambda store: store.vacuum("nowhere"),
]


@pytest.mark.parametrize("call", CALLS)
def test_an_unknown_table_is_an_error_in_every_method(
    store: ColumnarStore, call: Callable[[ColumnarStore], object]
) -> None:
    with pytest.raises(UnknownTable, match="'nowhere'") as caught:
        call(store)
    assert isinstance(caught.value, KeyError)
    assert isinstance(caught.value, RuntimeError)
