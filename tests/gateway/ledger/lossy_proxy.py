"""A TCP proxy before the real server that can lose an answer, as a network does between a commit and its reply."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

CHUNK_BYTES = 1 << 16


class LossyProxy:
    """Forwards to the server's Unix socket until told to lose an answer."""

    def __init__(self, database_url: str) -> None:
        parts = urlsplit(database_url)
        self._server = parse_qs(parts.query)["host"][0] + "/.s.PGSQL.5432"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._marker: bytes | None = None
        self._threads: list[Thread] = []
        self._sockets: list[socket.socket] = []
        port = self._listener.getsockname()[1]
        self.url = f"postgresql://interneg@127.0.0.1:{port}{parts.path}?sslmode=disable&gssencmode=disable"
        self._spawn(self._accept)

    def lose_the_answer_to(self, marker: bytes) -> None:
        """Let the next request with these bytes reach the server, and close both sides when the server answers it."""
        self._marker = marker

    def close(self) -> None:
        """Close every connection and end every thread."""
        for end in [self._listener, *self._sockets]:
            _end(end)
        for thread in self._threads:
            thread.join()

    def _spawn(self, run: Callable[[], None]) -> None:
        thread = Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self._connect(self._listener.accept()[0])

    def _connect(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._server)
        self._sockets += [client, server]
        marked = Event()
        self._spawn(lambda: self._ask(client, server, marked))
        self._spawn(lambda: self._answer(server, client, marked))

    def _ask(self, client: socket.socket, server: socket.socket, marked: Event) -> None:
        for chunk in _chunks(client):
            if self._marker is not None and self._marker in chunk:
                self._marker = None
                marked.set()
            with suppress(OSError):
                server.sendall(chunk)
        _end(server)

    def _answer(self, server: socket.socket, client: socket.socket, marked: Event) -> None:
        for chunk in _chunks(server):
            if marked.is_set():
                _end(server)
                break
            with suppress(OSError):
                client.sendall(chunk)
        _end(client)


def _chunks(source: socket.socket) -> Iterator[bytes]:
    """What arrives, until either side closes."""
    with suppress(OSError):
        while chunk := source.recv(CHUNK_BYTES):
            yield chunk


def _end(end: socket.socket) -> None:
    # It may never have been connected or be closed by now, which is what is wanted.
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
