"""The routes by which endpoints of HTTP pipelines report: each URL holds the secret of one attempt at one step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from domain.executions.execution import Attempt
from gateway.errors import AWAY, said_of_away
from gateway.services import Services
from processors.workflows.callbacks import MAX_BODY_BYTES, Reply
from processors.workflows.endpoint import CALLBACKS_PATH


def callback_routes(services: Services) -> list[Route]:
    """POST of a report, and of files that are going to be sent."""
    path = f"{CALLBACKS_PATH}/{{execution_id}}/{{attempt:int}}/{{step:int}}/{{token}}"
    callbacks = services.callbacks

    async def report(request: Request) -> Response:
        return await _answer(services, request, callbacks.report)

    async def announce(request: Request) -> Response:
        return await _answer(services, request, callbacks.announce)

    return [Route(path, report, methods=["POST"]), Route(f"{path}/uploads", announce, methods=["POST"])]


async def _answer(services: Services, request: Request, handle: Callable[..., Reply]) -> Response:
    body = await _body(request)
    if body is None:
        return _told(413, f"A report has at most {MAX_BODY_BYTES} bytes: send files by signed requests.")
    given = request.path_params
    at = Attempt(given["attempt"], given["step"])
    try:
        status, document = await _run(services, handle, given["execution_id"], at, token=given["token"], body=body)
    except AWAY as error:
        return _told(503, said_of_away(error))
    return JSONResponse(document, status_code=status)


async def _run(services: Services, handle: Callable[..., Reply], *args: object, **kwargs: object) -> Reply:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(services.commands, partial(handle, *args, **kwargs))


async def _body(request: Request) -> bytes | None:
    """The whole body; None when it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def _told(status: int, message: str) -> Response:
    return JSONResponse({"status": "refused", "message": message}, status_code=status)
