"""The ledger: one eventsourcing Application over one event table, handed its store by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.utils import EnvType

from domain.catalogue import TOPICS
from domain.cause import Cause, Order
from domain.errors import Contended, IdempotencyKeyReused
from domain.event import Event, Position, Recorded, encode, stored_topic, stream_id
from domain.kept import KeptStates
from domain.limits import Limits
from domain.orders.events import OrderAccepted
from domain.orders.rules import check_key
from domain.stream import Aggregate, Change, Decision, Outcome, Stream
from domain.turns import Turns

S = TypeVar("S")
Held = tuple[UUID, int]
"""A stream and the revision that it must still be at."""
ATTEMPTS = 64
"""In turn with the other commands of this process, so that these are lost to other processes only."""


class Store(Protocol):
    """The part of an eventsourcing ApplicationRecorder that the ledger uses, with two bulk reads of our own."""

    def insert_events(self, stored_events: Sequence[StoredEvent], *, held: Sequence[Held] = ()) -> Sequence[int] | None:
        """Append all or none and return log positions.

        Raises IntegrityError when a (stream, revision) is taken or a held stream is past its revision.
        """

    def select_streams(
        self, originator_ids: Sequence[UUID], *, after: Sequence[int] = (), until: int | None = None
    ) -> Sequence[StoredEvent]:
        """Events of these streams, each stream's in order of revision.

        All of them; or with `after`, those past a revision for each; or with `until`, those up to that log position
        (inclusive).
        """

    def select_position(self, originator_id: UUID, originator_version: int) -> int | None:
        """The log position of one event, None when there is no such event."""

    def max_notification_id(self) -> int | None:
        """The head of the log, None while it is empty."""


class Ledger(Application[UUID]):
    """Loads aggregates, appends what commands decide, and knows the head of the log."""

    name = "ledger"

    def __init__(self, env: EnvType | None = None, *, limits: Limits | None = None) -> None:
        super().__init__(env)
        self.limits = limits or Limits()
        self._turns = Turns()
        self._exclusions = Turns()
        self._kept = KeptStates()

    @property
    def store(self) -> Store:
        """The recorder named in the environment this ledger was built with."""
        return cast("Store", self.recorder)

    def load(self, aggregate: Aggregate[S], *key: str) -> Stream[S]:
        """The stream with this natural key, folded; its state is None when nothing was recorded."""
        return self.load_many(aggregate, [key])[0]

    def load_many(
        self, aggregate: Aggregate[S], keys: Iterable[tuple[str, ...]], *, until: int | None = None
    ) -> list[Stream[S]]:
        """One stream per key, in the order of the keys, by a single read of the store.

        With `until` they are as they were right after that position; nothing can be appended to such a stream.
        """
        ids = [stream_id(aggregate.kind, *key) for key in keys]
        if until is not None or not aggregate.is_kept:
            states: dict[UUID, tuple[int, S]] = {}
            self._fold(aggregate, self.store.select_streams(ids, until=until), states)
            return _streams(ids, states)
        states = self._kept.of(ids)
        known = [states[identity][0] if identity in states else 0 for identity in ids]
        self._fold(aggregate, self.store.select_streams(ids, after=known), states)
        self._kept.keep(states)
        return _streams(ids, states)

    def _fold(self, aggregate: Aggregate[S], rows: Iterable[StoredEvent], states: dict[UUID, tuple[int, S]]) -> None:
        """Bring the states, by stream and with their revisions, past these events."""
        for row in rows:
            identity = cast("UUID", row.originator_id)
            before = states.get(identity)
            event = TOPICS.decode(row.topic, row.state).event
            states[identity] = (
                row.originator_version,
                aggregate.evolve(before[1] if before else None, event),
            )

    def carry_out(self, order: Order, decide: Callable[[], Decision]) -> Outcome:
        """Decide, append, and decide again when another writer was first.

        Raises whatever `decide` raises (nothing is recorded then), Invalid or IdempotencyKeyReused for the key, or
        Contended when every attempt met another writer.
        """
        with ExitStack() as turn:
            has_turn = False
            for _ in range(ATTEMPTS):
                remembered = self.remembered(order)
                if remembered:
                    return remembered
                decision = decide()
                streams = [change.stream_id for change in decision.changes]
                if has_turn or not self._turns.are_wanted(streams):
                    with suppress(IntegrityError):
                        return self._append(order, decision)
                if not has_turn:
                    turn.enter_context(self._turns.taken([*streams, *(stream.id for stream in decision.held)]))
                    has_turn = True
        raise Contended(f"Other writers changed the same thing in each of {ATTEMPTS} attempts: try again.")

    def exclusively(self, aggregate: Aggregate[S], *key: str) -> AbstractContextManager[None]:
        """Be the only one inside such a block for the aggregate with this natural key; waits for the one before.

        For work outside of the log, which no revision guards. Over a store that processes share it is one of them all;
        it raises Contended there when the one before takes long.
        """
        return self._exclusions.taken([stream_id(aggregate.kind, *key)])

    def history(self, aggregate: Aggregate[S], *key: str) -> list[Event]:
        """Everything that happened to the aggregate with this natural key; the first event has revision 1."""
        rows = self.store.select_streams([stream_id(aggregate.kind, *key)])
        return [TOPICS.decode(row.topic, row.state).event for row in rows]

    def position_of(self, aggregate: Aggregate[S], *key: str, revision: int) -> Position:
        """Where in the log this revision of the aggregate is; the caller knows that it exists."""
        position = self.store.select_position(stream_id(aggregate.kind, *key), revision)
        assert position is not None
        return Position(position)

    def head(self) -> Position:
        """The last position in the log; 0 while it is empty."""
        return Position(self.store.max_notification_id() or 0)

    def _append(self, order: Order, decision: Decision) -> Outcome:
        changes = [change for change in decision.changes if change.events]
        if order.idempotency_key is not None:
            changes.append(_memory(order, decision))
        if not changes:
            return Outcome(self.head(), decision.result)
        events = [stored for change in changes for stored in _stored(change, order.cause)]
        positions = self.store.insert_events(events, held=[(stream.id, stream.revision) for stream in decision.held])
        assert positions
        return Outcome(positions[-1], decision.result)

    def remembered(self, order: Order) -> Outcome | None:
        """The first outcome under the order's idempotency key, None when new. Raises IdempotencyKeyReused, Invalid."""
        check_key(order.idempotency_key)
        if order.idempotency_key is None:
            return None
        identity = _key_stream(order)
        rows = self.store.select_streams([identity])
        if not rows:
            return None
        accepted = cast("OrderAccepted", TOPICS.decode(rows[0].topic, rows[0].state).event)
        if accepted.fingerprint != order.fingerprint:
            raise IdempotencyKeyReused(order.idempotency_key)
        position = self.store.select_position(identity, 1)
        assert position is not None
        return Outcome(position, accepted.result, replayed=True)


def recorded(notification: Any) -> Recorded:
    """Decode one notification of the log (anything with id, originator_id, originator_version, topic, state)."""
    stored = TOPICS.decode(notification.topic, notification.state)
    return Recorded(
        notification.id,
        notification.originator_id,
        notification.originator_version,
        stored.cause,
        stored.event,
    )


def _streams(ids: Iterable[UUID], states: Mapping[UUID, tuple[int, S]]) -> list[Stream[S]]:
    return [Stream(i, *states[i]) if i in states else Stream(i, 0, None) for i in ids]


def _stored(change: Change, cause: Cause) -> list[StoredEvent]:
    return [
        StoredEvent(change.stream_id, revision, stored_topic(type(event)), encode(cause, event))
        for revision, event in enumerate(change.events, change.revision + 1)
    ]


def _memory(order: Order, decision: Decision) -> Change:
    assert order.idempotency_key is not None
    event: Event = OrderAccepted(
        idempotency_key=order.idempotency_key, fingerprint=order.fingerprint, result=dict(decision.result)
    )
    return Change(_key_stream(order), 0, (event,))


def _key_stream(order: Order) -> UUID:
    return stream_id("order", order.cause.actor, order.idempotency_key or "")
