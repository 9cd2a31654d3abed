"""What a request recorded, as the log shows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.system.client import Client

EVENTS = """query($after: Position, $at: Position) { events(after: $after, atLeast: $at, first: 100) {
  edges { node { eventType payload } } } }"""


class Then:
    """The events that a block recorded, once it is over."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []

    @property
    def types(self) -> list[str]:
        return [event_type for event_type, _ in self.events]


@contextmanager
def recording(client: Client) -> Iterator[Then]:
    """Collect what the block records: the name and payload of each event."""
    before, then = client.head(), Then()
    yield then
    found = client.one(EVENTS, after=str(before), at=str(client.head()))
    then.events = [(edge["node"]["eventType"], edge["node"]["payload"]) for edge in found["edges"]]


@contextmanager
def nothing_recorded(client: Client) -> Iterator[None]:
    """The block leaves the log as it is."""
    before = client.head()
    yield
    assert client.head() == before
