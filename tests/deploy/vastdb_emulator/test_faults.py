"""What the SDK makes of each injected fault, and what is left in the table after it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pyarrow as pa
import pytest
from vastdb import errors
from vastdb._internal import QueryDataInternalError
from vastdb.session import Session

from deploy.vastdb_emulator.process import EmulatorProcess
from deploy.vastdb_emulator.transport.faults import Injection, UnknownFault
from tests.deploy.vastdb_emulator.sdk import connect, create, insert, stored


@pytest.fixture(autouse=True)
def no_fault_is_left(running: EmulatorProcess, session: Session, schema: str) -> Iterator[None]:
    create(session, schema)
    yield
    running.inject()
    gc.collect()


def test_a_server_that_is_busy_for_a_while_is_asked_again(
    running: EmulatorProcess, session: Session, schema: str
) -> None:
    patient = connect(running.endpoint, max_tries=4)
    running.inject("slow-down@insert*3")
    insert(patient, schema, 1)
    assert stored(session, schema) == [1]


def test_a_server_that_stays_busy_is_an_error(running: EmulatorProcess, session: Session, schema: str) -> None:
    running.inject("slow-down@insert*9")
    with pytest.raises(errors.Slowdown):
        insert(session, schema, 1)
    assert stored(session, schema) == []


def test_a_connection_lost_before_the_commit_leaves_the_old_state(
    running: EmulatorProcess, session: Session, schema: str
) -> None:
    running.inject("lose-before@commit")
    with pytest.raises(errors.ConnectionError):
        insert(session, schema, 1)
    assert stored(session, schema) == []


def test_a_connection_lost_after_the_commit_leaves_the_new_state(
    running: EmulatorProcess, session: Session, schema: str
) -> None:
    running.inject("lose-after@commit")
    with pytest.raises(errors.ConnectionError):
        insert(session, schema, 1)
    assert stored(session, schema) == [1]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("unavailable@commit", errors.ServiceUnavailable),
        ("internal-error@commit", errors.InternalServerError),
        ("conflict@commit", errors.Conflict),
        ("out-of-space@commit", errors.InsufficientCapacity),
    ],
)
def test_a_refused_commit_is_a_typed_error(
    running: EmulatorProcess, session: Session, schema: str, *, fault: str, error: type[Exception]
) -> None:
    running.inject(fault)
    with pytest.raises(error):
        insert(session, schema, 1)
    assert stored(session, schema) == []


def test_a_refused_connection_is_an_error(running: EmulatorProcess) -> None:
    running.inject("refuse*9")
    with pytest.raises(errors.ConnectionError):
        connect(running.endpoint)


def test_a_failed_query_is_an_error_and_not_an_empty_result(
    running: EmulatorProcess, session: Session, schema: str
) -> None:
    insert(session, schema, 1)
    running.inject("fail-query@select")
    with pytest.raises(QueryDataInternalError):
        stored(session, schema)


def test_a_query_that_is_cut_short_is_an_error_and_not_a_short_result(
    running: EmulatorProcess, session: Session, schema: str
) -> None:
    insert(session, schema, *range(1000))
    running.inject("truncate@select*9")
    with pytest.raises((errors.ConnectionError, pa.ArrowInvalid)):
        stored(session, schema)


def test_faults_wait_for_the_request_that_they_are_meant_for(
    running: EmulatorProcess, session: Session, schema: str
) -> None:
    running.inject("conflict@commit+1")
    insert(session, schema, 1)
    with pytest.raises(errors.Conflict):
        insert(session, schema, 2)
    insert(session, schema, 3)
    assert stored(session, schema) == [1, 3]


@pytest.mark.parametrize("text", ["slow", "lose-after@comit", "slow-down*x"])
def test_a_fault_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(UnknownFault):
        Injection.parse(text)
