"""A real HTTP endpoint of a subscriber, which keeps what it is told and answers as it is scripted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread


@dataclass(frozen=True)
class Told:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Endpoint:
    """A listening endpoint; `statuses` are given one a request, and then 204, or 200 with the answer, for ever."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    told: Queue[Told] = field(default_factory=Queue)
    answer: bytes = b""


@contextmanager
def endpoint(*statuses: int) -> Iterator[Endpoint]:
    """An endpoint on a free port of this machine."""
    state = Endpoint(statuses=list(statuses))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.told.put(Told(self.path, headers, body))
            self.send_response(state.statuses.pop(0) if state.statuses else 200 if state.answer else 204)
            self.send_header("location", f"{state.url}/elsewhere")
            if state.answer:
                self.send_header("content-length", str(len(state.answer)))
            self.end_headers()
            self.wfile.write(state.answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: the tests look at what was told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
