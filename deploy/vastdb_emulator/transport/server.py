"""The HTTP server: reads requests, lets faults happen, writes answers."""

from __future__ import annotations

import json
import logging
import socket
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from itertools import chain
from typing import Any

from deploy.vastdb_emulator.errors import (
    Conflict,
    InternalError,
    OutOfSpace,
    Refusal,
    SlowDown,
    Unavailable,
)
from deploy.vastdb_emulator.transport.faults import FAULTS_PATH, Fault, FaultPlan, Injection, UnknownFault
from deploy.vastdb_emulator.transport.messages import Request, Response
from deploy.vastdb_emulator.transport.signatures import verify
from deploy.vastdb_emulator.wire import frames

LOG = logging.getLogger(__name__)
REFUSALS: dict[Fault, type[Refusal]] = {
    Fault.SLOW_DOWN: SlowDown,
    Fault.UNAVAILABLE: Unavailable,
    Fault.INTERNAL_ERROR: InternalError,
    Fault.CONFLICT: Conflict,
    Fault.OUT_OF_SPACE: OutOfSpace,
}
INJECTED_ERROR = 1


class ConnectionLost(Exception):
    """The connection is to be closed without (the rest of) an answer."""


class EmulatorServer(ThreadingHTTPServer):
    """Listens on an address and hands each verified request to `answer`; one thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        answer: Callable[[Request], Response],
        *,
        release: str,
        secrets: Mapping[str, str],
        faults: FaultPlan,
    ) -> None:
        super().__init__(address, _Handler)
        self.answer = answer
        self.release = release
        self.secrets = secrets
        self.faults = faults

    def verify_request(self, request: Any, _client_address: Any) -> bool:
        """Let a connection in, unless a fault refuses it."""
        if not self.faults.refuses_connection():
            return True
        # Lingering for no time makes the kernel reset the connection instead of closing it in order.
        request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def handle_error(self, _request: Any, client_address: Any) -> None:
        """Log what ended a connection; that a client went away is not worth a line."""
        if not isinstance(sys.exception(), ConnectionError):
            LOG.exception("The connection of %s has failed", client_address[0])


class _Handler(BaseHTTPRequestHandler):
    server: EmulatorServer
    protocol_version = "HTTP/1.1"
    # Small answers leave in one packet, without waiting for the client to acknowledge the one before.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def version_string(self) -> str:
        return f"vast {self.server.release}"

    def log_message(self, text: str, *values: Any) -> None:
        LOG.debug("%s %s", self.address_string(), text % values)

    def _serve(self) -> None:
        request = self._read()
        if request.raw_path == FAULTS_PATH:
            self._send(self._control(request))
            return
        fault = self.server.faults.for_request(request)
        try:
            self._send(self._answer(request, fault), fault)
        except (ConnectionLost, ConnectionError):
            self.close_connection = True
        except Exception:
            LOG.exception("%s %s?%s failed in its answer", request.method, request.raw_path, request.raw_query)
            self.close_connection = True

    def _read(self) -> Request:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        return Request(self.command, path, query, headers, body)

    def _control(self, request: Request) -> Response:
        if not ip_address(self.client_address[0]).is_loopback:
            return Response(403, b"Faults are injected from the machine of the emulator only.")
        if request.method == "PUT":
            try:
                self.server.faults.replace(tuple(Injection.parse(text) for text in json.loads(request.body)))
            except (UnknownFault, TypeError, json.JSONDecodeError) as error:
                return Response(400, str(error).encode())
        return Response(body=json.dumps([str(injection) for injection in self.server.faults.pending()]).encode())

    def _answer(self, request: Request, fault: Fault | None) -> Response:
        if fault is Fault.LOSE_BEFORE:
            raise ConnectionLost
        try:
            verify(request, self.server.secrets)
            if fault in REFUSALS:
                raise REFUSALS[fault](f"The fault {fault} was injected.")
            response = _started(self.server.answer(request))
        except Refusal as refusal:
            LOG.info("%s %s?%s: %s", request.method, request.raw_path, request.raw_query, refusal)
            return Response(refusal.status, refusal.body(), {"Content-Type": "application/xml"})
        except Exception:
            LOG.exception("%s %s?%s failed", request.method, request.raw_path, request.raw_query)
            return Response(500, InternalError("The emulator has failed; its log says how.").body())
        if fault is Fault.LOSE_AFTER:
            _exhaust(response)
            raise ConnectionLost
        return response

    def _send(self, response: Response, fault: Fault | None = None) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if isinstance(response.body, bytes):
            self._send_whole(response.body, fault)
        else:
            self._send_chunks(response.body, fault)
        self.wfile.flush()

    def _send_whole(self, body: bytes, fault: Fault | None) -> None:
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault is Fault.TRUNCATE:
            self._lose(body[: len(body) // 2])
        self.wfile.write(body)

    def _send_chunks(self, chunks: Iterator[bytes], fault: Fault | None) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if fault is Fault.FAIL_QUERY:
            chunks = iter([frames.failed(INJECTED_ERROR)])
        for chunk in chunks:
            if fault is Fault.TRUNCATE:
                self._lose(f"{len(chunk):x}\r\n".encode() + chunk[: len(chunk) // 2])
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def _lose(self, beginning: bytes) -> None:
        self.wfile.write(beginning)
        self.wfile.flush()
        raise ConnectionLost


# The base class looks for a method of this name for each HTTP method.
for _method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
    setattr(_Handler, f"do_{_method}", _Handler._serve)


def _started(response: Response) -> Response:
    """The same answer with its first chunk made, so that a refusal is met before anything is sent."""
    if isinstance(response.body, bytes):
        return response
    return replace(response, body=chain([next(response.body)], response.body))


def _exhaust(response: Response) -> None:
    if not isinstance(response.body, bytes):
        for _ in response.body:
            pass
