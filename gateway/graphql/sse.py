"""Server-sent events, in the "distinct connections" form of the graphql-sse protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

import orjson
from starlette.types import Message, Receive, Send

from gateway.graphql.negotiation import EVENT_STREAM
from gateway.graphql.operations import Outcome

HEARTBEAT_SECONDS = 15.0

_HEADERS = (
    (b"content-type", f"{EVENT_STREAM}; charset=utf-8".encode()),
    (b"cache-control", b"no-cache, no-transform"),
    (b"vary", b"accept"),
    # nginx would otherwise hold events back until its buffer is full.
    (b"x-accel-buffering", b"no"),
)


def encode_next(outcome: Outcome) -> bytes:
    """One response. Lines end in LF alone: some clients split events at two LFs and never see CRLF CRLF."""
    identifier = b"" if outcome.position is None else b"id: %d\n" % outcome.position
    return b"event: next\n" + identifier + b"data: " + orjson.dumps(outcome.payload()) + b"\n\n"


def encode_complete() -> bytes:
    """The end of the operation. Browsers discard events without a data field, so it has an empty one."""
    return b"event: complete\ndata: \n\n"


async def send_event_stream(
    outcomes: AsyncGenerator[Outcome, None],
    receive: Receive,
    send: Send,
    *,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> None:
    """Send every outcome as it comes; stops, and closes `outcomes`, as soon as the client is gone."""
    await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
    # The headers go out at once, so that a client knows it is subscribed before anything happens.
    await _send_chunk(send, b":\n\n")
    gone = asyncio.create_task(_client_gone(receive))
    try:
        async with aclosing(outcomes):
            if await _send_outcomes(outcomes, gone, send, heartbeat_seconds=heartbeat_seconds):
                await _send_chunk(send, encode_complete())
                await _send_chunk(send, b"", more=False)
    finally:
        await _cancelled(gone)


async def _send_outcomes(
    outcomes: AsyncGenerator[Outcome, None],
    gone: asyncio.Task[None],
    send: Send,
    *,
    heartbeat_seconds: float,
) -> bool:
    """Whether the stream came to its own end, rather than the client leaving."""
    following = asyncio.ensure_future(anext(outcomes, None))
    try:
        while True:
            pending: set[asyncio.Future[Any]] = {following, gone}
            await asyncio.wait(pending, timeout=heartbeat_seconds, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                return False
            if not following.done():
                await _send_chunk(send, b": ping\n\n")
                continue
            outcome = following.result()
            if outcome is None:
                return True
            await _send_chunk(send, encode_next(outcome))
            following = asyncio.ensure_future(anext(outcomes, None))
    finally:
        await _cancelled(following)


async def _cancelled(future: asyncio.Future[Any]) -> None:
    """Cancel and wait: a generator can be closed only when no step of it is running."""
    if not future.done():
        future.cancel()
        with suppress(asyncio.CancelledError):
            await future


async def _client_gone(receive: Receive) -> None:
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()


async def _send_chunk(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})
