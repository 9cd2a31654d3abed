"""`kill -9`: a client that starts again finds the state before a commit or the one after it, never another."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from threading import Timer

from vastdb import errors
from vastdb.session import Session

from deploy.vastdb_emulator.process import EmulatorProcess
from tests.deploy.vastdb_emulator.sdk import BUCKET, connect, create, rows, stored, table

ROUNDS = 6
BATCH = 50
Work = Callable[[Session, str, int], None]


def _append(session: Session, schema: str, number: int) -> None:
    with session.transaction() as tx:
        table(tx, schema).insert(rows(*[number] * BATCH))


def _overwrite(session: Session, schema: str, number: int) -> None:
    with session.transaction() as tx:
        found = table(tx, schema)
        found.delete(found.select(["number"], internal_row_id=True).read_all())
        found.insert(rows(*[number] * BATCH))


def test_appends_are_whole_and_none_that_was_acknowledged_is_lost(emulator: EmulatorProcess) -> None:
    for number in range(ROUNDS):
        acknowledged = _work_until_killed(emulator, _append, number)
        found = stored(connect(emulator.endpoint), f"s{number}")
        batches = [found[start : start + BATCH] for start in range(0, len(found), BATCH)]
        assert batches[:acknowledged] == [[index] * BATCH for index in range(acknowledged)]
        assert batches[acknowledged:] in ([], [[acknowledged] * BATCH])


def test_an_overwrite_leaves_the_old_rows_or_the_new_ones(emulator: EmulatorProcess) -> None:
    for number in range(ROUNDS):
        acknowledged = _work_until_killed(emulator, _overwrite, number)
        found = stored(connect(emulator.endpoint), f"s{number}")
        assert found in ([acknowledged - 1] * BATCH, [acknowledged] * BATCH)


def test_row_ids_are_not_given_out_again_after_a_restart(emulator: EmulatorProcess) -> None:
    session = _prepared(emulator, "s")
    with session.transaction() as tx:
        table(tx, "s").insert(rows(1, 2))
    emulator.kill()
    emulator.start()
    with connect(emulator.endpoint).transaction() as tx:
        assert table(tx, "s").insert(rows(3)).to_pylist() == [2]


def _work_until_killed(emulator: EmulatorProcess, work: Work, round_number: int) -> int:
    """Repeat the work with 0, 1, ... until the server is killed at a random moment; how many were acknowledged."""
    schema = f"s{round_number}"
    session = _prepared(emulator, schema)
    timer = Timer(random.Random(round_number).uniform(0.3, 0.9), emulator.kill)
    timer.start()
    acknowledged = 0
    with suppress(errors.ConnectionError):
        for number in count():
            work(session, schema, number)
            acknowledged += 1
    timer.join()
    emulator.start()
    assert acknowledged > 0
    return acknowledged


def _prepared(emulator: EmulatorProcess, schema: str) -> Session:
    session = connect(emulator.endpoint)
    with session.transaction() as tx:
        tx.bucket(BUCKET).create_schema(schema)
    create(session, schema)
    return session
