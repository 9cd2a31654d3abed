"""The ASGI endpoint of GraphQL, and the routes that serve it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
import strawberry
from graphql import OperationType
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from gateway.graphiql.page import graphiql_routes
from gateway.graphql.errors import OperationRefused, is_masked
from gateway.graphql.limits import GraphQLLimits
from gateway.graphql.negotiation import PLAIN_JSON, RESPONSE_JSON, Acceptance, parse_accept
from gateway.graphql.operations import OperationContext, OperationRunner, Outcome, PreparedOperation
from gateway.graphql.requests import RequestRefused, read_operation
from gateway.graphql.sse import send_event_stream
from gateway.graphql.websocket import TextFrameAdapter, TransportHandler

REQUEST_ID = "x-request-id"
"""Names the request as the log and the server's own log name it."""
ContextGetter = Callable[[HTTPConnection], Awaitable[OperationContext]]
"""Makes what resolvers see as `info.context`: once an HTTP request, once a WebSocket connection.

The headers of a WebSocket include the Authorization of its connection_init, because a browser can send no
header with the handshake. May raise ConnectionRejected, which ends that WebSocket.
"""


class GraphQLApp(GraphQL[Any, None]):
    """Strawberry's WebSocket machinery beside our own HTTP: negotiation, limits, SSE, masking."""

    websocket_adapter_class = TextFrameAdapter
    graphql_transport_ws_handler_class = TransportHandler

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        context_getter: ContextGetter,
        limits: GraphQLLimits,
        allowed_origins: Sequence[str] = (),
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            max_subscriptions_per_connection=limits.max_socket_operations,
            allowed_origins=allowed_origins,
        )
        self.runner = OperationRunner(schema, limits)
        self._context_getter = context_getter
        self._limits = limits

    async def get_context(self, request: Request | WebSocket, response: object) -> Any:
        """None: a WebSocket gets its context with connection_init, and HTTP does not ask here."""
        del request, response

    async def socket_context(self, socket: WebSocket, authorization: str | None) -> OperationContext:
        """The context of an initialized WebSocket. Raises what the context getter raises."""
        if authorization is None:
            return await self._context_getter(socket)
        headers = [(b"authorization", authorization.encode()), *socket.scope["headers"]]
        return await self._context_getter(HTTPConnection({**socket.scope, "headers": headers}))

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive)
        acceptance = parse_accept(request.headers.get("accept"))
        try:
            response = await self._respond(request, acceptance, send)
        except RequestRefused as refusal:
            response = _refusal(refusal, acceptance.json_type or PLAIN_JSON)
        if response is not None:
            await response(scope, receive, send)

    async def _respond(self, request: Request, acceptance: Acceptance, send: Send) -> Response | None:
        """The response to send; None when an event stream has been sent already."""
        operation = await read_operation(request, max_body_bytes=self._limits.max_body_bytes)
        media_type = acceptance.json_type
        if media_type is None and not acceptance.allows_event_stream:
            raise RequestRefused(406, f"Accept must allow {RESPONSE_JSON}, {PLAIN_JSON} or text/event-stream.")
        try:
            prepared = self.runner.prepare(operation)
        except OperationRefused as refusal:
            return _json_response(Outcome(None, refusal.errors, executed=False), media_type or RESPONSE_JSON)
        streams = _streams(prepared, acceptance, request.method)
        context = await self._context_getter(request)
        if streams:
            await send_event_stream(self.runner.stream(prepared, context), request.receive, send)
            return None
        outcome = await self.runner.execute(prepared, context)
        response = _json_response(outcome, media_type or RESPONSE_JSON)
        response.headers[REQUEST_ID] = context.request_id
        return response


def graphql_routes(
    schema: strawberry.Schema,
    *,
    context_getter: ContextGetter,
    limits: GraphQLLimits,
    graphiql: bool,
    needs_key: bool = False,
    allowed_origins: Sequence[str] = (),
) -> Sequence[BaseRoute]:
    """`/graphql` for POST, GET, SSE and WebSocket, and the page `/graphiql` when it is wanted.

    `needs_key` says that the context getter wants a bearer key, which the page then asks for. Pages of
    `allowed_origins` may open a WebSocket beside our own, which browsers ask nobody else about.
    """
    app = GraphQLApp(schema, context_getter=context_getter, limits=limits, allowed_origins=allowed_origins)
    page = graphiql_routes(needs_key=needs_key) if graphiql else []
    return [Route("/graphql", endpoint=app), WebSocketRoute("/graphql", endpoint=app), *page]


def _streams(prepared: PreparedOperation, acceptance: Acceptance, method: str) -> bool:
    """Whether to answer with an event stream; raises RequestRefused for what neither form may carry."""
    if prepared.kind is OperationType.MUTATION and method == "GET":
        raise RequestRefused(405, "A mutation must be sent by POST.", headers={"Allow": "POST"})
    if prepared.kind is OperationType.SUBSCRIPTION:
        if not acceptance.allows_event_stream:
            raise RequestRefused(
                406, "A subscription needs Accept: text/event-stream, or a WebSocket (graphql-transport-ws)."
            )
        return True
    return acceptance.prefers_event_stream


def _json_response(outcome: Outcome, media_type: str) -> Response:
    return _json(outcome.payload(), _status(outcome, media_type), media_type)


def _status(outcome: Outcome, media_type: str) -> int:
    if outcome.executed:
        return 200
    if any(is_masked(error) for error in outcome.errors):
        return 500
    # Under plain JSON the specification answers 200 to whatever reached the GraphQL engine.
    return 400 if media_type == RESPONSE_JSON else 200


def _refusal(refusal: RequestRefused, media_type: str) -> Response:
    error: dict[str, Any] = {"message": refusal.message}
    if refusal.extensions:
        error["extensions"] = refusal.extensions
    response = _json({"errors": [error]}, refusal.status, media_type)
    response.headers.update(refusal.headers)
    return response


def _json(payload: dict[str, Any], status: int, media_type: str) -> Response:
    response = Response(orjson.dumps(payload), status_code=status)
    # Set directly, because Starlette adds a charset to text types only and the specification wants one here.
    response.headers["content-type"] = f"{media_type}; charset=utf-8"
    response.headers["vary"] = "accept"
    return response
