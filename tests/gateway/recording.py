"""What a request recorded, as the log shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.system.client import WATCHERS, Answered, Client

EVENTS = """query($after: Position, $at: Position) { events(after: $after, atLeast: $at, first: 100) {
  edges { node { eventType payload } } } }"""

HEAD = "{ projections { head } }"
BY_REQUESTS = """query($ids: [String!], $at: Position, $after: Position) {
  events(filter: {correlationIds: $ids}, atLeast: $at, after: $after, first: 1000) {
    pageInfo { hasNextPage endCursor } edges { node { eventType correlationId causationPosition } } } }"""
IDS_AT_ONCE = 200


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
    """What is asked in the block records nothing, whatever processors record meanwhile."""
    asked: list[str] = []

    def watch(by: Client, answered: Answered) -> None:
        if by == client:
            asked.append(answered.request_id)

    WATCHERS.append(watch)
    try:
        yield
    finally:
        WATCHERS.remove(watch)
    assert asked, "nothing was asked in the block"
    assert recorded_by(client, asked) == {}


def recorded_by(client: Client, request_ids: Sequence[str]) -> dict[str, set[str]]:
    """The types of the events that each of these requests recorded itself; those without any are left out."""
    found: dict[str, set[str]] = {}
    head = max(int(one["head"]) for one in _ask(client, HEAD)["projections"])
    for start in range(0, len(request_ids), IDS_AT_ONCE):
        after, ids = None, list(request_ids[start : start + IDS_AT_ONCE])
        while True:
            page = _ask(client, BY_REQUESTS, ids=ids, at=str(head), after=after)["events"]
            for edge in page["edges"]:
                if edge["node"]["causationPosition"] is None:
                    found.setdefault(edge["node"]["correlationId"], set()).add(edge["node"]["eventType"])
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
    return found


def _ask(client: Client, document: str, **variables: Any) -> Any:
    """Ask without being watched."""
    body = {"query": document, "variables": variables}
    return client.http.post(f"{client.url}/graphql", json=body).json()["data"]
