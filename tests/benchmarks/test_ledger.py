"""Reports how fast the ledger appends and is read, each beside the plain database doing the same in the same run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import perf_counter
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from gateway.ledger.datastore import LedgerDatastore
from gateway.ledger.feed import Feed
from gateway.ledger.group_commit import GroupCommit
from gateway.ledger.recorder import LedgerRecorder
from gateway.ledger.schema import migrate
from tests.gateway.ledger.notes import TOPICS, note
from tests.waiting import eventually

pytestmark = pytest.mark.benchmark
SECONDS = 2.0
BULK_EVENTS = 20_000
TEXT = "x" * 250
RAW_INSERT = b"INSERT INTO ledger.events (originator_id, originator_version, topic, state) VALUES (%s, %s, %s, %s)"
RAW_COPY = b"COPY raw FROM STDIN (FORMAT BINARY)"


Report = Callable[[str], object]


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Report:
    """Writes a line to the terminal, past the capture."""

    def write(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {line}")

    return write


@pytest.fixture
def recorder(database_url: str) -> Iterator[LedgerRecorder]:
    """A recorder over an empty log."""
    migrate(database_url)
    with closing(LedgerDatastore(database_url, pool_size=16)) as datastore:
        yield LedgerRecorder(datastore)


def _rate(threads: int, append: Callable[[], object]) -> float:
    """How often per second that many threads append, together."""

    def run(end: float) -> int:
        count = 0
        while perf_counter() < end:
            append()
            count += 1
        return count

    with ThreadPoolExecutor(threads) as pool:
        end = perf_counter() + SECONDS
        return sum(pool.map(run, [end] * threads)) / SECONDS


def _timed(run: Callable[[], object]) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start


def _columns(event: StoredEvent) -> tuple[object, ...]:
    return event.originator_id, event.originator_version, event.topic, event.state


def test_appends_of_one_event(database_url: str, recorder: LedgerRecorder, report: Report) -> None:
    with closing(GroupCommit(recorder)) as group, psycopg.connect(database_url, autocommit=True) as raw:
        plain = _rate(1, lambda: raw.execute(RAW_INSERT, _columns(note(text=TEXT))))
        single = _rate(1, lambda: recorder.insert_events([note(text=TEXT)]))
        rates = {n: _rate(n, lambda: group.insert_events([note(text=TEXT)])) for n in (1, 16, 64)}
    report(f"one-row INSERT, 1 thread: {plain:,.0f}/s; recorder: {single:,.0f}/s, {single / plain:.2f} of it")
    for threads, rate in rates.items():
        report(f"group commit, {threads} threads: {rate:,.0f}/s, {rate / plain:.2f} of the one-row INSERT")


def test_bulk_appends(database_url: str, recorder: LedgerRecorder, report: Report) -> None:
    with closing(GroupCommit(recorder)) as group, psycopg.connect(database_url, autocommit=True) as raw:
        raw.execute(
            "CREATE TABLE raw (id uuid, version bigint, topic text, state bytea, position bigint UNIQUE,"
            " PRIMARY KEY (id, version)); CREATE INDEX ON raw (topic, position)"
        )

        def copy(round_: int) -> None:
            with raw.cursor().copy(RAW_COPY) as sink:
                sink.set_types(["uuid", "int8", "text", "bytea", "int8"])
                for position, event in enumerate(bulks[round_], round_ * BULK_EVENTS):
                    sink.write_row((*_columns(event), position))

        state = note(text=TEXT).state
        bulks = [[StoredEvent(uuid4(), 1, "note-taken", state) for _ in range(BULK_EVENTS)] for _ in range(3)]
        plain = min(_timed(lambda n=n: copy(n)) for n in range(3))  # type: ignore[misc]
        ours = min(_timed(lambda b=b: group.insert_events(b)) for b in bulks)  # type: ignore[misc]
    report(f"bulk of {BULK_EVENTS}: {BULK_EVENTS / ours:,.0f} events/s, {plain / ours:.2f} of raw COPY")


def test_reads_of_the_feed(recorder: LedgerRecorder, report: Report) -> None:
    total = 3 * BULK_EVENTS

    def read(page: Callable[[int, int], object]) -> float:
        return total / _timed(lambda: [page(after, 5_000) for after in range(0, total, 5_000)])

    with closing(Feed(recorder, TOPICS)) as feed:
        for _ in range(3):
            recorder.insert_events([note(text=TEXT) for _ in range(BULK_EVENTS)])
        rows, events = read(recorder.select_page), read(feed.read)
        feed.start()
        eventually(lambda: feed.healthy)
        recorder.insert_events([note(text=TEXT) for _ in range(10_000)])
        assert feed.wait(total + 9_999, 20)
        memory = 10_000 / _timed(lambda: [feed.read(total + n, 500) for n in range(0, 10_000, 500)])
    report(f"feed from the database: {events:,.0f} events/s, {events / rows:.2f} of the undecoded rows")
    report(f"feed from memory: {memory:,.0f} events/s, {memory / events:.1f} times that")
