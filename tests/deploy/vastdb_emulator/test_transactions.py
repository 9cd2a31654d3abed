"""Snapshot isolation: what a transaction sees, and when two of them conflict."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from vastdb import errors
from vastdb.session import Session

from deploy.vastdb_emulator.process import EmulatorProcess
from tests.deploy.vastdb_emulator.sdk import BUCKET, NUMBERS, connect, create, delete, insert, rows, stored, table


def test_a_commit_is_seen_by_transactions_that_begin_later_only(session: Session, schema: str) -> None:
    create(session, schema)
    with session.transaction() as earlier:
        insert(session, schema, 1)
        assert table(earlier, schema).select(["number"]).read_all().num_rows == 0
    assert stored(session, schema) == [1]


def test_a_rollback_leaves_nothing(session: Session, schema: str) -> None:
    create(session, schema)
    with pytest.raises(ZeroDivisionError):
        _change_and_fail(session, schema)
    assert stored(session, schema) == []
    with session.transaction() as tx:
        assert tx.bucket(BUCKET).schema(f"{schema}_other", fail_if_missing=False) is None


def test_a_transaction_sees_its_own_changes(session: Session, schema: str) -> None:
    create(session, schema)
    with session.transaction() as tx:
        table(tx, schema).insert(rows(1, 2, 3))
        delete(tx, schema, 2)
        assert table(tx, schema).select(["number"]).read_all()["number"].to_pylist() == [1, 3]


def test_appends_at_the_same_time_are_both_kept(session: Session, schema: str) -> None:
    create(session, schema)
    with session.transaction() as first, session.transaction() as second:
        table(first, schema).insert(rows(1))
        table(second, schema).insert(rows(2))
        table(first, schema).insert(rows(3))
    assert stored(session, schema) == [1, 2, 3]


def test_the_second_to_delete_a_row_conflicts_at_once(session: Session, schema: str) -> None:
    create(session, schema)
    insert(session, schema, 1, 2)
    with session.transaction() as first:
        delete(first, schema, 1)
        with pytest.raises(errors.Conflict), session.transaction() as second:
            delete(second, schema, 1)
    assert stored(session, schema) == [2]


def test_deleting_what_was_deleted_since_the_transaction_began_conflicts(session: Session, schema: str) -> None:
    create(session, schema)
    insert(session, schema, 1)
    with session.transaction() as late:
        found = table(late, schema).select(["number"], internal_row_id=True).read_all()
        with session.transaction() as early:
            delete(early, schema, 1)
        with pytest.raises(errors.Conflict):
            table(late, schema).delete(found)
    assert stored(session, schema) == []


def test_deletes_of_different_rows_are_both_kept(session: Session, schema: str) -> None:
    create(session, schema)
    insert(session, schema, 1, 2, 3)
    with session.transaction() as first, session.transaction() as second:
        delete(first, schema, 1)
        delete(second, schema, 3)
    assert stored(session, schema) == [2]


def test_of_two_that_create_the_same_table_the_second_conflicts(session: Session, schema: str) -> None:
    with session.transaction() as first:
        first.bucket(BUCKET).schema(schema).create_table("t", NUMBERS)
        with pytest.raises(errors.Conflict), session.transaction() as second:
            second.bucket(BUCKET).schema(schema).create_table("t", NUMBERS)
    assert stored(session, schema) == []


def test_rows_inserted_while_a_column_is_added_have_null_in_it(session: Session, schema: str) -> None:
    create(session, schema)
    with session.transaction() as inserting:
        table(inserting, schema).insert(rows(1))
        with session.transaction() as altering:
            table(altering, schema).add_column(pa.schema([("added", pa.int8())]))
    with session.transaction() as tx:
        assert table(tx, schema).select().read_all().to_pylist() == [{"number": 1, "name": "n1", "added": None}]


def test_inserting_into_a_table_that_is_dropped_meanwhile_conflicts_at_commit(session: Session, schema: str) -> None:
    create(session, schema)
    inserting = session.transaction().__enter__()
    table(inserting, schema).insert(rows(1))
    with session.transaction() as dropping:
        table(dropping, schema).drop()
    with pytest.raises(errors.Conflict):
        inserting.__exit__(None, None, None)


def test_a_transaction_that_ended_is_not_found(session: Session) -> None:
    number = _begin(session)
    session.api.rollback_transaction(number)
    with pytest.raises(errors.NotFound):
        session.api.commit_transaction(number)


def test_an_unused_transaction_is_rolled_back_and_lets_go_of_its_rows(tmp_path: Any) -> None:
    with EmulatorProcess(tmp_path / "data", arguments=["--transaction-timeout", "0"]) as emulator:
        session = connect(emulator.endpoint)
        number = _begin(session)
        with pytest.raises(errors.NotFound):
            session.api.get_transaction(number)


def _change_and_fail(session: Session, schema: str) -> None:
    with session.transaction() as tx:
        table(tx, schema).insert(rows(1))
        tx.bucket(BUCKET).create_schema(f"{schema}_other")
        raise ZeroDivisionError


def _begin(session: Session) -> int:
    return int(session.api.begin_transaction().headers["tabular-txid"])
