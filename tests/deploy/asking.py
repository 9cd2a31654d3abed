"""Clients of a deployment that go on asking and listening while its processes are replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from threading import Event
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.deploy.fleet import Fleet

DATABASE = "asked"
QUERIES = (
    "{ assets { totalCount } }",
    '{ search(query: "turntable") { totalCount } }',
    "{ frames { totalCount } }",
    "{ projections { name generation } }",
)
PAUSE_SECONDS = 0.02
FOLLOW = "subscription($after: Position) { events(after: $after) { position } }"


@dataclass
class Asked:
    """What a client was answered."""

    answers: int = 0
    created: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """Anything but an answer without errors."""


@dataclass
class Heard:
    """What a subscriber received."""

    positions: list[int] = field(default_factory=list)
    connections: int = 0


@contextmanager
def asking(fleet: Fleet) -> Iterator[tuple[Asked, Heard]]:
    """Query, create assets and follow the log until the block ends; both are complete after it."""
    stop, asked, heard = Event(), Asked(), Heard()
    with ThreadPoolExecutor(2) as pool:
        futures: list[Future[None]] = [pool.submit(_ask, fleet, asked, stop), pool.submit(_follow, fleet, heard, stop)]
        try:
            yield asked, heard
        finally:
            stop.set()
        for future in futures:
            future.result()


def _ask(fleet: Fleet, asked: Asked, stop: Event) -> None:
    with fleet.client() as client:
        for number in count():
            if stop.wait(PAUSE_SECONDS):
                return
            try:
                if number % len(QUERIES) == 0:
                    client.create_asset(DATABASE, f"turntable-{number}")
                    asked.created.append(f"turntable-{number}")
                client.one(QUERIES[number % len(QUERIES)])
            except Exception as error:  # noqa: BLE001 - whatever it was, it is what the test is about
                asked.failures.append(f"{type(error).__name__}: {error}")
            asked.answers += 1


def _follow(fleet: Fleet, heard: Heard, stop: Event) -> None:
    after = 0
    while not stop.is_set():
        with suppress(ConnectionClosed, InvalidHandshake, OSError, EOFError):
            for position in _events(fleet, after, heard, stop):
                heard.positions.append(position)
                after = position
        stop.wait(0.1)


def _events(fleet: Fleet, after: int, heard: Heard, stop: Event) -> Iterator[int]:
    address = fleet.url.replace("http", "ws", 1) + "/graphql"
    protocols = [Subprotocol("graphql-transport-ws")]
    with connect(address, subprotocols=protocols, additional_headers=fleet.authorization) as connection:
        connection.send(json.dumps({"type": "connection_init"}))
        assert json.loads(connection.recv(timeout=60)) == {"type": "connection_ack"}
        heard.connections += 1
        payload = {"query": FOLLOW, "variables": {"after": str(after)}}
        connection.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        while not stop.is_set():
            with suppress(TimeoutError):
                message: Any = json.loads(connection.recv(timeout=0.5))
                if message["type"] != "next":
                    return
                yield int(message["payload"]["data"]["events"]["position"])
