"""A graphql-transport-ws client that shows every frame."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol


@dataclass(frozen=True)
class Socket:
    connection: ClientConnection

    def send(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def subscribe(self, identifier: str, query: str, **parts: Any) -> None:
        self.send(id=identifier, type="subscribe", payload={"query": query, **parts})

    def receive(self) -> Any:
        frame = self.connection.recv(timeout=60)
        # JavaScript clients parse text frames only.
        assert isinstance(frame, str)
        return json.loads(frame)

    def closed(self) -> tuple[int, str]:
        """Wait for the server to close, and return its code and reason."""
        with pytest.raises(ConnectionClosed) as closed:
            self.connection.recv(timeout=60)
        received = closed.value.rcvd
        assert received is not None
        return received.code, received.reason


@contextmanager
def open_socket(url: str, *, protocol: str = "graphql-transport-ws", **options: Any) -> Iterator[Socket]:
    """Connect without saying anything yet."""
    address = url.replace("http", "ws", 1) + "/graphql"
    with connect(address, subprotocols=[Subprotocol(protocol)], **options) as connection:
        yield Socket(connection)


@contextmanager
def ready_socket(url: str) -> Iterator[Socket]:
    """Connect and be acknowledged."""
    with open_socket(url) as socket:
        socket.send(type="connection_init")
        assert socket.receive() == {"type": "connection_ack"}
        yield socket
