"""The HTTP application: GraphQL, GraphiQL, the objects of the local store, health; who may reach what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.auth import NotAuthenticated, authenticate
from gateway.bucket_sync.routes import bucket_sync_routes
from gateway.callbacks import callback_routes
from gateway.context import Context
from gateway.exports.routes import export_routes
from gateway.graphql.app import graphql_routes
from gateway.graphql.limits import GraphQLLimits
from gateway.health import health_routes
from gateway.objects.routes import object_routes
from gateway.schema import build_schema
from gateway.services import Services
from processors.objects.local import LocalObjectStore

OPEN_PATHS = ("/livez", "/readyz", "/objects/", "/callbacks/", "/graphiql", "/events/s3")
"""Reached without a key: health for probes, objects and callbacks of pipelines by their own signatures, the page that
asks for the key, and notifications of buckets, which have a token of their own."""


def create_app(open_services: Callable[[], AbstractAsyncContextManager[Services]]) -> Starlette:
    """The application; services are opened when it starts, on its own event loop, and closed when it ends."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_services() as services:
            app.router.routes.extend(routes(services))
            app.state.services = services
            yield

    return Starlette(lifespan=lifespan, middleware=[Middleware(Keys)])


def routes(services: Services) -> list[BaseRoute]:
    """Everything that is served."""
    settings = services.settings

    async def context_getter(connection: HTTPConnection) -> Context:
        return Context(services, authenticate(connection, settings))

    graphql = graphql_routes(
        build_schema(),
        context_getter=context_getter,
        limits=GraphQLLimits(),
        graphiql=settings.graphiql,
        needs_key=bool(settings.api_key),
        allowed_origins=settings.allowed_origins,
    )
    objects = services.objects
    origins = settings.allowed_origins or ("*",)
    stored = object_routes(objects, allowed_origins=origins) if isinstance(objects, LocalObjectStore) else []
    signed = [*callback_routes(services), *stored]
    return [
        *graphql,
        *health_routes(services),
        *signed,
        *bucket_sync_routes(services),
        *export_routes(services),
        Route("/", _home),
    ]


class Keys:
    """Refuses requests without the configured key, before anything else sees them.

    A WebSocket is let through, because its key comes with connection_init; without one it runs no operation.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401."""
        if scope["type"] != "http" or scope["path"].startswith(OPEN_PATHS):
            await self._app(scope, receive, send)
            return
        try:
            authenticate(HTTPConnection(scope), scope["app"].state.services.settings)
        except NotAuthenticated as refusal:
            body = {"errors": [{"message": str(refusal)}]}
            response = JSONResponse(body, status_code=401, headers={"www-authenticate": "Bearer"})
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def _home(_: Request) -> Response:
    return RedirectResponse("/graphiql")


def cors(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    """The application, callable by pages of these origins."""
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "PUT", "HEAD"],
        allow_headers=["*"],
        expose_headers=["ETag", "X-Request-Id"],
    )
