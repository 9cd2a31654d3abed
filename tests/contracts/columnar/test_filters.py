"""What filters select, and that whatever cannot be meant is an error and never every row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from projections.columnar.errors import InvalidFilter, UnknownColumn, UnknownTable
from projections.columnar.filters import AnyOf, Column
from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import ids


def numbers(*wanted: int) -> list[str]:
    return [f"image-{number:02}" for number in wanted]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (None, numbers(*range(12))),
        ({}, numbers(*range(12))),
        ({"image_id": "image-03"}, numbers(3)),
        ({"instrument": "IFCB107", "month": 2}, numbers(1, 3, 5)),
        ({"instrument": "IFCB107", "score": {"gte": 0.2, "lt": 0.4}}, numbers(2, 3)),
        ({"score": {"gt": 0.2, "lte": 0.4}}, numbers(3, 4)),
        ({"score": {"gte": 0.2, "gt": 0.2, "lt": 0.5, "lte": 0.4}}, numbers(3, 4)),
        ({"image_id": {"in": ["image-01", "image-07", "none"]}}, numbers(1, 7)),
        ({"image_id": {"in": ["image-01"]}}, numbers(1)),
        ({"image_id": {"in": []}}, []),
        ({"month": {"in": [2], "gt": 2}}, []),
        ({"month": {"ne": 1}, "score": {"lt": 0.5}}, numbers(1, 3)),
        ({"note": {"is_null": True}, "score": {"lt": 0.5}}, numbers(1, 3)),
        ({"note": {"is_null": False}, "score": {"lt": 0.5}}, numbers(0, 2, 4)),
        ({"instrument": {"is_null": True}}, []),
        ({"note": {"ne": "note 0"}, "score": {"lt": 0.5}}, numbers(2, 4)),
        ({"image_id": {"prefix": "image-1"}}, numbers(10, 11)),
        ({"image_id": {"prefix": "IMAGE"}}, []),
        ({"instrument": {"prefix": "IFCB107"}, "month": 1}, numbers(0, 2, 4)),
        ({"image_id": {"contains": "e-0"}, "score": {"lt": 0.2}}, numbers(0, 1)),
        ({"tags": {"contains": "n4"}}, numbers(4)),
        ({"image_id": "no such image"}, []),
        ({"month": 5.0}, []),
        ({"month": 1.0, "score": {"lt": 0.2}}, numbers(0)),
        ({"score": {"gte": 1}}, numbers(10, 11)),
        ({"taken_at": {"gte": "2024-01-03", "lt": "2024-01-05"}}, numbers(2, 3)),
        ({"taken_at": {"gte": dt.date(2024, 1, 11)}}, numbers(10, 11)),
        ({"taken_at": "2024-01-03T12:00:00Z"}, numbers(2)),
        ({"taken_at": "2024-01-03T13:00:00+01:00"}, numbers(2)),
        ({"taken_at": dt.datetime(2024, 1, 3, 12)}, numbers(2)),
        ({"taken_at": dt.datetime(2024, 1, 3, 12, tzinfo=dt.UTC)}, numbers(2)),
        (Column("month").eq(1) & Column("score").lt(0.3), numbers(0, 2)),
        (Column("image_id").eq("image-00") | Column("image_id").eq("image-11"), numbers(0, 11)),
        (Column("month").ne(1) & (Column("score").lt(0.2) | Column("note").is_null(False)), numbers(1)),
        (Column("instrument").eq("x") | Column("score").gte(1.1), numbers(11)),
        (AnyOf(()), []),
    ],
)
def test_a_filter_selects_exactly_these_rows(images: ColumnarStore, filters: Any, expected: list[str]) -> None:
    assert ids(images.read("images", filters)) == expected
    assert images.count("images", filters) == len(expected)
    assert sorted(images.bulk_read("images", filters).column("image_id").to_pylist()) == expected


@pytest.mark.parametrize(
    "filters",
    [
        {"month": {"nee": 1}},
        {"month": {"gte_": 1}},
        {"month": {}},
        {"month": None},
        {"month": {"in": [1, None]}},
        {"month": {"in": "12"}},
        {"month": {"in": 1}},
        {"month": "abc"},
        {"month": "05"},
        {"month": True},
        {"month": 1.5},
        {"month": {"gt": None}},
        {"month": {"prefix": "1"}},
        {"month": {"contains": 1}},
        {"image_id": 5},
        {"image_id": {"prefix": 5}},
        {"image_id": {"is_null": "yes"}},
        {"score": float("nan")},
        {"score": "0.5"},
        {"taken_at": "yesterday"},
        {"taken_at": 20240101},
        {"tags": "even"},
        {"tags": ["even"]},
        {"tags": {"contains": 5}},
        {5: 1},
        [("month", 1)],
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused_by_every_call(images: ColumnarStore, filters: Any) -> None:
    with pytest.raises(InvalidFilter):
        images.read("images", filters)
    with pytest.raises(InvalidFilter):
        images.bulk_read("images", filters)
    with pytest.raises(InvalidFilter):
        images.count("images", filters)
    with pytest.raises(InvalidFilter):
        images.distinct_values("images", ["month"], filters)


def test_an_unknown_filter_column_is_named_together_with_the_valid_ones(images: ColumnarStore) -> None:
    with pytest.raises(UnknownColumn, match=r"'instrumnt'.*image_id, taken_at, instrument"):
        images.read("images", {"instrumnt": "IFCB107"})
    with pytest.raises(UnknownColumn):
        images.count("images", Column("month").eq(1) | Column("Month").eq(2))


def test_nan_is_neither_above_nor_below_a_number(store: ColumnarStore) -> None:
    store.create_table("numbers", pa.schema([("x", pa.float64())]))
    store.write("numbers", [{"x": float("nan")}, {"x": 1.0}, {"x": None}, {"x": float("inf")}])
    assert store.count("numbers", {"x": {"gt": 0}}) == 2
    assert store.count("numbers", {"x": {"gte": 1}}) == 2
    assert store.count("numbers", {"x": {"lt": 2}}) == 1
    assert store.count("numbers", {"x": {"ne": 1.0}}) == 2
    assert store.count("numbers", {"x": float("inf")}) == 1


@pytest.mark.parametrize("name", ["count", "schema", "select", "view", "a b", 'quo"te', "a.b", "été", "1st"])
def test_any_column_name_can_be_filtered_projected_and_counted(store: ColumnarStore, name: str) -> None:
    store.create_table("named", pa.schema([(name, pa.int64()), ("other", pa.int64())]))
    store.write("named", [{name: 1, "other": 10}, {name: 2, "other": 20}])
    assert list(store.read("named", {name: 2})) == [{name: 2, "other": 20}]
    assert list(store.read("named", {name: {"gte": 1}}, [name], order_by=[(name, "desc")])) == [
        {name: 2},
        {name: 1},
    ]
    assert store.distinct_values("named", [name], {"other": 10}) == [{name: 1}]


def test_a_semi_join_takes_rows_whose_key_the_other_table_has(images: ColumnarStore) -> None:
    images.create_table("positions", pa.schema([("image", pa.string()), ("lat", pa.float64())]))
    positions = [("image-01", 41.0), ("image-01", 41.5), ("image-02", 10.0), (None, 41.0)]
    images.write("positions", [{"image": image, "lat": lat} for image, lat in positions])
    nearby = Column("image_id").in_table("positions", "image", {"lat": {"gte": 40.0}})
    assert ids(images.read("images", nearby)) == numbers(1)
    assert images.count("images", nearby & Column("month").eq(1)) == 0
    assert ids(images.read("images", nearby | Column("image_id").eq("image-05"))) == numbers(1, 5)
    assert images.count("images", Column("image_id").in_table("positions", "image")) == 2


def test_a_semi_join_that_cannot_be_meant_is_refused(images: ColumnarStore) -> None:
    images.create_table("positions", pa.schema([("image", pa.string()), ("lat", pa.float64())]))
    with pytest.raises(UnknownTable):
        images.count("images", Column("image_id").in_table("nowhere", "image"))
    with pytest.raises(UnknownColumn):
        images.count("images", Column("image_id").in_table("positions", "img"))
    with pytest.raises(UnknownColumn):
        images.count("images", Column("image_id").in_table("positions", "image", {"lon": 1.0}))
    with pytest.raises(InvalidFilter):
        images.count("images", Column("image_id").in_table("positions", "lat"))
