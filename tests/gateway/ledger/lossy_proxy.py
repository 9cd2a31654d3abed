"""A TCP proxy before the real server that can lose an answer, as a network does between a commit and its reply."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread
from urllib.parse import parse_qs, urlsplit

CHUNK_BYTES = 1 << 16


class LossyProxy:
    """Forwards to the server's Unix socket until told to lose an answer."""

    def __init__(self, database_url: str) -> None:
        parts = urlsplit(database_url)
        self._server = parse_qs(parts.query)["host"][0] + "/.s.PGSQL.5432"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._loses_next = False
        self._threads: list[Thread] = []
        self._sockets: list[socket.socket] = []
        port = self._listener.getsockname()[1]
        self.url = f"postgresql://interneg@127.0.0.1:{port}{parts.path}?sslmode=disable&gssencmode=disable"
        self._spawn(self._accept)

    def lose_the_next_answer(self) -> None:
        """Let the next request reach the server, and close both sides when the server answers it."""
        self._loses_next = True

    def close(self) -> None:
        """Close every connection and end every thread."""
        for end in [self._listener, *self._sockets]:
            _end(end)
        for thread in self._threads:
            thread.join()

    def _spawn(self, run: object, *arguments: object) -> None:
        thread = Thread(target=run, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            self._sockets += [client, server]
            self._spawn(self._forward, client, server, False)
            self._spawn(self._forward, server, client, True)

    def _forward(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        try:
            while chunk := source.recv(CHUNK_BYTES):
                if is_answer and self._loses_next:
                    self._loses_next = False
                    break
                target.sendall(chunk)
        except OSError:
            # The other direction has closed these sockets already.
            return
        finally:
            _end(source)
            _end(target)


def _end(end: socket.socket) -> None:
    # It may never have been connected or be closed by now, which is what is wanted.
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
