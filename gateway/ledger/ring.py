"""The newest part of the log in memory, decoded once and shared by every consumer of the process."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter
from threading import Lock

from domain.event import Recorded
from gateway.ledger.errors import PoisonEvent

Entry = Recorded | PoisonEvent
"""What is at a position: the event, or why this release cannot read it."""


class Ring:
    """Every entry with a position over its floor and up to its head, safe to read while it is extended."""

    def __init__(self, *, max_events: int = 20_000, max_bytes: int = 64 << 20) -> None:
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._entries: list[Entry] = []
        self._sizes: list[int] = []
        self._bytes = 0
        self._floor: int | None = None
        self.head: int | None = None
        """The last position taken in; None before the ring has begun."""

    def begin(self, position: int) -> None:
        """Start empty after this position."""
        with self._lock:
            self._floor = self.head = position

    def extend(self, entries: Sequence[Entry], sizes: Sequence[int]) -> None:
        """Take in what follows the head, with the bytes each was stored in; drop the oldest over a bound."""
        with self._lock:
            self._entries.extend(entries)
            self._sizes.extend(sizes)
            self._bytes += sum(sizes)
            self.head = entries[-1].position
            if len(self._entries) > self._max_events or self._bytes > self._max_bytes:
                self._trim()

    def after(self, position: int, limit: int) -> Sequence[Entry] | None:
        """Up to `limit` entries with positions over this one, ascending; None when the ring begins later."""
        with self._lock:
            if self._floor is None or position < self._floor:
                return None
            first = bisect_right(self._entries, position, key=attrgetter("position"))
            return self._entries[first : first + limit]

    def _trim(self) -> None:
        # A quarter goes at once, so that moving the rest is rare.
        cut = 0
        left = len(self._entries)
        while left > self._max_events * 3 // 4 or self._bytes > self._max_bytes * 3 // 4:
            self._bytes -= self._sizes[cut]
            cut += 1
            left -= 1
        self._floor = self._entries[cut - 1].position
        del self._entries[:cut], self._sizes[:cut]
