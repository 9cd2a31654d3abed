"""Joins and distinct values."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from projections.columnar.errors import InvalidFilter, UnknownColumn
from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import IMAGE_KEYS, IMAGES

POSITIONS = pa.schema([("image_id", pa.string()), ("lat", pa.float64()), ("note", pa.string())])


@pytest.fixture
def positioned(images: ColumnarStore) -> ColumnarStore:
    images.create_table("positions", POSITIONS)
    positions = [
        ("image-00", 40.5, "left"),
        ("image-01", 41.5, None),
        ("image-01", 50.0, "twin"),
        (None, 1.0, ""),
    ]
    images.write("positions", [dict(zip(POSITIONS.names, row, strict=True)) for row in positions])
    return images


def test_an_inner_join_gives_one_row_for_each_pair(positioned: ColumnarStore) -> None:
    rows = list(positioned.join("positions", "images", "image_id"))
    assert sorted(row["image_id"] for row in rows) == ["image-00", "image-01", "image-01"]


def test_a_name_that_both_sides_have_is_kept_apart(positioned: ColumnarStore) -> None:
    (row,) = positioned.join("positions", "images", "image_id", left_filters={"lat": 40.5})
    assert row["note"] == "left"
    assert row["note_right"] == "note 0"
    assert list(row) == [
        "image_id",
        "lat",
        "note",
        "taken_at",
        "instrument",
        "month",
        "score",
        "tags",
        "note_right",
    ]


@pytest.mark.parametrize(("select", "names"), [("left", POSITIONS.names), ("right", IMAGES.names)])
def test_one_side_can_be_selected(positioned: ColumnarStore, select: Any, names: list[str]) -> None:
    rows = positioned.join("positions", "images", "image_id", select=select)
    assert [list(row) for row in rows] == [names] * 3


def test_both_sides_can_be_filtered(positioned: ColumnarStore) -> None:
    def count(left: dict[str, Any] | None, right: dict[str, Any] | None) -> int:
        return len(list(positioned.join("positions", "images", "image_id", left, right)))

    assert count({"lat": {"gte": 41.0}}, None) == 2
    assert count(None, {"month": 1}) == 1
    assert count({"lat": {"gte": 41.0}}, {"month": 1}) == 0
    assert count({"lat": {"lte": 1.0}}, None) == 0


def test_a_join_that_cannot_be_meant_is_refused_by_the_call_itself(positioned: ColumnarStore) -> None:
    with pytest.raises(UnknownColumn):
        positioned.join("positions", "images", "month")
    with pytest.raises(InvalidFilter):
        positioned.join("positions", "images", "image_id", select="neither")  # type: ignore[arg-type]
    positioned.create_table("numbered", pa.schema([("image_id", pa.int64())]))
    with pytest.raises(InvalidFilter):
        positioned.join("numbered", "images", "image_id")


def as_set(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    assert len({tuple(row.items()) for row in rows}) == len(rows)
    return {tuple(row.values()) for row in rows}


def test_distinct_partition_keys_are_every_combination_once(images: ColumnarStore) -> None:
    expected = {("IFCB107", 1), ("IFCB107", 2), ("IFCB108", 1), ("IFCB108", 2)}
    assert as_set(images.distinct_values("images", IMAGE_KEYS)) == expected
    assert as_set(images.distinct_values("images", ["month", "instrument"])) == {(b, a) for a, b in expected}
    assert as_set(images.distinct_values("images", ["month"])) == {(1,), (2,)}


@pytest.mark.parametrize(
    ("fields", "filters", "expected"),
    [
        (["note"], {"score": {"lt": 0.4}}, {(None,), ("note 0",), ("note 2",)}),
        (["month"], {"score": {"lt": 0.1}}, {(1,)}),
        (["month"], {"instrument": "IFCB107"}, {(1,), (2,)}),
        (["instrument"], {"month": {"gt": 5}}, set()),
        (["instrument", "note"], {"image_id": "image-07"}, {("IFCB108", None)}),
    ],
)
def test_distinct_values_obey_filters(
    images: ColumnarStore, fields: list[str], filters: dict[str, Any], expected: set[tuple[Any, ...]]
) -> None:
    assert as_set(images.distinct_values("images", fields, filters)) == expected


@pytest.mark.parametrize("fields", [[], ["nope"], ["month", "month"]])
def test_bad_distinct_fields_are_refused(images: ColumnarStore, fields: list[str]) -> None:
    with pytest.raises(ValueError):
        images.distinct_values("images", fields)
