"""graphql-transport-ws on Strawberry's protocol handler, with text frames and operations that fail alone."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any, Protocol, cast

import orjson
from graphql import GraphQLError
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import Operation as SocketOperation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import ConnectionInitMessage, Message

from gateway.graphql.errors import ConnectionRejected, OperationRefused
from gateway.graphql.operations import Operation, OperationContext, OperationRunner, Outcome

logger = logging.getLogger(__name__)

FORBIDDEN = 4403
"""The code that the protocol recommends for a rejected connection."""


class SocketView(Protocol):
    """What a connection needs of the endpoint that accepted it."""

    runner: OperationRunner

    async def socket_context(self, socket: WebSocket, authorization: str | None) -> OperationContext:
        """See GraphQLApp."""


class TextFrameAdapter(ASGIWebSocketAdapter):
    """Sends JSON as text: orjson makes bytes, and JavaScript clients do not read binary frames."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except (WebSocketDisconnect, RuntimeError) as error:
            # Starlette raises RuntimeError when the socket was closed from our side meanwhile.
            raise WebSocketDisconnected from error


class TransportHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """One connection. A bad operation ends itself alone; only a broken protocol ends the socket."""

    async def handle_message(self, message: Message) -> None:
        fault = _fault(message)
        if fault is not None:
            await self.handle_invalid_message(fault)
            return
        await super().handle_message(message)

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Make the context of the connection, or close it when the caller is not let in."""
        payload = message.get("payload") or {}
        view, socket = cast("SocketView", self.view), cast("TextFrameAdapter", self.websocket).ws
        if isinstance(payload, dict) and not self.connection_init_received:
            try:
                self.context = await view.socket_context(socket, _authorization(payload))
            except ConnectionRejected as rejected:
                await self.websocket.close(code=FORBIDDEN, reason=str(rejected))
                return
        await super().handle_connection_init(message)

    async def run_operation(self, operation: SocketOperation[Any, None]) -> None:
        """The operation's task: sends its responses, then exactly one of `complete` and `error`."""
        runner = cast("SocketView", self.view).runner
        try:
            await self._send_outcomes(operation, runner)
        except OperationRefused as refusal:
            await operation.send_initial_errors(list(refusal.errors))
        except WebSocketDisconnected:
            # The client left between two responses; the handler's shutdown forgets the operation.
            return
        except Exception as error:
            request_id = cast("OperationContext", self.context).request_id
            logger.exception("Internal error in a WebSocket operation of request %s.", request_id)
            masked = GraphQLError("Internal error", extensions={"requestId": request_id}, original_error=error)
            await operation.send_initial_errors([masked])

    async def _send_outcomes(self, operation: SocketOperation[Any, None], runner: OperationRunner) -> None:
        prepared = runner.prepare(Operation(operation.query, operation.variables, operation.operation_name or None))
        async with aclosing(runner.stream(prepared, self.context)) as outcomes:
            async for outcome in outcomes:
                if not outcome.executed:
                    raise OperationRefused(outcome.errors)
                await operation.send_operation_message(_next(operation.id, outcome))
        await operation.send_operation_message({"id": operation.id, "type": "complete"})


def _authorization(payload: Mapping[str, object]) -> str | None:
    """The member named so in any case; None when there is none or it is no text."""
    return next((v for name, v in payload.items() if name.lower() == "authorization" and isinstance(v, str)), None)


def _next(identifier: str, outcome: Outcome) -> Message:
    return cast("Message", {"id": identifier, "type": "next", "payload": outcome.payload()})


def _fault(message: object) -> str | None:
    """What is wrong with the shape of a message, which Strawberry's handler takes for granted; else None."""
    if not isinstance(message, dict):
        return "WebSocket message must be a JSON object"
    if message.get("type") not in ("subscribe", "complete"):
        return None
    if not isinstance(message.get("id"), str):
        return "Failed to parse message: id must be a string"
    return _payload_fault(message.get("payload")) if message["type"] == "subscribe" else None


def _payload_fault(payload: object) -> str | None:
    if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
        return "Failed to parse message: payload.query must be a string"
    if not isinstance(payload.get("variables"), dict | None):
        return "Failed to parse message: payload.variables must be an object or null"
    if not isinstance(payload.get("operationName"), str | None):
        return "Failed to parse message: payload.operationName must be a string or null"
    return None
