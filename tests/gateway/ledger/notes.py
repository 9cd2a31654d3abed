"""One small kind of event for tests of the store, which must not depend on what the domain's events are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import StoredEvent

from domain.cause import ActorKind, Cause
from domain.event import Event, Recorded, Topics, encode

CAUSE = Cause(actor_kind=ActorKind.SYSTEM, actor_id="test", correlation_id="c", at=datetime(2026, 1, 2, tzinfo=UTC))
DEADLINE_SECONDS = 60.0
"""For what must happen; a test that passes never waits for it."""


class NoteTaken(Event, frozen=True, kw_only=True):
    """A note."""

    TOPIC = "note-taken"
    text: str


TOPICS = Topics([NoteTaken])


def note(stream: UUID | None = None, revision: int = 1, text: str = "") -> StoredEvent:
    """A stored note; in a stream of its own when none is given."""
    return StoredEvent(stream or uuid4(), revision, NoteTaken.TOPIC, encode(CAUSE, NoteTaken(text=text)))


def notes(*texts: str) -> list[StoredEvent]:
    """One stored note for each text, each in a stream of its own."""
    return [note(text=text) for text in texts]


def texts(events: Sequence[Recorded]) -> list[str]:
    """What the notes say."""
    return [event.event.text for event in events if isinstance(event.event, NoteTaken)]


def count_rows(url: str, sql: bytes) -> int:
    """The number this statement selects."""
    with psycopg.connect(url) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def waits_for_lock(url: str) -> bool:
    """Whether somebody waits for an advisory lock: an append for another one, or a call for one before it."""
    return bool(count_rows(url, b"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))
