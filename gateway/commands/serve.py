"""interneg serve: the gateway, with everything embedded that no setting replaces."""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import nullcontext
from threading import Thread, Timer
from types import FrameType
from typing import NoReturn

import uvicorn

from gateway import composition, database
from gateway.app import cors, create_app
from gateway.auth import check_host
from gateway.collector import spare_what_is_there
from gateway.commands import demo
from gateway.consumers.prints import Part
from gateway.settings import Settings
from gateway.stopping import READY, STOPPING, Draining, tell_service_manager

logger = logging.getLogger(__name__)
MAX_WEBSOCKET_BYTES = 1 << 20
WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - recognized, not chosen


class AddressUnusable(OSError):
    """The host and port cannot be listened on."""


def serve(settings: Settings, arguments: argparse.Namespace) -> int:
    """Serve until interrupted. Raises KeyMissing, DataDirInUse, PostgresUnusable."""
    check_host(settings, arguments.host)
    signal.signal(signal.SIGTERM, _terminated)
    with database.server(settings) as database_url, _listening(arguments.host, arguments.port) as listener:
        url = settings.public_url or f"http://{arguments.host}:{listener.getsockname()[1]}"
        if not settings.public_url and arguments.host in WILDCARDS:
            logger.warning("Signed URLs will begin with %s: set INTERNEG_PUBLIC_URL to what clients can reach.", url)
        with composition.parts(settings, database_url, public_url=url) as parts:
            part = Part.SERVES if arguments.no_work else Part.FOLLOWS
            bucket_id = composition.prepare(parts, part=part)
            app = create_app(lambda: composition.services(parts, default_bucket_id=bucket_id))
            server = AnnouncingServer(
                Draining(cors(app, settings.allowed_origins)),
                url=url,
                demo_key=settings.api_key if arguments.demo else None,
                end_subscriptions=lambda: app.state.services.broadcast.close(),
            )
            server.drain_seconds = settings.drain_seconds
            with nullcontext() if arguments.no_work else composition.working(parts):
                server.run(sockets=[listener])
    return 0


class AnnouncingServer(uvicorn.Server):
    """Says where it is once it listens, then loads the demo library if asked to; ends subscriptions before it waits."""

    drain_seconds = 0.0
    """How long it serves on after SIGTERM; a second one ends that."""

    def __init__(self, app: Draining, *, url: str, demo_key: str | None, end_subscriptions: Callable[[], None]) -> None:
        """`demo_key` is the API key to load the demo library with, None when it is not wanted."""
        super().__init__(_config(app))
        self._draining = app.begun
        self._end_subscriptions = end_subscriptions
        self._url = url
        self._demo_key = demo_key

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce."""
        await super().startup(sockets)
        if self.should_exit:
            return
        spare_what_is_there()
        sys.stdout.write(f"interneg serves GraphQL at {self._url}/graphql and GraphiQL at {self._url}/graphiql\n")
        sys.stdout.flush()
        tell_service_manager(READY)
        if self._demo_key is not None:
            Thread(target=demo.load_and_tell, args=(self._url, self._demo_key), name="demo", daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would never end by itself, then wait for what will."""
        self._end_subscriptions()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, on SIGTERM after `drain_seconds` of saying so."""
        if sig != signal.SIGTERM or not self.drain_seconds or self._draining.is_set():
            super().handle_exit(sig, frame)
            return
        self._draining.set()
        tell_service_manager(STOPPING)
        waiting = Timer(self.drain_seconds, super().handle_exit, (sig, frame))
        waiting.daemon = True
        waiting.start()


def _terminated(number: int, _: object) -> NoReturn:
    """Leave by an exception, so that everything that was started is stopped; once is enough."""
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise AddressUnusable(f"Cannot listen on {host}:{port}: {error}. Choose another with --port.") from error


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_level="warning",
        lifespan="on",
        ws="websockets-sansio",
        ws_max_size=MAX_WEBSOCKET_BYTES,
        timeout_graceful_shutdown=5,
    )
