"""Guards that one caller of all processes works on a thing at a time, whatever becomes of the one before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import psycopg
import pytest

from domain.errors import Contended
from domain.uploads.upload import UPLOADS
from gateway.embedded_postgres import EmbeddedPostgres
from gateway.ledger import exclusion
from gateway.ledger.errors import LedgerUnavailable
from gateway.ledger.opening import PostgresLedger, open_ledger
from tests.gateway.closed import closed
from tests.gateway.ledger.notes import waits_for_lock
from tests.waiting import eventually

Processes = tuple[PostgresLedger, PostgresLedger]


@pytest.fixture
def processes(database_url: str) -> Iterator[Processes]:
    """Two ledgers that share nothing, as two processes do; a pool of one connection each is enough."""
    with open_ledger(database_url, pool_size=1) as one, open_ledger(database_url, pool_size=1) as other:
        yield one.ledger, other.ledger


def test_the_second_goes_on_when_the_first_is_done(database_url: str, processes: Processes) -> None:
    one, other = processes
    is_done = Event()

    def second() -> bool:
        with other.exclusively(UPLOADS, "upload-1"):
            return is_done.is_set()

    with ThreadPoolExecutor(1) as pool:
        with one.exclusively(UPLOADS, "upload-1"):
            answer = pool.submit(second)
            eventually(lambda: waits_for_lock(database_url))
            is_done.set()
        assert answer.result()


def test_another_thing_does_not_wait(processes: Processes) -> None:
    one, other = processes
    with one.exclusively(UPLOADS, "upload-1"), other.exclusively(UPLOADS, "upload-2"):
        assert one.head() == 0


def test_who_waits_too_long_is_told_that_another_call_is_at_it(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = processes
    monkeypatch.setattr(exclusion, "WAIT_SECONDS", 1)
    with (
        one.exclusively(UPLOADS, "upload-1"),
        pytest.raises(Contended, match="Another call has been at the same thing for 1 s: see how it ends"),
        other.exclusively(UPLOADS, "upload-1"),
    ):
        pass


def test_a_lost_connection_ends_the_exclusion_and_not_the_work(database_url: str, processes: Processes) -> None:
    one, other = processes
    with one.exclusively(UPLOADS, "upload-1"):
        with psycopg.connect(database_url, autocommit=True) as connection:
            ended = connection.execute(
                b"SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            )
            assert ended.fetchall() == [(True,)]
        with other.exclusively(UPLOADS, "upload-1"):
            assert one.head() == 0


def test_what_fails_inside_is_raised_as_it_is(processes: Processes) -> None:
    one, other = processes
    with pytest.raises(ZeroDivisionError), one.exclusively(UPLOADS, "upload-1"):
        raise ZeroDivisionError
    with other.exclusively(UPLOADS, "upload-1"):
        pass


def test_a_database_that_is_away_is_said_to_be(
    postgres_server: EmbeddedPostgres, database_url: str, processes: Processes
) -> None:
    with (
        closed(postgres_server, database_url),
        pytest.raises(LedgerUnavailable, match="Nothing was recorded; try again later"),
        processes[0].exclusively(UPLOADS, "upload-1"),
    ):
        pass
