"""Guards that commands share transactions without sharing their failures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import DataError, IntegrityError, StoredEvent

from domain.ledger import Held
from gateway.ledger.datastore import LedgerDatastore
from gateway.ledger.errors import LedgerClosed, LedgerUnavailable
from gateway.ledger.group_commit import GROUP_EVENTS, GroupCommit
from gateway.ledger.recorder import LedgerRecorder
from gateway.ledger.schema import LOG
from tests.gateway.ledger.notes import note, notes, waits_for_lock
from tests.waiting import eventually


class WatchedRecorder(LedgerRecorder):
    """The recorder, remembering how many events each of its transactions was to have."""

    sizes: list[int]

    def insert_events(self, stored_events: Sequence[StoredEvent], **options: Any) -> Sequence[int]:
        self.sizes.append(len(stored_events))
        return super().insert_events(stored_events, **options)


@pytest.fixture
def recorder(database_url: str) -> Iterator[WatchedRecorder]:
    """A recorder over an empty log."""
    with closing(LedgerDatastore(database_url, pool_size=16)) as datastore:
        recorder = WatchedRecorder(datastore)
        recorder.sizes = []
        yield recorder


@pytest.fixture
def group(recorder: WatchedRecorder) -> Iterator[GroupCommit]:
    """A store that groups."""
    with closing(GroupCommit(recorder)) as group:
        yield group


@contextmanager
def _together(
    url: str, group: GroupCommit, *commands: list[StoredEvent], held: dict[int, Held] | None = None
) -> Iterator[list[Future[Sequence[int]]]]:
    """Hand in all commands while another append has the lock, so that they wait, in this order, as one group.

    `held` gives what a command holds, by its number.
    """
    with psycopg.connect(url) as holder, ThreadPoolExecutor(len(commands) + 1) as pool:
        holder.execute("SELECT pg_advisory_xact_lock(%s)", [LOG.lock_key])
        pool.submit(group.insert_events, notes("the writer waits with this one"))
        eventually(lambda: waits_for_lock(url))
        answers = []
        for number, command in enumerate(commands):
            holding = [held[number]] if held and number in held else []
            answers.append(pool.submit(group.insert_events, command, held=holding))
            eventually(lambda: group.waiting == len(answers))
        holder.commit()
        yield answers


def test_everything_that_waits_goes_into_one_transaction(
    database_url: str, recorder: WatchedRecorder, group: GroupCommit
) -> None:
    with _together(database_url, group, notes("a"), notes("b", "c"), notes("d")) as answers:
        assert [answer.result() for answer in answers] == [[2], [3, 4], [5]]
    assert recorder.sizes == [1, 4]


def test_only_the_guilty_command_of_a_group_fails_and_it_records_nothing(
    database_url: str, recorder: WatchedRecorder, group: GroupCommit
) -> None:
    stream = uuid4()
    group.insert_events([note(stream, 1)])
    beside_it = uuid4()
    guilty = [note(beside_it), note(stream, 1)]
    commands = [[note(), note()] for _ in range(5)] + [guilty] + [[note(), note()] for _ in range(2)]
    with _together(database_url, group, *commands) as answers:
        assert isinstance(answers[5].exception(), IntegrityError)
        assert [len(a.result()) for i, a in enumerate(answers) if i != 5] == [2] * 7
    assert recorder.sizes == [1, 1, 16, 8, 8, 4, 2, 2, 4]
    assert len(recorder.select_page(0, 99)) == 2 + 7 * 2
    assert recorder.select_position(beside_it, 1) is None


def test_of_two_commands_for_one_revision_the_first_wins_in_one_transaction(
    database_url: str, recorder: WatchedRecorder, group: GroupCommit
) -> None:
    stream = uuid4()
    with _together(database_url, group, [note(stream, 1)], [note(stream, 1)], [note()]) as answers:
        assert answers[0].result() == [2]
        assert isinstance(answers[1].exception(), IntegrityError)
        assert answers[2].result() == [3]
    assert recorder.sizes == [1, 2]


def test_a_rival_takes_the_revision_when_the_first_command_fails(
    database_url: str, recorder: WatchedRecorder, group: GroupCommit
) -> None:
    taken, free = uuid4(), uuid4()
    group.insert_events([note(taken, 1)])
    with _together(database_url, group, [note(taken, 1), note(free, 1)], [note(free, 1)]) as answers:
        assert isinstance(answers[0].exception(), IntegrityError)
        assert answers[1].exception() is None
    assert recorder.select_position(free, 1) is not None


def test_a_command_that_holds_what_one_before_it_moves_fails(database_url: str, group: GroupCommit) -> None:
    first, second = uuid4(), uuid4()
    crossed = [[note(first, 1)], [note(second, 1)]]
    with _together(database_url, group, *crossed, held={0: (second, 0), 1: (first, 0)}) as answers:
        assert answers[0].result() == [2]
        assert isinstance(answers[1].exception(), IntegrityError)


def test_a_command_that_moves_what_one_before_it_holds_shares_its_transaction(
    database_url: str, recorder: WatchedRecorder, group: GroupCommit
) -> None:
    stream = uuid4()
    with _together(database_url, group, [note()], [note(stream, 1)], held={0: (stream, 0)}) as answers:
        assert [answer.result() for answer in answers] == [[2], [3]]
    assert recorder.sizes == [1, 2]


def test_a_command_whose_hold_is_lost_fails_alone(database_url: str, group: GroupCommit) -> None:
    stream = uuid4()
    group.insert_events([note(stream, 1)])
    with _together(database_url, group, [note()], [note()], [note()], held={1: (stream, 0)}) as answers:
        assert isinstance(answers[1].exception(), IntegrityError)
        assert [len(answers[number].result()) for number in (0, 2)] == [1, 1]


def test_a_command_that_the_database_cannot_store_fails_alone(database_url: str, group: GroupCommit) -> None:
    unstorable = [StoredEvent(uuid4(), 1, "a NUL \x00 in a topic", b"{}")]
    with _together(database_url, group, notes("a"), unstorable, notes("b")) as answers:
        assert isinstance(answers[1].exception(), DataError)
        assert [len(answers[i].result()) for i in (0, 2)] == [1, 1]


def test_a_command_larger_than_the_cap_goes_alone(
    database_url: str, recorder: WatchedRecorder, group: GroupCommit
) -> None:
    bulk = [note() for _ in range(GROUP_EVENTS + 1)]
    with _together(database_url, group, notes("a"), bulk, notes("b")) as answers:
        assert [len(answer.result()) for answer in answers] == [1, GROUP_EVENTS + 1, 1]
    assert recorder.sizes == [1, 1, GROUP_EVENTS + 1, 1]


def test_sixty_four_threads_contend_for_one_stream_and_lose_nothing(
    recorder: WatchedRecorder, group: GroupCommit
) -> None:
    stream = uuid4()

    def append_one() -> int:
        revision = 0
        while True:
            try:
                group.insert_events([note(stream, revision + 1)])
            except IntegrityError:
                revision = len(recorder.select_streams([stream]))
            else:
                return revision + 1

    with ThreadPoolExecutor(64) as pool:
        revisions = list(pool.map(lambda _: append_one(), range(64)))
    assert sorted(revisions) == list(range(1, 65))
    assert [e.originator_version for e in recorder.select_streams([stream])] == list(range(1, 65))


def test_closing_appends_what_waits_and_refuses_what_comes_after(
    database_url: str, recorder: WatchedRecorder, group: GroupCommit
) -> None:
    with _together(database_url, group, notes("a"), notes("b")) as answers, ThreadPoolExecutor(1) as closer:
        closed = closer.submit(group.close)
        assert [answer.result() for answer in answers] == [[2], [3]]
        closed.result()
    with pytest.raises(LedgerClosed, match="shutting down and recorded nothing"):
        group.insert_events(notes("late"))
    assert len(recorder.select_page(0, 10)) == 3


def test_a_lock_that_somebody_holds_for_too_long_fails_the_command_and_not_the_writer(
    database_url: str, group: GroupCommit
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER FUNCTION ledger.events_append SET lock_timeout = '1ms'")
    with psycopg.connect(database_url) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(%s)", [LOG.lock_key])
        with pytest.raises(LedgerUnavailable, match="Nothing was recorded"):
            group.insert_events(notes("a"))
    assert group.insert_events(notes("b")) == [1]


def test_the_reads_of_a_store_answer(group: GroupCommit) -> None:
    stream: UUID = uuid4()
    group.insert_events([note(stream, 1)])
    assert group.max_notification_id() == 1
    assert group.select_position(stream, 1) == 1
    assert [event.originator_id for event in group.select_streams([stream])] == [stream]
