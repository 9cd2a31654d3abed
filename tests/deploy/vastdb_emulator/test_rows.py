"""Inserting, updating and deleting rows: what is taken, what is refused, and which row ids are given."""

from __future__ import annotations

import pyarrow as pa
import pytest
from vastdb import errors
from vastdb.session import Session

from tests.deploy.vastdb_emulator.sdk import create, insert, rows, stored, table

EXTERNAL = pa.schema([("vastdb_rowid", pa.int64()), ("x", pa.int64())])


def test_row_ids_count_from_zero_and_a_rollback_does_not_give_them_back(session: Session, schema: str) -> None:
    create(session, schema)
    tx = session.transaction().__enter__()
    assert table(tx, schema).insert(rows(1, 2)).to_pylist() == [0, 1]
    session.api.rollback_transaction(tx.txid)
    with session.transaction() as tx:
        assert table(tx, schema).insert(rows(3)).to_pylist() == [2]


def test_a_column_that_is_not_sent_is_null(session: Session, schema: str) -> None:
    create(session, schema)
    with session.transaction() as tx:
        table(tx, schema).insert(rows(1).select(["name"]))
        assert table(tx, schema).select().read_all().to_pylist() == [{"number": None, "name": "n1"}]


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (pa.table({"number": pa.array([1], pa.int32())}), errors.BadRequest),
        (pa.table({"number": pa.array(["1"])}), errors.BadRequest),
        (pa.table({"nmber": pa.array([1], pa.int64())}), errors.NotFound),
    ],
)
def test_values_of_another_type_and_unknown_columns_are_refused(
    session: Session, schema: str, *, sent: pa.Table, error: type[Exception]
) -> None:
    create(session, schema)
    with pytest.raises(error), session.transaction() as tx:
        table(tx, schema).insert(sent)
    assert stored(session, schema) == []


def test_an_update_replaces_the_named_columns_of_the_named_rows(session: Session, schema: str) -> None:
    create(session, schema)
    insert(session, schema, 1, 2, 3)
    with session.transaction() as tx:
        cells = pa.table({"$row_id": pa.array([2, 0], pa.uint64()), "name": ["third", None]})
        table(tx, schema).update(cells)
    with session.transaction() as tx:
        assert table(tx, schema).select().read_all().to_pydict() == {
            "number": [1, 2, 3],
            "name": [None, "n2", "third"],
        }


def test_rows_that_do_not_exist_are_ignored_by_update_and_delete(session: Session, schema: str) -> None:
    create(session, schema)
    insert(session, schema, 1)
    with session.transaction() as tx:
        table(tx, schema).update(pa.table({"$row_id": pa.array([7], pa.uint64()), "number": pa.array([9], pa.int64())}))
        table(tx, schema).delete(pa.table({"$row_id": pa.array([7], pa.uint64())}))
    assert stored(session, schema) == [1]


def test_chosen_row_ids_order_the_rows(session: Session, schema: str) -> None:
    create(session, schema, EXTERNAL)
    with session.transaction() as tx:
        found = table(tx, schema)
        found.insert(pa.table({"vastdb_rowid": [10, 30], "x": [1, 3]}, EXTERNAL))
        found.insert(pa.table({"vastdb_rowid": [5, 20], "x": [0, 2]}, EXTERNAL))
        assert found.select().read_all().to_pydict() == {"vastdb_rowid": [5, 10, 20, 30], "x": [0, 1, 2, 3]}
        assert found.select(["x"], found["vastdb_rowid"] > 10).read_all()["x"].to_pylist() == [2, 3]
        assert found.insert(pa.table({"x": pa.array([4], pa.int64())})).to_pylist() == [31]


@pytest.mark.parametrize("ids", [[1, 1], [2, 1], [0]])
def test_chosen_row_ids_that_repeat_or_descend_are_refused(session: Session, schema: str, ids: list[int]) -> None:
    create(session, schema, EXTERNAL)
    with session.transaction() as tx:
        table(tx, schema).insert(pa.table({"vastdb_rowid": [0], "x": [0]}, EXTERNAL))
    with pytest.raises(errors.BadRequest, match="Found duplicate row ids"), session.transaction() as tx:
        table(tx, schema).insert(pa.table({"vastdb_rowid": ids, "x": ids}, EXTERNAL))


def test_the_columns_of_a_sorting_key_cannot_be_updated(session: Session, schema: str) -> None:
    create(session, schema, sorting_key=["number"])
    insert(session, schema, 1)
    with session.transaction() as tx:
        found = table(tx, schema).select(["number"], internal_row_id=True).read_all()
        with pytest.raises(errors.BadRequest):
            table(tx, schema).update(found)
