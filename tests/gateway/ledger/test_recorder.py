"""Guards against what section 4 of the eventsourcing study found in the library's own Postgres recorder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from random import Random
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError

from gateway.ledger.datastore import LedgerDatastore
from gateway.ledger.recorder import ARRAY_BYTES, LedgerRecorder
from gateway.ledger.schema import LOG, LogTable, migrate
from tests.gateway.ledger.notes import count_rows, note, notes, waits_for_lock
from tests.waiting import eventually

APPEND_IN_A_PROCESS = """
import sys
from gateway.ledger.datastore import LedgerDatastore
from gateway.ledger.recorder import LedgerRecorder
from tests.gateway.ledger.notes import note
url, events, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
recorder = LedgerRecorder(LedgerDatastore(url, pool_size=2))
print(len(recorder.insert_events([note(text="x" * size) for _ in range(events)])), flush=True)
recorder.datastore.close()
"""

APPEND_WITH_THE_LIBRARY = """
import sys
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from uuid import uuid4
parts = conninfo_to_dict(sys.argv[1])
store = PostgresDatastore(parts["dbname"], parts["host"], "5432", parts["user"], "")
recorder = PostgresApplicationRecorder(store, events_table_name="stock")
recorder.create_table()
print("ready", flush=True)
recorder.insert_events([StoredEvent(uuid4(), 1, "t", b"x" * (8 << 20))])
"""


WRITERS = 16


def _run(script: str, *arguments: str, seconds: float) -> str:
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=True).stdout


@pytest.mark.parametrize(("events", "size"), [(15_000, 250), (1, 1_000_000), (1, ARRAY_BYTES - 2_000)])
def test_a_large_append_does_not_hang(database_url: str, events: int, size: int) -> None:
    assert _run(APPEND_IN_A_PROCESS, database_url, str(events), str(size), seconds=60) == f"{events}\n"
    assert count_rows(database_url, b"SELECT count(*) FROM ledger.events") == events


def test_the_librarys_own_recorder_hangs_on_one_large_event(empty_database_url: str) -> None:
    with pytest.raises(subprocess.TimeoutExpired) as hung:
        _run(APPEND_WITH_THE_LIBRARY, empty_database_url, seconds=5)
    assert hung.value.stdout == b"ready\n"


@pytest.fixture(params=["lock", "no lock"])
def has_lock(request: pytest.FixtureRequest, database_url: str) -> bool:
    """Whether the append function takes its lock; without it, it is what POSTGRES_ENABLE_DB_FUNCTIONS installs."""
    if request.param == "no lock":
        with psycopg.connect(database_url) as connection:
            row = connection.execute("SELECT pg_get_functiondef('ledger.events_append'::regproc)").fetchone()
            assert row is not None
            connection.execute(row[0].replace(f"PERFORM pg_advisory_xact_lock({LOG.lock_key});", "").encode())
    return bool(request.param == "lock")


def test_a_reader_passes_no_position_that_is_committed_later(
    database_url: str, recorder: LedgerRecorder, has_lock: bool
) -> None:
    early, late = note(), note()
    arguments = [early.originator_id, early.state]
    with psycopg.connect(database_url) as slow, ThreadPoolExecutor(1) as pool:
        slow.execute("SELECT ledger.events_append(ARRAY[%s::uuid], ARRAY[1::bigint], ARRAY['t'], ARRAY[%s])", arguments)
        other = pool.submit(recorder.insert_events, [late])
        eventually(lambda: other.done() or waits_for_lock(database_url))
        seen = [row.stream_id for row in recorder.select_page(0, 10)]
        position = 2 if seen else 0
        slow.commit()
        other.result()
    seen += [row.stream_id for row in recorder.select_page(position, 10)]
    assert seen == ([early.originator_id, late.originator_id] if has_lock else [late.originator_id])


def test_a_tailing_reader_misses_and_repeats_nothing_under_sixteen_writers_that_pause(
    database_url: str, recorder: LedgerRecorder, has_lock: bool
) -> None:
    """Each writer pauses inside its transaction, after it was given positions. Without the lock the reader has gaps."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_sleep(random() * 0.01); RETURN NULL; END $$;"
            "CREATE TRIGGER pause AFTER INSERT ON ledger.events FOR EACH STATEMENT EXECUTE FUNCTION pause()"
        )
    together = Barrier(WRITERS + 1)

    def write(seed: int) -> list[int]:
        sizes = Random(seed)
        batches = [notes(*["x"] * sizes.randint(1, 3)) for _ in range(15)]
        if has_lock and seed < 2:
            # So large that it goes by COPY, whose lock is taken outside the function.
            batches.insert(8, notes(*["x"] * 9_000))
        together.wait()
        return [position for batch in batches for position in recorder.insert_events(batch)]

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, seed) for seed in range(WRITERS)]
        together.wait()
        seen: list[int] = []
        while not all(writer.done() for writer in writers) or recorder.max_notification_id() != seen[-1]:
            seen += [row.position for row in recorder.select_page(seen[-1] if seen else 0, 1_000)]
    written = sorted(position for writer in writers for position in writer.result())
    missed = sorted(set(written) - set(seen))
    assert len(seen) == len(set(seen))
    assert set(seen) <= set(written)
    assert (missed == []) == has_lock, f"missed {missed[:20]} of {len(written)}"


LOGS = [LogTable("ledger", "events"), LogTable("ledger", "audit"), LogTable("other", "events")]


