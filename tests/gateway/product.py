"""The whole product in this process: a real composition on a test's database, asked without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.applications import Starlette
from starlette.types import ASGIApp

from domain.cause import ActorKind, Cause, Order
from domain.ledger import Ledger, recorded
from gateway import composition
from gateway.app import create_app
from gateway.composition import Parts
from gateway.settings import Settings
from tests.domain.library import NOW
from tests.system.client import Client
from tests.waiting import SECONDS

URL = "http://product"


@dataclass(frozen=True)
class Product:
    """Its public face, and what it is made of."""

    client: Client
    parts: Parts

    @property
    def ledger(self) -> Ledger:
        return self.parts.log.ledger

    def recorded(self) -> list[str]:
        """The class names of everything in the log; the API's answers know of it from then on."""
        log = self.parts.log.recorder.select_notifications(None, 100_000)
        assert not log or self.parts.log.feed.wait(log[-1].id - 1, SECONDS)
        return [type(recorded(notification).event).__name__ for notification in log]


@contextmanager
def product(database_url: str, data_dir: Path, *working: str, **settings: Any) -> Iterator[Product]:
    """A product whose tables follow the log, and with them the followers and workers named."""
    chosen = Settings(data_dir=data_dir, **settings)
    with composition.parts(chosen, database_url, public_url=URL) as parts:
        bucket_id = composition.prepare(parts)
        app = create_app(lambda: composition.services(parts, default_bucket_id=bucket_id))
        with composition.working(parts, ("tables", *working)), asking(app) as http:
            yield Product(Client(URL, http), parts)


@contextmanager
def asking(app: ASGIApp) -> Iterator[httpx.Client]:
    """A client of the application, which lives on an event loop in a thread of its own."""
    assert isinstance(app, Starlette)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(app.router.lifespan_context(app)),
        httpx.Client(transport=Bridge(portal, app), timeout=30) as http,
    ):
        yield http


class Bridge(httpx.BaseTransport):
    """Carries requests from this thread to the application's loop."""

    def __init__(self, portal: BlockingPortal, app: ASGIApp) -> None:
        self._portal = portal
        self._transport = httpx.ASGITransport(app=app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._portal.call(self._send, request)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        content = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=content)


def order_of(actor: str) -> Order:
    """An order by another user than the one of the client."""
    cause = Cause(actor_kind=ActorKind.USER, actor_id=actor, correlation_id="elsewhere", at=NOW)
    return Order(cause=cause)
