"""Posts to a webhook: one resolved and checked address, no redirects, a limit on the whole exchange."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from domain.subscriptions.targets import is_local_address
from processors.notifications.errors import DeliveryFailed, TargetRefused

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class WebhookSender:
    """Delivers to endpoints that may be slow, dead or hostile."""

    allows_local: bool
    """Also deliver to loopback and link-local addresses."""
    timeout_seconds: float = TIMEOUT_SECONDS
    """For the whole exchange."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Return when the endpoint answered with a status from 200 to 299. Raises DeliveryFailed, TargetRefused."""
        status, _ = self.exchange(url, body, headers)
        if not 200 <= status < 300:
            host = urlsplit(url).hostname
            raise DeliveryFailed(f"{host} answered with status {status}; redirects are not followed.")

    def exchange(self, url: str, body: bytes, headers: Mapping[str, str], *, most: int = 0) -> tuple[int, bytes]:
        """The answer's status, whatever it is, and `most` bytes of its body. Raises DeliveryFailed, TargetRefused."""
        parts = urlsplit(url)
        try:
            return self._exchange(parts, body, headers, most)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DeliveryFailed(f"{parts.hostname} could not be told: {str(error) or type(error).__name__}") from error

    def _exchange(self, parts: SplitResult, body: bytes, headers: Mapping[str, str], most: int) -> tuple[int, bytes]:
        assert parts.hostname is not None
        is_tls = parts.scheme == "https"
        port = parts.port or (443 if is_tls else 80)
        plain = socket.create_connection((self._address(parts.hostname, port), port), self.timeout_seconds)
        with plain, plain.dup() as handle, self._limited(handle):
            made = http.client.HTTPSConnection if is_tls else http.client.HTTPConnection
            connection = made(parts.hostname, port)
            connection.sock = _encrypted(plain, parts.hostname) if is_tls else plain
            with closing(connection):
                connection.request("POST", _request_target(parts), body, dict(headers))
                response = connection.getresponse()
                return response.status, response.read(most)

    @contextmanager
    def _limited(self, handle: socket.socket) -> Iterator[None]:
        """Cut the connection when the block takes too long, however slowly and steadily bytes arrive."""
        timer = Timer(self.timeout_seconds, _cut, (handle,))
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _address(self, host: str, port: int) -> str:
        """The address to connect to, once and for all: a second look-up could give another."""
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for address in found:
            if not self.allows_local and is_local_address(address):
                raise TargetRefused(host, address)
        return found[0]


def _request_target(parts: SplitResult) -> str:
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def _encrypted(plain: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _cut(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The other side was first.
        return
