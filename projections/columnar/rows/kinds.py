"""A batch by the kinds of its events, so that each table looks at those it is made of and at no others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from operator import attrgetter

import msgspec

from domain.event import Event, Recorded


class Batch:
    """Events that follow each other in the log. At least one."""

    def __init__(self, entries: Sequence[Recorded]) -> None:
        self.entries = entries
        self.first = entries[0].position
        self._by_class: dict[type[Event], list[Recorded]] = {}
        for entry in entries:
            self._by_class.setdefault(type(entry.event), []).append(entry)

    @cached_property
    def payloads(self) -> list[bytes]:
        """Each event as JSON, without its cause."""
        return [msgspec.json.encode(entry.event) for entry in self.entries]

    def of(self, *kinds: type[Event]) -> list[Recorded]:
        """Those of these kinds, in the order of the log."""
        found = [entries for kind, entries in self._by_class.items() if issubclass(kind, kinds)]
        if len(found) == 1:
            return found[0]
        return sorted(chain.from_iterable(found), key=attrgetter("position"))
