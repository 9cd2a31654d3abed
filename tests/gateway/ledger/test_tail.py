"""Guards that the end of the log is followed without a race, without NOTIFY, and across lost connections."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from threading import Event as Signal

import psycopg
import pytest

from gateway.embedded_postgres import EmbeddedPostgres
from gateway.ledger import tail
from gateway.ledger.feed import Feed
from gateway.ledger.recorder import LedgerRecorder, Row
from gateway.ledger.tail import Tail
from tests.gateway.closed import refusing_connections
from tests.gateway.ledger.notes import DEADLINE_SECONDS, TOPICS, notes, texts
from tests.waiting import eventually

END_TAIL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND query LIKE '%notification_id >%' AND pid <> pg_backend_pid()"
)
RAW_INSERT = (
    "INSERT INTO ledger.events (originator_id, originator_version, topic, state) "
    "SELECT gen_random_uuid(), 1, 'note-taken', convert_to("
    """'{"cause":{"actor_kind":"system","actor_id":"t","correlation_id":"c","at":"2026-01-02T00:00:00Z"},"""
    """"event":{"text":"silent"}}', 'UTF8')"""
)


def test_nothing_appended_around_the_start_waits_for_the_next_append(
    recorder: LedgerRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "POLL_SECONDS", 10 * DEADLINE_SECONDS)
    received: list[int] = []
    done = Signal()

    def append_after_the_head_was_read(head: int) -> None:
        received.append(head)
        recorder.insert_events(notes("between the head and the first page"))

    def append_after_the_page_was_read(rows: Sequence[Row]) -> None:
        received.extend(row.position for row in rows)
        if len(received) == 4:
            done.set()
        else:
            recorder.insert_events(notes("between a page and the wait"))

    recorder.insert_events(notes("before"))
    follower = Tail(
        recorder.conninfo,
        recorder.log,
        begin=append_after_the_head_was_read,
        receive=append_after_the_page_was_read,
    )
    with closing(follower):
        follower.start()
        assert done.wait(DEADLINE_SECONDS)
    assert received == [1, 2, 3, 4]


def test_an_event_without_a_notification_is_seen_by_the_poll(database_url: str, feed: Feed) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(RAW_INSERT)
    assert feed.wait(0, DEADLINE_SECONDS)
    assert texts(feed.read(0, 10)) == ["silent"]


def test_a_feed_that_is_cut_off_says_so_recovers_by_itself_and_misses_nothing(
    postgres_server: EmbeddedPostgres, database_url: str, recorder: LedgerRecorder, feed: Feed
) -> None:
    recorder.insert_events(notes("before"))
    assert feed.wait(0, DEADLINE_SECONDS)
    with psycopg.connect(database_url, autocommit=True) as connection:
        with refusing_connections(postgres_server, database_url):
            assert connection.execute(END_TAIL).fetchall() == [(True,)]
            eventually(lambda: feed.last_error is not None and "not currently accepting" in str(feed.last_error))
            was_healthy = feed.healthy
            connection.execute(RAW_INSERT)
            assert (feed.head(), feed.wait(1, 0.0)) == (1, False)
        assert feed.wait(1, DEADLINE_SECONDS)
    recorder.insert_events(notes("after"))
    assert feed.wait(2, DEADLINE_SECONDS)
    assert texts(feed.read(0, 10)) == ["before", "silent", "after"]
    assert (was_healthy, feed.healthy, feed.last_error) == (False, True, None)


def test_a_tail_that_has_not_looked_for_long_is_unhealthy(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "STALE_SECONDS", 0.0)
    assert not feed.healthy


def test_a_feed_that_never_started_is_unhealthy_and_closes(recorder: LedgerRecorder) -> None:
    with closing(Feed(recorder, TOPICS)) as feed:
        assert not feed.healthy
