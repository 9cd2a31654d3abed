"""Filters on null, bytes and decimals, where comparing is easily done wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from vastdb.session import Session

from tests.deploy.vastdb_emulator.sdk import create, table

COLUMNS = pa.schema(
    [
        ("i", pa.int64()),
        ("s", pa.string()),
        ("d", pa.decimal128(9, 2)),
        ("h", pa.float16()),
        ("t", pa.timestamp("us", tz="UTC")),
    ]
)
ROWS = [
    {"i": 0, "s": "abc", "d": Decimal("1.50"), "h": 0.5, "t": 0},
    {"i": 1, "s": "abÿ", "d": Decimal("2.25"), "h": 1.5, "t": 1_000_000},
    {"i": 2, "s": None, "d": None, "h": None, "t": None},
    {"i": 3, "s": "", "d": Decimal("-1.00"), "h": -0.5, "t": -1},
]


@pytest.fixture
def filled(session: Session, schema: str) -> str:
    create(session, schema, COLUMNS)
    with session.transaction() as tx:
        table(tx, schema).insert(pa.Table.from_pylist(ROWS, COLUMNS))
    return schema


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (lambda t: t["s"] != "abc", [1, 3]),
        (lambda t: t["s"].isnull(), [2]),
        (lambda t: ~t["s"].isnull(), [0, 1, 3]),
        (lambda t: t["s"].startswith("ab"), [0, 1]),
        (lambda t: t["s"].startswith("abÿ"), [1]),
        (lambda t: t["s"] == "", [3]),
        (lambda t: t["s"].isin(["abc", "", "zzz"]), [0, 3]),
        (lambda t: (t["s"] == "abc") | t["s"].isnull() | t["s"].startswith("abÿ"), [0, 1, 2]),
        (lambda t: t["s"].contains("b"), [0, 1]),
        (lambda t: t["d"] >= 1.5, [0, 1]),
        (lambda t: t["h"] > 0, [0, 1]),
        (lambda t: t["i"].between(1, 2) & ~t["t"].isnull(), [1]),
        (lambda t: t["i"] == 0, [0]),
    ],
)
def test_a_filter_keeps_the_rows_that_it_is_true_for(
    session: Session, filled: str, predicate: Any, *, expected: list[int]
) -> None:
    with session.transaction() as tx:
        found = table(tx, filled)
        assert found.select(["i"], predicate(found)).read_all()["i"].to_pylist() == expected
