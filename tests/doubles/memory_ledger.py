"""A ledger over the library's in-memory recorder, with our two bulk reads: honest about conflicts and order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, IntegrityError, StoredEvent
from eventsourcing.popo import POPOApplicationRecorder

from domain.ledger import Held, Ledger


class MemoryRecorder(POPOApplicationRecorder):
    """The library's recorder and what domain.ledger.Store adds."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, held: Sequence[Held] = (), **_: Any
    ) -> Sequence[int] | None:
        with self._database_lock:
            if any(self.select_events(stream, gt=revision, limit=1) for stream, revision in held):
                raise IntegrityError("A stream that the command holds has moved on.")
            return super().insert_events(stored_events)

    def select_streams(
        self, originator_ids: Sequence[UUID], after: Sequence[int] = (), *, until: int | None = None
    ) -> Sequence[StoredEvent]:
        past = dict(zip(originator_ids, after or [0] * len(originator_ids), strict=True))
        found = [event for identity, revision in past.items() for event in self.select_events(identity, gt=revision)]
        if until is None:
            return found
        log = self.select_notifications(None, 1_000_000)
        early = {(n.originator_id, n.originator_version) for n in log if n.id <= until}
        return [event for event in found if (event.originator_id, event.originator_version) in early]

    def select_position(self, originator_id: UUID, originator_version: int) -> int | None:
        log = self.select_notifications(None, 1_000_000)
        return next(
            (n.id for n in log if (n.originator_id, n.originator_version) == (originator_id, originator_version)), None
        )


class MemoryLedger(Ledger):
    """A ledger that forgets everything with the process."""

    name = "ledger"

    def construct_recorder(self) -> ApplicationRecorder:
        return MemoryRecorder()
