"""Splits, sub-splits and pages: however a query is cut, each row is returned once."""

from __future__ import annotations

import pyarrow as pa
import pytest
from vastdb.session import Session
from vastdb.table import QueryConfig

from tests.deploy.vastdb_emulator.sdk import create, delete, table

ROWS = 200_000
ONE = pa.schema([("number", pa.int64())])


@pytest.fixture
def numbers(session: Session, schema: str) -> str:
    """A table of more rows than a row group has, with gaps between the row ids."""
    create(session, schema, ONE)
    with session.transaction() as tx:
        table(tx, schema).insert(pa.table({"number": range(ROWS)}, ONE))
    with session.transaction() as tx:
        delete(tx, schema, *range(100, 200))
    return schema


@pytest.mark.parametrize(
    ("splits", "sub_splits", "row_groups", "limit"),
    [(1, 1, 8, 1000), (1, 4, 8, 128 * 1024), (3, 2, 1, 7001), (5, 1, 1, 100_000), (4, 4, 2, 65_536)],
)
def test_every_row_is_in_one_page(
    session: Session, numbers: str, *, splits: int, sub_splits: int, row_groups: int, limit: int
) -> None:
    config = QueryConfig(
        num_splits=splits,
        num_sub_splits=sub_splits,
        num_row_groups_per_sub_split=row_groups,
        limit_rows_per_sub_split=limit,
    )
    with session.transaction() as tx:
        found = table(tx, numbers).select(["number"], config=config).read_all()["number"].to_pylist()
    assert sorted(found) == [*range(100), *range(200, ROWS)]


def test_a_filter_that_few_rows_pass_is_paged_as_well(session: Session, numbers: str) -> None:
    config = QueryConfig(num_splits=1, num_sub_splits=1, limit_rows_per_sub_split=3)
    with session.transaction() as tx:
        found = table(tx, numbers)
        selected = found.select(["number"], found["number"].isin(list(range(0, ROWS, 10_000))), config=config)
        assert selected.read_all()["number"].to_pylist() == list(range(0, ROWS, 10_000))


def test_a_limit_ends_the_query(session: Session, numbers: str) -> None:
    with session.transaction() as tx:
        assert table(tx, numbers).select(["number"], limit_rows=5).read_all().num_rows == 5
