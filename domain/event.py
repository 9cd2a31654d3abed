"""The base of every event, and the registry that turns stored topics back into events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import ClassVar, Generic, NewType, TypeVar
from uuid import UUID, uuid5

import msgspec

from domain.cause import Cause
from domain.errors import UnknownTopic
from domain.json import JsonValue

Position = NewType("Position", int)
"""A place in the ledger; 0 is before the first event."""

NAMESPACE = UUID("6f0c2f8e-6f1b-5b0e-9a43-0d6a4d2f7c11")
"""Root of every deterministic id. Changing it would orphan every stored stream."""


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fact, flat and past tense. Its topic is for ever; its class and module may move.

    Like the values it is made of it holds no cycles, and so is nothing for the collector of cycles to look at.
    """

    TOPIC: ClassVar[str]
    CLASS_VERSION: ClassVar[int] = 1


E = TypeVar("E", bound=Event)
Upcast = Callable[[dict[str, JsonValue]], dict[str, JsonValue]]


class Stored(msgspec.Struct, Generic[E], frozen=True, gc=False):
    """The JSON document that an event is stored as."""

    cause: Cause
    event: E


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An event as the log holds it."""

    position: int
    stream_id: UUID
    revision: int
    cause: Cause
    event: Event
    is_lifted: bool = False
    """Whether the log has an older class version of it."""


@lru_cache(maxsize=16_384)
def stream_id(kind: str, *key: str) -> UUID:
    """The stream of the aggregate of this kind with this natural key; the last part may hold any text."""
    # Half a surrogate pair is refused where things are made, so looking one up must find nothing, not fail.
    return uuid5(NAMESPACE, ":".join((kind, *key)).encode(errors="backslashreplace").decode())


def stored_topic(event: type[Event]) -> str:
    """The topic in the log: `asset-archived`, or `asset-archived/2` from the second class version on."""
    return event.TOPIC if event.CLASS_VERSION == 1 else f"{event.TOPIC}/{event.CLASS_VERSION}"


class Topics:
    """Every event class by its stored topic, with the upcasts that lift older class versions."""

    def __init__(self, events: Iterable[type[Event]]) -> None:
        self._decoders: dict[str, Callable[[bytes], Stored[Event]]] = {}
        self.classes = {event.TOPIC: event for event in events}
        self.older: set[str] = set()
        """The stored topics of older class versions."""
        for event in self.classes.values():
            self._add(event)

    def _add(self, event: type[Event]) -> None:
        decoder = msgspec.json.Decoder(Stored[event])  # type: ignore[valid-type]
        self._decoders[stored_topic(event)] = decoder.decode
        upcasts: dict[int, Upcast] = getattr(event, "UPCASTS", {})
        for version in range(1, event.CLASS_VERSION):
            topic = event.TOPIC if version == 1 else f"{event.TOPIC}/{version}"
            self.older.add(topic)
            self._decoders[topic] = _upcasting(event, [upcasts[v] for v in range(version, event.CLASS_VERSION)])

    def decode(self, topic: str, state: bytes) -> Stored[Event]:
        """The event in its current class version. Raises UnknownTopic, or ValidationError for a damaged state."""
        try:
            decode = self._decoders[topic]
        except KeyError:
            raise UnknownTopic(topic=topic) from None
        return decode(state)


def _upcasting(event: type[Event], steps: list[Upcast]) -> Callable[[bytes], Stored[Event]]:
    def decode(state: bytes) -> Stored[Event]:
        document = msgspec.json.decode(state)
        for step in steps:
            document["event"] = step(document["event"])
        lifted: Stored[Event] = msgspec.convert(document, Stored[event])  # type: ignore[valid-type]
        return lifted

    return decode


def encode(cause: Cause, event: Event) -> bytes:
    """The stored state: readable JSON with `cause` and `event`."""
    return msgspec.json.encode(Stored(cause, event))
