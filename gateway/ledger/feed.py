"""The one feed of a process: the log in order, from memory where it is new and else from the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Condition

import msgspec

from domain.errors import UnknownTopic
from domain.event import Recorded, Topics
from gateway.ledger.errors import PoisonEvent
from gateway.ledger.recorder import LedgerRecorder, Row
from gateway.ledger.ring import Entry, Ring
from gateway.ledger.tail import Tail

UNREADABLE = (UnknownTopic, msgspec.MsgspecError, LookupError, TypeError, ValueError)
"""What decoding raises; the last three come from an upcast that meets a document it did not expect."""

ROWS_AT_ONCE = 5_000
PAGE_BYTES = 64 * 2**20
"""Of stored events, beyond which a page takes no more."""


class Feed:
    """Reads the log for every consumer of this process, on any thread. Owns one thread and one connection."""

    def __init__(self, recorder: LedgerRecorder, topics: Topics, *, ring: Ring | None = None) -> None:
        self._recorder = recorder
        self._topics = topics
        self._ring = ring or Ring()
        self._moved = Condition()
        self._is_closed = False
        self._listeners: list[Callable[[], None]] = []
        self._tail = Tail(recorder.conninfo, recorder.log, begin=self._begin, receive=self._receive)

    def start(self) -> None:
        """Begin to follow the log; returns at once. Until the database answers, `healthy` is false."""
        self._tail.start()

    def close(self) -> None:
        """Stop following and let everybody go who waits."""
        self._tail.close()
        self._is_closed = True
        self._tell()

    @property
    def healthy(self) -> bool:
        """Whether what is appended now will be seen within about a second."""
        return self._tail.healthy

    @property
    def last_error(self) -> Exception | None:
        """Why the feed is not connected; None while it is."""
        return self._tail.last_error

    def head(self) -> int:
        """The last position seen; 0 while the log is empty. Before the first contact may raise LedgerUnavailable."""
        head = self._ring.head
        return head if head is not None else self.newest()

    def newest(self) -> int:
        """The last position as the database has it, which `head` may be a moment behind. Raises LedgerUnavailable."""
        return self._recorder.max_notification_id() or 0

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        """Up to `limit` events with positions over `after`, ascending and without a gap; empty at the head.

        Ends before an event that cannot be decoded, and raises PoisonEvent when that is the first. Raises
        LedgerUnavailable when it takes the database and that does not answer.
        """
        entries = self._ring.after(after, limit)
        if entries is None:
            entries = self._stored(after, limit)
        return _readable(entries)

    def _stored(self, after: int, limit: int) -> list[Entry]:
        """From the database; fewer than asked where they are large."""
        entries: list[Entry] = []
        size = 0
        while len(entries) < limit and size < PAGE_BYTES:
            asked = min(limit - len(entries), ROWS_AT_ONCE)
            rows = self._recorder.select_page(after, asked)
            entries += [self._decode(row) for row in rows]
            if len(rows) < asked:
                break
            after = rows[-1].position
            size += sum(len(row.state) for row in rows)
        return entries

    def recent(self, after: int, limit: int) -> Sequence[Recorded] | None:
        """The same without touching the database; None when that would be needed."""
        entries = self._ring.after(after, limit)
        return None if entries is None else _readable(entries)

    def wait(self, after: int, timeout_seconds: float) -> bool:
        """Wait until the log has a position over `after`; whether it has. Closing the feed ends the wait."""
        with self._moved:
            self._moved.wait_for(lambda: self._is_closed or self._is_past(after), timeout_seconds)
            return self._is_past(after)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call this on the feed's thread, once a page, when there is more to read or the feed is closed."""
        self._listeners.append(listener)

    def off_change(self, listener: Callable[[], None]) -> None:
        """Call it no more."""
        self._listeners.remove(listener)

    def _is_past(self, after: int) -> bool:
        return self._ring.head is not None and self._ring.head > after

    def _begin(self, position: int) -> None:
        self._ring.begin(position)
        self._tell()

    def _receive(self, rows: Sequence[Row]) -> None:
        self._ring.extend([self._decode(row) for row in rows], [len(row.state) for row in rows])
        self._tell()

    def _tell(self) -> None:
        with self._moved:
            self._moved.notify_all()
        for listener in tuple(self._listeners):
            listener()

    def _decode(self, row: Row) -> Entry:
        try:
            stored = self._topics.decode(row.topic, row.state)
        except UNREADABLE as error:
            return PoisonEvent(row.position, row.topic, error)
        is_lifted = row.topic in self._topics.older
        return Recorded(row.position, row.stream_id, row.revision, stored.cause, stored.event, is_lifted)


def _readable(entries: Sequence[Entry]) -> Sequence[Recorded]:
    events: list[Recorded] = []
    for entry in entries:
        if isinstance(entry, PoisonEvent):
            if not events:
                raise entry
            break
        events.append(entry)
    return events
