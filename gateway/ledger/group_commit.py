"""One transaction for everything that waits, so that commit latency does not limit the rate of commands."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from threading import Condition, Thread
from typing import NamedTuple
from uuid import UUID

from eventsourcing.persistence import DataError, IntegrityError, PersistenceError, StoredEvent

from domain.ledger import Held
from gateway.ledger.errors import AppendUnknown, LedgerClosed, LedgerError
from gateway.ledger.recorder import LedgerRecorder

GROUP_EVENTS = 2_000
"""The most events of one transaction, unless a single command has more; such a one takes about 20 ms."""


class _Append(NamedTuple):
    events: Sequence[StoredEvent]
    held: Sequence[Held]
    answer: Future[Sequence[int]]


def _contenders(group: list[_Append]) -> tuple[list[_Append], list[tuple[_Append, _Append]]]:
    """The commands that can share a transaction, and each later one beside the command that it cannot share it with.

    Held streams are checked before any of the group is appended, so a command shares none with one before it that
    moves what it holds; one that moves what an earlier command holds simply comes after it.
    """
    first: list[_Append] = []
    rivals: list[tuple[_Append, _Append]] = []
    taken: dict[tuple[object, int], _Append] = {}
    for append in group:
        keys = [(event.originator_id, event.originator_version) for event in append.events]
        needed = [*keys, *((stream, revision + 1) for stream, revision in append.held)]
        winner = next((taken[key] for key in needed if key in taken), None)
        if winner is None:
            first.append(append)
            taken.update(dict.fromkeys(keys, append))
        else:
            rivals.append((append, winner))
    return first, rivals


class GroupCommit:
    """The store that the ledger of this process appends to, from any number of threads; owns one of its own.

    A command's events are recorded together or not at all, and one command's conflict never fails another's.
    """

    def __init__(self, recorder: LedgerRecorder) -> None:
        self._recorder = recorder
        self._waiting: deque[_Append] = deque()
        self._changed = Condition()
        self._closed = False
        self._writer = Thread(target=self._write, name="ledger-group-commit", daemon=True)
        self._writer.start()

    def insert_events(self, stored_events: Sequence[StoredEvent], *, held: Sequence[Held] = ()) -> Sequence[int]:
        """Append all or none and return the positions once they are committed.

        Raises IntegrityError when a (stream, revision) is taken or a held stream has moved on, LedgerUnavailable,
        AppendUnknown, LedgerClosed.
        """
        if not stored_events:
            return []
        append = _Append(stored_events, held, Future())
        with self._changed:
            if self._closed:
                raise LedgerClosed
            self._waiting.append(append)
            self._changed.notify()
        return append.answer.result()

    def select_streams(
        self, originator_ids: Sequence[UUID], after: Sequence[int] = (), *, until: int | None = None
    ) -> Sequence[StoredEvent]:
        """Events of these streams, as the recorder reads them."""
        return self._recorder.select_streams(originator_ids, after, until=until)

    def select_position(self, originator_id: UUID, originator_version: int) -> int | None:
        """The position of one event, None when there is no such event."""
        return self._recorder.select_position(originator_id, originator_version)

    def max_notification_id(self) -> int | None:
        """The position of the last event, None while the log is empty."""
        return self._recorder.max_notification_id()

    @property
    def waiting(self) -> int:
        """How many commands the writer has not taken yet."""
        return len(self._waiting)

    def close(self) -> None:
        """Append what already waits, then refuse everything after it with LedgerClosed."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._writer.join()

    def _write(self) -> None:
        try:
            while group := self._next_group():
                self._answer(group)
        finally:
            # Anything waits here only when a defect ended this thread, and nobody may wait for it for ever.
            with self._changed:
                self._closed = True
                left = list(self._waiting)
                self._waiting.clear()
            for append in left:
                append.answer.set_exception(LedgerClosed())

    def _next_group(self) -> list[_Append]:
        """What waits, oldest first, up to the cap; a larger command alone. Empty once closed and drained."""
        group: list[_Append] = []
        events = 0
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            while self._waiting and (not group or events + len(self._waiting[0].events) <= GROUP_EVENTS):
                append = self._waiting.popleft()
                group.append(append)
                events += len(append.events)
        return group

    def _answer(self, group: list[_Append]) -> None:
        first, rivals = _contenders(group)
        try:
            self._insert(first)
            for append, winner in rivals:
                if winner.answer.exception() is None:
                    append.answer.set_exception(IntegrityError("Another command of the same transaction was first."))
                else:
                    self._insert([append])
        finally:
            for append in group:
                if not append.answer.done():
                    append.answer.set_exception(AppendUnknown(len(append.events)))

    def _insert(self, group: list[_Append]) -> None:
        try:
            positions = self._recorder.insert_events(
                [event for append in group for event in append.events],
                held=[held for append in group for held in append.held],
            )
        except (IntegrityError, DataError) as error:
            # Nothing of the group is recorded and somebody in it is to blame: halve it until that is alone.
            if len(group) == 1:
                group[0].answer.set_exception(error)
                return
            middle = len(group) // 2
            self._insert(group[:middle])
            self._insert(group[middle:])
        except (PersistenceError, LedgerError) as error:
            for append in group:
                append.answer.set_exception(error)
        else:
            first = 0
            for append in group:
                append.answer.set_result(positions[first : first + len(append.events)])
                first += len(append.events)
