"""Who a request comes from: a bearer key where one is configured, the development administrator on loopback."""

from __future__ import annotations

import hmac
import ipaddress

from starlette.requests import HTTPConnection

from domain.cause import ActorKind
from gateway.context import Principal
from gateway.graphql.errors import ConnectionRejected
from gateway.settings import Settings

DEVELOPER = Principal(ActorKind.USER, "developer")
CONFIGURED_KEY = Principal(ActorKind.API_KEY, "configured")


class KeyMissing(Exception):
    """The server would be reachable from elsewhere without any key."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The host {host} can be reached from other machines: set INTERNEG_API_KEY to a long random key, "
            "or serve on 127.0.0.1."
        )


class NotAuthenticated(ConnectionRejected):
    """The request shows no valid key."""

    def __init__(self) -> None:
        super().__init__("Send Authorization: Bearer and the API key, over WebSocket in connection_init.")


def is_loopback(host: str) -> bool:
    """Whether a server on this host can be reached from its own machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_host(settings: Settings, host: str) -> None:
    """Raise KeyMissing for a host beyond loopback while no key is configured."""
    if not is_loopback(host) and not settings.api_key:
        raise KeyMissing(host)


def authenticate(connection: HTTPConnection, settings: Settings) -> Principal:
    """The principal of a request. Raises NotAuthenticated where a key is configured and not shown."""
    if not settings.api_key:
        return DEVELOPER
    scheme, _, key = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and hmac.compare_digest(key.strip().encode(), settings.api_key.encode()):
        return CONFIGURED_KEY
    raise NotAuthenticated
