"""Many clients at once: nothing is lost, and no row id is given twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from vastdb import errors
from vastdb.session import Session

from deploy.vastdb_emulator.process import EmulatorProcess
from tests.deploy.vastdb_emulator.sdk import BUCKET, NUMBERS, connect, create, insert, rows, stored, table

CLIENTS = 8
APPENDS = 10


def test_appends_of_many_clients_are_all_kept(running: EmulatorProcess, session: Session, schema: str) -> None:
    create(session, schema)

    def append(client: int) -> None:
        own = connect(running.endpoint)
        for number in range(APPENDS):
            insert(own, schema, client * APPENDS + number)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(append, range(CLIENTS)))
    with session.transaction() as tx:
        found = table(tx, schema).select(["number"], internal_row_id=True).read_all()
    assert sorted(found["number"].to_pylist()) == list(range(CLIENTS * APPENDS))
    assert found["$row_id"].to_pylist() == list(range(CLIENTS * APPENDS))


def test_threads_that_share_a_transaction_lose_nothing(session: Session, schema: str) -> None:
    create(session, schema)
    with session.transaction() as tx:
        found = table(tx, schema)
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda number: found.insert(rows(number)), range(CLIENTS * APPENDS)))
    assert sorted(stored(session, schema)) == list(range(CLIENTS * APPENDS))


def test_a_table_that_many_clients_get_or_create_is_created_once(
    running: EmulatorProcess, session: Session, schema: str
) -> None:
    def get_or_create(client: int) -> int:
        own = connect(running.endpoint)
        while True:
            try:
                with own.transaction() as tx:
                    tx.bucket(BUCKET).schema(schema).create_table("t", NUMBERS, fail_if_exists=False).insert(
                        rows(client)
                    )
            except errors.Conflict:
                continue
            return client

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = list(pool.map(get_or_create, range(CLIENTS)))
    assert sorted(stored(session, schema)) == clients


def test_a_reader_sees_whole_overwrites_only(running: EmulatorProcess, session: Session, schema: str) -> None:
    create(session, schema)
    insert(session, schema, *[0] * 100)

    def overwrite() -> None:
        own = connect(running.endpoint)
        for number in range(1, 15):
            with own.transaction() as tx:
                found = table(tx, schema)
                found.delete(found.select(["number"], internal_row_id=True).read_all())
                found.insert(rows(*[number] * 100))

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(overwrite)
        while not writing.done():
            seen = stored(session, schema)
            assert seen == [seen[0]] * 100
        writing.result()
    assert stored(session, schema) == [14] * 100
