"""How a process starts and stops beside others: it tells its service manager, and lets its balancer notice."""

from __future__ import annotations

import json
import logging
import socket
from threading import Event

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.settings import service_manager_socket

logger = logging.getLogger(__name__)

READY, STOPPING = "READY=1", "STOPPING=1"
UNREADY = json.dumps({"ready": False, "checks": {"gateway": "It is stopping."}}).encode()


def tell_service_manager(state: str) -> None:
    """Say READY or STOPPING by the protocol of systemd, when this process was started by something that asks."""
    address = service_manager_socket()
    if not address:
        return
    # A leading @ stands for the zero byte of an abstract socket.
    place = "\0" + address[1:] if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as telling:
            telling.sendto(state.encode(), place)
    except OSError as error:
        logger.warning("The service manager could not be told %s at %s: %s", state, address, error)


class Draining:
    """An application that, once `begun`, is unready and closes each connection with its answer, but serves on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.begun = Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or not self.begun.is_set():
            await self._app(scope, receive, send)
            return
        closing = _closing(send)
        if scope["path"].startswith("/readyz"):
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(UNREADY)).encode())]
            await closing({"type": "http.response.start", "status": 503, "headers": headers})
            await closing({"type": "http.response.body", "body": UNREADY})
        else:
            await self._app(scope, receive, closing)


def _closing(send: Send) -> Send:
    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
        await send(message)

    return closing
