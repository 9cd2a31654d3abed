"""`kill -9`: a client that starts again finds the state before a commit or the one after it, never another."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count
from threading import Thread, Timer

import pytest
from vastdb import errors
from vastdb.session import Session

from deploy.vastdb_emulator.process import EmulatorProcess
from tests.deploy.vastdb_emulator.sdk import BUCKET, connect, create, rows, stored, table

ROUNDS = 6
BATCH = 50
Work = Callable[[Session, list[int]], None]


def _append_until_killed(session: Session, acknowledged: list[int]) -> None:
    for number in count():
        try:
            with session.transaction() as tx:
                table(tx, "s").insert(rows(*[number] * BATCH))
        except (errors.ConnectionError, errors.NotFound):
            return
        acknowledged.append(number)


def _overwrite_until_killed(session: Session, acknowledged: list[int]) -> None:
    for number in count():
        try:
            with session.transaction() as tx:
                found = table(tx, "s")
                found.delete(found.select(["number"], internal_row_id=True).read_all())
                found.insert(rows(*[number] * BATCH))
        except (errors.ConnectionError, errors.NotFound):
            return
        acknowledged.append(number)


@pytest.fixture
def killed(emulator: EmulatorProcess) -> EmulatorProcess:
    session = connect(emulator.endpoint)
    with session.transaction() as tx:
        tx.bucket(BUCKET).create_schema("s")
    create(session, "s")
    return emulator


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_appends_are_whole_and_none_that_was_acknowledged_is_lost(killed: EmulatorProcess, seed: int) -> None:
    acknowledged: list[int] = []
    _kill_during(killed, _append_until_killed, acknowledged, seed)
    found = stored(connect(killed.endpoint), "s")
    batches = [found[start : start + BATCH] for start in range(0, len(found), BATCH)]
    assert batches[: len(acknowledged)] == [[number] * BATCH for number in acknowledged]
    unacknowledged = batches[len(acknowledged) :]
    assert unacknowledged in ([], [[len(acknowledged)] * BATCH])
    assert acknowledged


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_an_overwrite_leaves_the_old_rows_or_the_new_ones(killed: EmulatorProcess, seed: int) -> None:
    acknowledged: list[int] = []
    _kill_during(killed, _overwrite_until_killed, acknowledged, seed)
    found = stored(connect(killed.endpoint), "s")
    assert found in ([acknowledged[-1]] * BATCH, [acknowledged[-1] + 1] * BATCH)


def test_row_ids_are_not_given_out_again_after_a_restart(killed: EmulatorProcess) -> None:
    with connect(killed.endpoint).transaction() as tx:
        table(tx, "s").insert(rows(1, 2))
    killed.kill()
    killed.start()
    with connect(killed.endpoint).transaction() as tx:
        assert table(tx, "s").insert(rows(3)).to_pylist() == [2]


def _kill_during(emulator: EmulatorProcess, work: Work, acknowledged: list[int], seed: int) -> None:
    thread = Thread(target=work, args=(connect(emulator.endpoint), acknowledged))
    timer = Timer(random.Random(seed).uniform(0.3, 0.9), emulator.kill)
    thread.start()
    timer.start()
    timer.join()
    thread.join()
    emulator.start()
