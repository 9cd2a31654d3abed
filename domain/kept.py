"""Folded states of long streams, kept in memory so that a command reads only what was appended since."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any
from uuid import UUID

CAPACITY = 10_000


class KeptStates:
    """The last used states with their revisions, by stream. A state that is behind is no error: the log is read on."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._states: OrderedDict[UUID, tuple[int, Any]] = OrderedDict()
        self._lock = Lock()

    def of(self, ids: Iterable[UUID]) -> dict[UUID, tuple[int, Any]]:
        """Those of the streams that are kept."""
        with self._lock:
            return {identity: self._states[identity] for identity in ids if identity in self._states}

    def keep(self, states: Mapping[UUID, tuple[int, Any]]) -> None:
        """Remember these, unless a later revision is known, and forget those that were not used for longest."""
        with self._lock:
            for identity, state in states.items():
                if state[0] >= self._states.get(identity, state)[0]:
                    self._states[identity] = state
                self._states.move_to_end(identity)
            while len(self._states) > self._capacity:
                self._states.popitem(last=False)
