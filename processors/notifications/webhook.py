"""Posts to a webhook: one resolved and checked address, no redirects, a limit on the whole exchange."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
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
        parts = urlsplit(url)
        try:
            status = self._exchange(parts, body, headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DeliveryFailed(f"{parts.hostname} could not be told: {str(error) or type(error).__name__}") from error
        if not 200 <= status < 300:
            raise DeliveryFailed(f"{parts.hostname} answered with status {status}; redirects are not followed.")

    def _exchange(self, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
        connection = self._connection(parts)
        connection.connect()
        timer = Timer(self.timeout_seconds, _cut, (connection.sock,))
        timer.start()
        try:
            target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            connection.request("POST", target, body, dict(headers))
            return connection.getresponse().status
        finally:
            timer.cancel()
            connection.close()

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        assert parts.hostname is not None
        is_tls = parts.scheme == "https"
        port = parts.port or (443 if is_tls else 80)
        address = self._address(parts.hostname, port)
        made = _PinnedTls if is_tls else _Pinned
        connection = made(parts.hostname, port, timeout=self.timeout_seconds)
        connection.address = (address, port)
        return connection

    def _address(self, host: str, port: int) -> str:
        """The address to connect to, once and for all: a second look-up could give another."""
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for address in found:
            if not self.allows_local and is_local_address(address):
                raise TargetRefused(host, address)
        return found[0]


class _Pinned(http.client.HTTPConnection):
    """Connects to the address it is told, under the name it was made with."""

    address: tuple[str, int]

    def connect(self) -> None:
        self.sock = socket.create_connection(self.address, self.timeout)


class _PinnedTls(http.client.HTTPSConnection):
    """The same, and checks the certificate of that name."""

    address: tuple[str, int]

    def connect(self) -> None:
        plain = socket.create_connection(self.address, self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def _cut(connected: socket.socket) -> None:
    """End an exchange that takes too long, however slowly its bytes arrive."""
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The other side, or the exchange itself, was first.
        return
