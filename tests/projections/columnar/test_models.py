"""Pydantic annotations as column types."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pyarrow as pa
import pytest
from pydantic import BaseModel, Field, create_model

from projections.columnar.errors import UnsupportedType
from projections.columnar.models import arrow_schema


class Colour(Enum):
    RED = "red"


class Box(BaseModel):
    width: int
    names: list[str] = []


def one_column(annotation: Any, default: Any = ...) -> pa.Field:
    return arrow_schema(create_model("Row", x=(annotation, default))).field("x")


@pytest.mark.parametrize(
    ("annotation", "type_"),
    [
        (str, pa.string()),
        (int, pa.int64()),
        (float, pa.float64()),
        (bool, pa.bool_()),
        (bytes, pa.binary()),
        (dt.datetime, pa.timestamp("us", tz="UTC")),
        (dt.date, pa.date32()),
        (dt.time, pa.time64("us")),
        (dt.timedelta, pa.duration("us")),
        (UUID, pa.string()),
        (Colour, pa.string()),
        (Literal["a", "b"], pa.string()),
        (Literal[1, 2], pa.int64()),
        (dict, pa.large_string()),
        (dict[str, int], pa.large_string()),
        (Decimal, pa.decimal128(38, 9)),
        (Annotated[Decimal, Field(max_digits=10, decimal_places=2)], pa.decimal128(10, 2)),
        (list[str], pa.list_(pa.string())),
        (list[float | None], pa.list_(pa.float64())),
        (list[list[int]], pa.list_(pa.list_(pa.int64()))),
        (
            list[Box],
            pa.list_(pa.struct([pa.field("width", pa.int64(), False), ("names", pa.list_(pa.string()))])),
        ),
        (Box, pa.struct([pa.field("width", pa.int64(), False), ("names", pa.list_(pa.string()))])),
    ],
)
def test_an_annotation_has_this_column_type(annotation: Any, type_: pa.DataType) -> None:
    assert one_column(annotation).type == type_
    assert not one_column(annotation).nullable
    assert one_column(annotation | None, None).equals(pa.field("x", type_))


def test_optional_and_defaulted_fields_are_nullable() -> None:
    assert one_column(int | None).nullable
    assert one_column(int, 5).nullable


@pytest.mark.parametrize(
    "annotation",
    [Any, list, list[dict[str, int]], tuple[int, int], set[str], int | str, Literal[1, "a"], object],
)
def test_an_annotation_without_a_column_type_is_refused(annotation: Any) -> None:
    model = create_model("Row", x=(annotation, ...))
    with pytest.raises(UnsupportedType, match=r"Row\.x"):
        arrow_schema(model)


def test_a_bare_list_is_refused_with_a_hint() -> None:
    with pytest.raises(TypeError, match=r"list\[str\]"):
        one_column(list)
