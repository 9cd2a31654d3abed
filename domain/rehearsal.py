"""A ledger on which commands decide as on the real one, and which forgets what they decided."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, IntegrityError, StoredEvent
from eventsourcing.popo import POPOApplicationRecorder
from eventsourcing.utils import Environment, EnvType

from domain.ledger import Held, Ledger, Store


class Rehearsal(Ledger):
    """The log of another ledger as it is, followed by what is appended here, which is kept in memory alone."""

    name = Ledger.name

    def __init__(self, ledger: Ledger) -> None:
        self._rehearsed = RehearsalStore(ledger.store)
        super().__init__(limits=ledger.limits)

    @property
    def store(self) -> Store:
        """The other ledger's store, covered by what was appended here."""
        return self._rehearsed

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Nothing: no part of the library is used to store."""
        return Environment(name, dict(env or {}))

    def construct_recorder(self) -> ApplicationRecorder:
        """One that stays empty."""
        return POPOApplicationRecorder()


class RehearsalStore:
    """A store that reads another and keeps what is appended to itself; for one thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._streams: dict[UUID, list[StoredEvent]] = {}
        self._positions: dict[tuple[UUID, int], int] = {}
        self._head = store.max_notification_id() or 0

    def insert_events(self, stored_events: Sequence[StoredEvent], *, held: Sequence[Held] = ()) -> Sequence[int] | None:
        """See Store."""
        taken = [event for event in stored_events if (event.originator_id, event.originator_version) in self._positions]
        if taken or any(self._revision(stream) > revision for stream, revision in held):
            raise IntegrityError("A stream that the command changes or holds has moved on.")
        for event in stored_events:
            assert isinstance(event.originator_id, UUID)
            self._head += 1
            self._streams.setdefault(event.originator_id, []).append(event)
            self._positions[event.originator_id, event.originator_version] = self._head
        return range(self._head - len(stored_events) + 1, self._head + 1)

    def select_streams(
        self, originator_ids: Sequence[UUID], *, after: Sequence[int] = (), until: int | None = None
    ) -> Sequence[StoredEvent]:
        """See Store."""
        found = list(self._store.select_streams(originator_ids, after=after, until=until))
        for identity, revision in zip(originator_ids, after or [0] * len(originator_ids), strict=True):
            for event in self._streams.get(identity, ()):
                position = self._positions[identity, event.originator_version]
                if event.originator_version > revision and (until is None or position <= until):
                    found.append(event)
        return found

    def select_position(self, originator_id: UUID, originator_version: int) -> int | None:
        """See Store."""
        covered = self._positions.get((originator_id, originator_version))
        return covered or self._store.select_position(originator_id, originator_version)

    def max_notification_id(self) -> int | None:
        """See Store."""
        return self._head or None

    def _revision(self, stream: UUID) -> int:
        events = self._streams.get(stream)
        return events[-1].originator_version if events else 0