@pytest.fixture
def three_recorders(empty_database_url: str) -> Iterator[list[LedgerRecorder]]:
    """Recorders of three logs in one database, two of them in one schema."""
    with ExitStack() as stack:
        for log in LOGS:
            migrate(empty_database_url, log=log)
        stores = [LedgerDatastore(empty_database_url, log=log, pool_size=2) for log in LOGS]
        yield [LedgerRecorder(stack.enter_context(closing(store))) for store in stores]


@pytest.mark.parametrize("size", [10, ARRAY_BYTES])
def test_one_logs_events_never_land_in_another(three_recorders: list[LedgerRecorder], size: int) -> None:
    for number, recorder in enumerate(three_recorders):
        assert list(recorder.insert_events([note(revision=number + 1, text="x" * size)])) == [1]
    assert [[row.revision for row in recorder.select_page(0, 9)] for recorder in three_recorders] == [[1], [2], [3]]
    assert len({recorder.channel_name for recorder in three_recorders}) == 3


def test_vacuum_and_analyze_do_not_wait_for_an_append_nor_block_one(
    database_url: str, recorder: LedgerRecorder
) -> None:
    with psycopg.connect(database_url) as appending, psycopg.connect(database_url, autocommit=True) as vacuuming:
        appending.execute(
            "SELECT ledger.events_append(ARRAY[%s], ARRAY[1::bigint], ARRAY['t'], ARRAY[''::bytea])", [uuid4()]
        )
        vacuuming.execute("SET lock_timeout = '5s'")
        vacuuming.execute("VACUUM ledger.events")
        vacuuming.execute("ANALYZE ledger.events")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            vacuuming.execute("BEGIN; LOCK TABLE ledger.events IN EXCLUSIVE MODE NOWAIT")
        vacuuming.execute("ROLLBACK")
        appending.commit()
        appending.execute("LOCK TABLE ledger.events IN SHARE UPDATE EXCLUSIVE MODE")
        assert recorder.insert_events(notes("while a vacuum holds its lock")) == [2]


@pytest.mark.parametrize("size", [10, ARRAY_BYTES])
def test_a_taken_revision_refuses_the_whole_append(recorder: LedgerRecorder, size: int) -> None:
    stream = uuid4()
    recorder.insert_events([note(stream, 1), note(stream, 2)])
    with pytest.raises(IntegrityError):
        recorder.insert_events([note(), note(stream, 2, "x" * size), note()])
    assert [row.position for row in recorder.select_page(0, 10)] == [1, 2]


@pytest.mark.parametrize("size", [10, ARRAY_BYTES // 2])
def test_positions_ascend_in_the_order_of_the_events(recorder: LedgerRecorder, size: int) -> None:
    events = [note(text=f"{number:03}" * (size // 3)) for number in range(5)]
    positions = recorder.insert_events(events)
    rows = recorder.select_page(0, 10)
    assert list(positions) == [1, 2, 3, 4, 5] == [row.position for row in rows]
    assert [(row.stream_id, row.state) for row in rows] == [(e.originator_id, e.state) for e in events]


def test_streams_are_read_together_each_in_order_of_revision(recorder: LedgerRecorder) -> None:
    first, second, absent = uuid4(), uuid4(), uuid4()
    recorder.insert_events([note(first, 1), note(second, 1)])
    recorder.insert_events([note(second, 2), note(first, 2), note(uuid4(), 1)])
    events = recorder.select_streams([first, absent, second])
    assert [e.originator_version for e in events if e.originator_id == first] == [1, 2]
    assert [e.originator_version for e in events if e.originator_id == second] == [1, 2]
    assert len(events) == 4
    assert recorder.select_position(second, 2) == 3
    assert recorder.select_position(absent, 1) is None


def test_an_empty_log_has_no_head_and_an_empty_append_does_nothing(recorder: LedgerRecorder) -> None:
    assert recorder.insert_events([]) == []
    assert recorder.max_notification_id() is None


@pytest.mark.parametrize("size", [10, ARRAY_BYTES])
def test_an_append_counts_only_while_what_it_holds_has_not_moved(recorder: LedgerRecorder, size: int) -> None:
    held, absent = uuid4(), uuid4()
    recorder.insert_events([note(held, 1)])
    assert list(recorder.insert_events([note(text="x" * size)], held=[(held, 1), (absent, 0)])) == [2]
    recorder.insert_events([note(held, 2)])
    for stream, revision in ((held, 1), (held, 0)):
        with pytest.raises(IntegrityError):
            recorder.insert_events([note(text="x" * size)], held=[(absent, 0), (stream, revision)])
    assert [row.position for row in recorder.select_page(0, 10)] == [1, 2, 3]
    assert recorder.insert_events([note()], held=[(held, 2)]) == [recorder.max_notification_id()]


def test_streams_are_read_past_a_revision_of_each(recorder: LedgerRecorder) -> None:
    first, second, absent = sorted((uuid4(), uuid4(), uuid4()))
    recorder.insert_events([note(first, 1), note(first, 2), note(second, 1), note(second, 2), note(second, 3)])
    events = recorder.select_streams([first, second, absent], after=[2, 1, 0])
    assert [(event.originator_id, event.originator_version) for event in events] == [(second, 2), (second, 3)]
    assert len(recorder.select_streams([first, second], after=[0, 3])) == 2
