"""How often a second several threads do something, each with a connection of its own."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import local
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

SECONDS = 5.0


class Closable(Protocol):
    """A connection."""

    def close(self) -> None:
        """Let go of it."""


ConnectionType = TypeVar("ConnectionType", bound=Closable)


class OneEach(Generic[ConnectionType]):
    """Gives each thread a connection, made when it first asks."""

    def __init__(self, connect: Callable[[], ConnectionType]) -> None:
        self._connect = connect
        self._kept = local()
        self.made: list[ConnectionType] = []

    def __call__(self) -> ConnectionType:
        """The connection of this thread."""
        if not hasattr(self._kept, "connection"):
            self._kept.connection = self._connect()
            self.made.append(self._kept.connection)
        found: ConnectionType = self._kept.connection
        return found


@contextmanager
def one_each(connect: Callable[[], ConnectionType]) -> Iterator[OneEach[ConnectionType]]:
    """Connections by thread, closed at the end."""
    connections = OneEach(connect)
    yield connections
    for connection in connections.made:
        connection.close()


class Posting:
    """Posts GraphQL cheaply, because a full client would be measured too."""

    def __init__(self, connections: OneEach[http.client.HTTPConnection]) -> None:
        self._connections = connections

    def post(self, query: str, **variables: Any) -> bytes:
        """The body of an answer without errors."""
        connection = self._connections()
        body = json.dumps({"query": query, "variables": variables})
        connection.request("POST", "/graphql", body, {"content-type": "application/json"})
        answer = connection.getresponse().read()
        assert b'"code"' not in answer, answer
        assert b'"message"' not in answer, answer
        return answer


@contextmanager
def posting(url: str) -> Iterator[Posting]:
    """Post to the server at this URL."""
    with one_each(lambda: http.client.HTTPConnection(urlsplit(url).netloc)) as connections:
        yield Posting(connections)


def rate(threads: int, call: Callable[[], object]) -> float:
    """How often a second so many threads do this together."""

    def repeat(end: float) -> int:
        done = 0
        while time.perf_counter() < end:
            call()
            done += 1
        return done

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(repeat, [time.perf_counter() + SECONDS] * threads)) / SECONDS
