"""A ledger over the library's in-memory recorder, with our two bulk reads: honest about conflicts and order."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.popo import POPOApplicationRecorder

from domain.ledger import Ledger


class MemoryRecorder(POPOApplicationRecorder):
    """The library's recorder and the reads that domain.ledger.Store adds."""

    def select_streams(self, originator_ids: Sequence[UUID], *, until: int | None = None) -> Sequence[StoredEvent]:
        found = [event for identity in dict.fromkeys(originator_ids) for event in self.select_events(identity)]
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
