"""Guards the ledger as commands meet it: lost connections, foreign variables, and a database that is down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from domain.cause import Order
from domain.event import stream_id
from domain.orders.events import OrderAccepted
from domain.stream import Change, Decision
from gateway.ledger import datastore
from gateway.ledger.errors import AppendUnknown, LedgerClosed, LedgerUnavailable
from gateway.ledger.opening import OpenLedger, open_ledger
from tests.gateway.ledger.lossy_proxy import LossyProxy
from tests.gateway.ledger.notes import CAUSE, DEADLINE_SECONDS, count_rows
from tests.waiting import eventually

ORDER = Order(cause=CAUSE, idempotency_key="once")
EVENT = OrderAccepted(idempotency_key="an event like any other", fingerprint="")
STREAM = stream_id("test", "a")
COUNT = b"SELECT count(*) FROM ledger.events"


def _decide() -> Decision:
    return Decision((Change(STREAM, 0, (EVENT,)),), {"made": "yes"})


@pytest.fixture
def opened(database_url: str) -> Iterator[OpenLedger]:
    """An open ledger over an empty log."""
    with open_ledger(database_url) as opened:
        yield opened


def test_what_a_command_records_comes_out_of_the_feed(opened: OpenLedger) -> None:
    eventually(lambda: opened.feed.healthy)
    outcome = opened.ledger.carry_out(ORDER, _decide)
    assert (outcome.position, outcome.result, opened.ledger.head()) == (2, {"made": "yes"}, 2)
    assert opened.feed.wait(1, DEADLINE_SECONDS)
    assert [(e.position, e.stream_id, e.event) for e in opened.feed.read(0, 1)] == [(1, STREAM, EVENT)]


def test_an_answer_lost_after_the_commit_is_unknown_and_the_idempotency_key_resolves_it(database_url: str) -> None:
    with closing(LossyProxy(database_url)) as proxy, open_ledger(proxy.url, pool_size=1) as opened:
        proxy.lose_the_answer_to(EVENT.idempotency_key.encode())
        with pytest.raises(AppendUnknown, match="repeat the command with the same idempotency key"):
            opened.ledger.carry_out(ORDER, _decide)
        again = opened.ledger.carry_out(ORDER, _decide)
        assert (again.position, again.result, again.replayed) == (2, {"made": "yes"}, True)
    assert count_rows(database_url, COUNT) == 2


def test_a_connection_that_the_server_closed_while_idle_is_replaced_before_it_is_used(
    database_url: str, opened: OpenLedger
) -> None:
    assert opened.ledger.head() == 0
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}".encode())
    assert opened.ledger.carry_out(ORDER, _decide).position == 2


def test_what_the_environment_says_to_the_library_changes_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PERSISTENCE_MODULE", "MAPPER_TOPIC", "TRANSCODER_TOPIC", "COMPRESSOR_TOPIC", "CIPHER_TOPIC"):
        monkeypatch.setenv(name, "no.such.module:Thing")
    for name in ("APPLICATION_RECORDER_TOPIC", "LEDGER_PERSISTENCE_MODULE", "POSTGRES_DBNAME", "CREATE_TABLE"):
        monkeypatch.setenv(name, "nonsense")
    monkeypatch.setenv("IS_SNAPSHOTTING_ENABLED", "y")
    with open_ledger(database_url) as opened:
        assert opened.ledger.carry_out(ORDER, _decide).position == 2


def test_a_ledger_opens_while_its_database_is_down_and_says_so(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datastore, "WAIT_FOR_CONNECTION_SECONDS", 0.2)
    with open_ledger("postgresql://interneg@127.0.0.1:1/none") as opened:
        eventually(lambda: opened.feed.last_error is not None)
        assert not opened.feed.healthy
        with pytest.raises(LedgerUnavailable, match="cannot be used"):
            opened.ledger.carry_out(Order(cause=CAUSE), _decide)


def test_a_closed_ledger_refuses_commands(database_url: str) -> None:
    with open_ledger(database_url) as opened:
        pass
    with pytest.raises(LedgerClosed):
        opened.ledger.carry_out(Order(cause=CAUSE), _decide)
