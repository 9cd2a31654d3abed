"""A store in memory in front of the log: commands append to it at once, and it appends to the log in bulk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent

from domain.buckets.events import BucketRegistered
from domain.databases.events import AssetEnrolled, DatabaseCreated
from domain.ledger import Held
from domain.tags.events import TagApplied, TagTypeCreated
from gateway.ledger.opening import PostgresLedger
from gateway.ledger.recorder import LedgerRecorder

LASTING = frozenset(
    event.TOPIC for event in (AssetEnrolled, BucketRegistered, DatabaseCreated, TagApplied, TagTypeCreated)
)
"""Streams that begin with one of these are used to the end, and are few."""


class DraftLedger(PostgresLedger):
    """A ledger whose commands append to a draft."""

    name = PostgresLedger.name

    def close(self) -> None:
        """Nothing: the library closes a ledger that nobody refers to any more, and the recorder is not this one's."""


class Draft:
    """The Store of a ledger that has the log to itself, for one thread.

    Streams are held in memory until `forget`. One that was forgotten looks new; appending to it fails in `flush`, as
    its revisions are taken.
    """

    def __init__(self, recorder: LedgerRecorder, *, after: int) -> None:
        """`after` is the log's head: the next event gets the position after it."""
        self._recorder = recorder
        self._streams: dict[UUID, list[tuple[int, StoredEvent]]] = {}
        self._elsewhere = recorder.stream_ids()
        self._pending: list[StoredEvent] = []
        self._head = after

    @property
    def pending(self) -> int:
        """How many events are not in the log yet."""
        return len(self._pending)

    def insert_events(self, stored_events: Sequence[StoredEvent], *, held: Sequence[Held] = ()) -> Sequence[int]:
        """See Store."""
        if any(len(self._stream(identity)) != revision for identity, revision in held):
            raise IntegrityError("A stream that the command holds has moved on.")
        positions = []
        for event in stored_events:
            stream = self._stream(cast("UUID", event.originator_id))
            if event.originator_version != len(stream) + 1:
                raise IntegrityError("The stream has moved on.")
            self._head += 1
            stream.append((self._head, event))
            positions.append(self._head)
        self._pending += stored_events
        return positions

    def select_streams(
        self, originator_ids: Sequence[UUID], *, after: Sequence[int] = (), until: int | None = None
    ) -> Sequence[StoredEvent]:
        """See Store."""
        past = after or [0] * len(originator_ids)
        return [
            event
            for identity, revision in zip(originator_ids, past, strict=True)
            for position, event in self._stream(identity)[revision:]
            if until is None or position <= until
        ]

    def select_position(self, originator_id: UUID, originator_version: int) -> int | None:
        """See Store."""
        stream = self._stream(originator_id)
        return stream[originator_version - 1][0] if originator_version <= len(stream) else None

    def max_notification_id(self) -> int | None:
        """See Store."""
        return self._head or None

    def flush(self) -> int:
        """Append what is pending to the log, at the positions given out, and say how much that was.

        Raises LogMoved, IntegrityError.
        """
        flushed, self._pending = self._pending, []
        if flushed:
            self._recorder.copy_events(flushed, after=self._head - len(flushed))
        return len(flushed)

    def forget(self, *, but: Collection[UUID]) -> None:
        """Let go of every stream that is in the log, but for these and those that last."""
        assert not self._pending
        self._streams = {
            identity: stream
            for identity, stream in self._streams.items()
            if identity in but or (stream and stream[0][1].topic in LASTING)
        }

    def _stream(self, identity: UUID) -> list[tuple[int, StoredEvent]]:
        stream = self._streams.get(identity)
        if stream is None:
            found = self._recorder.select_streams([identity]) if identity in self._elsewhere else ()
            stream = [(self._position(event), event) for event in found]
            self._streams[identity] = stream
        return stream

    def _position(self, event: StoredEvent) -> int:
        position = self._recorder.select_position(cast("UUID", event.originator_id), event.originator_version)
        assert position is not None
        return position
