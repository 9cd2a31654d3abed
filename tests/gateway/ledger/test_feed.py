"""Guards what consumers read: order, completeness, one decoding for all, poison that stops only its reader."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import uuid4

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent

from domain.cause import Cause
from domain.event import Event, Recorded, Stored, Topics, encode
from gateway.ledger.errors import PoisonEvent
from gateway.ledger.feed import Feed
from gateway.ledger.recorder import LedgerRecorder
from gateway.ledger.ring import Ring
from tests.gateway.ledger.notes import CAUSE, DEADLINE_SECONDS, TOPICS, NoteTaken, note, notes, texts
from tests.waiting import eventually

UNKNOWN = StoredEvent(uuid4(), 1, "from-the-future", b"{}")
DAMAGED = StoredEvent(uuid4(), 1, "note-taken", b'{"cause": 1}')


class NoteLifted(Event, frozen=True, kw_only=True):
    """A note in its second class version, whose upcast expects a field."""

    TOPIC = "note-lifted"
    CLASS_VERSION = 2
    UPCASTS = {1: lambda old: {"text": old["body"]}}
    text: str


UPCAST_FAILS = StoredEvent(uuid4(), 1, "note-lifted", encode(CAUSE, NoteTaken(text="no body")))


def test_a_recorded_event_says_where_when_and_why(recorder: LedgerRecorder, feed: Feed) -> None:
    stream = uuid4()
    recorder.insert_events([note(stream, 1, "a"), note(stream, 2, "b")])
    assert feed.wait(1, DEADLINE_SECONDS)
    cause: Cause = CAUSE
    assert feed.read(1, 10) == [Recorded(2, stream, 2, cause, NoteTaken(text="b"))]
    assert feed.head() == 2


def test_the_newest_position_is_the_database_s_also_where_the_feed_has_not_heard_of_it(
    recorder: LedgerRecorder,
) -> None:
    recorder.insert_events(notes("1"))
    with closing(Feed(recorder, TOPICS)) as feed:
        feed.start()
        eventually(lambda: feed.healthy)
    recorder.insert_events(notes("2"))
    assert (feed.head(), feed.newest()) == (1, 2)


def test_history_and_new_events_read_as_one_sequence(recorder: LedgerRecorder) -> None:
    recorder.insert_events(notes("1", "2", "3"))
    with closing(Feed(recorder, TOPICS)) as feed:
        assert texts(feed.read(0, 2)) == ["1", "2"]
        assert feed.head() == 3
        feed.start()
        eventually(lambda: feed.healthy)
        recorder.insert_events(notes("4", "5"))
        assert feed.wait(4, DEADLINE_SECONDS)
        assert texts(feed.read(0, 10)) == ["1", "2", "3", "4", "5"]
        assert feed.recent(2, 10) is None
        assert texts(feed.recent(3, 10) or []) == ["4", "5"]
        assert feed.read(5, 10) == []


class CountingTopics(Topics):
    """The registry, counting what it decodes."""

    decoded = 0

    def decode(self, topic: str, state: bytes) -> Stored[Event]:
        self.decoded += 1
        return super().decode(topic, state)


def test_an_event_is_decoded_once_for_all_consumers_of_the_process(recorder: LedgerRecorder) -> None:
    topics = CountingTopics([NoteTaken])
    with closing(Feed(recorder, topics)) as feed:
        feed.start()
        eventually(lambda: feed.healthy)
        recorder.insert_events(notes(*"abcde"))
        assert feed.wait(4, DEADLINE_SECONDS)
        pages = [feed.read(0, 10) for _ in range(3)]
    assert [texts(page) for page in pages] == [list("abcde")] * 3
    assert topics.decoded == 5


@pytest.fixture(params=["from memory", "from the database"])
def poisoned(request: pytest.FixtureRequest, recorder: LedgerRecorder) -> Iterator[Feed]:
    """A feed of a note, three events that cannot be read, and another note."""
    ring = Ring(max_events=100 if request.param == "from memory" else 0)
    with closing(Feed(recorder, Topics([NoteTaken, NoteLifted]), ring=ring)) as feed:
        feed.start()
        eventually(lambda: feed.healthy)
        recorder.insert_events([note(text="a"), UNKNOWN, DAMAGED, UPCAST_FAILS, note(text="b")])
        assert feed.wait(4, DEADLINE_SECONDS)
        assert (feed.recent(0, 1) is not None) == (request.param == "from memory")
        yield feed


def test_a_poison_event_stops_its_reader_at_its_position_and_nobody_else(poisoned: Feed) -> None:
    assert texts(poisoned.read(0, 10)) == ["a"]
    found = []
    for after in (1, 2, 3):
        with pytest.raises(PoisonEvent, match=f"The event at position {after + 1} ") as poison:
            poisoned.read(after, 10)
        found.append((poison.value.position, poison.value.topic, type(poison.value.cause).__name__))
    assert found == [
        (2, "from-the-future", "UnknownTopic"),
        (3, "note-taken", "ValidationError"),
        (4, "note-lifted", "KeyError"),
    ]
    assert texts(poisoned.read(4, 10)) == ["b"]
    assert poisoned.healthy


def test_an_event_of_an_older_class_version_is_known_as_one(recorder: LedgerRecorder) -> None:
    older = StoredEvent(uuid4(), 1, "note-lifted", b'{"cause":%b,"event":{"body":"a"}}' % msgspec.json.encode(CAUSE))
    current = StoredEvent(uuid4(), 1, "note-lifted/2", encode(CAUSE, NoteLifted(text="b")))
    with closing(Feed(recorder, Topics([NoteTaken, NoteLifted]))) as feed:
        recorder.insert_events([older, current])
        found = [(entry.event, entry.is_lifted) for entry in feed.read(0, 10)]
    assert found == [(NoteLifted(text="a"), True), (NoteLifted(text="b"), False)]


def test_a_wait_ends_with_its_time(feed: Feed) -> None:
    assert not feed.wait(0, 0.01)


def test_closing_a_feed_ends_the_waits_for_it(recorder: LedgerRecorder) -> None:
    feed = Feed(recorder, TOPICS)
    feed.start()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(feed.wait, 0, 10 * DEADLINE_SECONDS)
        eventually(waiting.running)
        feed.close()
        assert waiting.result(DEADLINE_SECONDS) is False
