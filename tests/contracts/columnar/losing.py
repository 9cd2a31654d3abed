"""A proxy before a real S3 server that loses the connection of chosen commits, before or after they are done."""

from __future__ import annotations

import http.client
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Moment = Literal["before", "after"]
COMMIT = re.compile(r"/_delta_log/\d{20}\.json")


class LosingProxy(ThreadingHTTPServer):
    """Passes requests on as they are signed; `moments` says when to lose each of the next commits."""

    daemon_threads = True

    def __init__(self, endpoint: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoint = endpoint
        self.moments: deque[Moment] = deque()
        self.lost: list[str] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def moment_of(self, method: str, path: str) -> Moment | None:
        if method != "PUT" or not COMMIT.search(path) or not self.moments:
            return None
        self.lost.append(path)
        return self.moments.popleft()


@contextmanager
def losing_proxy(endpoint: str) -> Iterator[LosingProxy]:
    """One that runs until the block ends."""
    with LosingProxy(endpoint) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LosingProxy

    def log_message(self, *arguments: object) -> None:
        """A test has no use for it."""

    def _pass_on(self) -> None:
        body = b"".join(self._body())
        moment = self.server.moment_of(self.command, self.path)
        if moment == "before":
            self.close_connection = True
            return
        upstream = http.client.HTTPConnection(self.server.endpoint, timeout=30)
        try:
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                # The server answered an expectation already: this proxy did.
                if name.lower() != "expect":
                    upstream.putheader(name, value)
            upstream.endheaders(body or None)
            self._answer(upstream.getresponse(), is_lost=moment == "after")
        finally:
            upstream.close()

    def _body(self) -> Iterator[bytes]:
        """The body as it was sent, with the marks of its chunks where it has those."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            yield self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return
        while True:
            head = self.rfile.readline()
            size = int(head.partition(b";")[0], 16)
            yield head + self.rfile.read(size + 2)
            if not size:
                return

    def _answer(self, response: http.client.HTTPResponse, *, is_lost: bool) -> None:
        content = response.read()
        if is_lost:
            self.close_connection = True
            return
        self.send_response_only(response.status, response.reason)
        for name, value in response.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        length = response.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass_on  # noqa: N815
