"""POST /events/s3: takes notifications of object stores and brings the log up to what they tell of."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from domain.cause import ActorKind, Cause, Order
from domain.errors import Contended
from gateway.bucket_sync.sender import SenderRefused, check_sender
from gateway.errors import AWAY, said_of_away
from gateway.services import Services
from processors.bucket_sync.consumer import NAME
from processors.bucket_sync.notices import BodyUnreadable
from processors.bucket_sync.receiving import Received, TooManyRecords, receive
from processors.objects.errors import StoreRejected

PATH = "/events/s3"
RETRY_SECONDS = 30
logger = logging.getLogger(__name__)


class BodyTooLarge(Exception):
    """The body has more bytes than the setting allows."""


def bucket_sync_routes(services: Services) -> list[Route]:
    """The endpoint; its refusals are JSON with one `message`."""
    return [Route(PATH, _answering(partial(_take, services)), methods=["POST"])]


def _answering(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except SenderRefused as refusal:
            return _refusal(refusal.status, refusal.message, refusal.headers)
        except (BodyTooLarge, TooManyRecords) as refusal:
            return _refusal(413, str(refusal))
        except BodyUnreadable as refusal:
            return _refusal(400, str(refusal))
        except (*AWAY, StoreRejected, Contended) as failure:
            logger.warning("A bucket notification could not be followed: %s", failure)
            return _refusal(
                503, f"{said_of_away(failure)} Nothing was lost: send it again.", {"retry-after": str(RETRY_SECONDS)}
            )

    return answer


async def _take(services: Services, request: Request) -> Response:
    settings = services.settings
    body = await _body(request, settings.s3_events_max_bytes)
    headers = dict(request.headers)
    check_sender(settings.s3_events_token, headers, body)
    # The follower knows which databases use which buckets; one that was made a moment ago must count.
    await services.reached(await asyncio.to_thread(services.ledger.head), NAME)
    received = await asyncio.get_running_loop().run_in_executor(
        services.commands,
        partial(
            receive, services.bucket_sync, body, headers, order=_order(), max_records=settings.s3_events_max_records
        ),
    )
    return JSONResponse(_answer(received), status_code=503 if received.is_unsettled else 200)


async def _body(request: Request, most: int) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise BodyTooLarge(
                f"The body has more than {most} bytes (INTERNEG_S3_EVENTS_MAX_BYTES): send fewer records."
            )
        chunks.append(chunk)
    return b"".join(chunks)


def _answer(received: Received) -> dict[str, Any]:
    return {
        "records": received.records,
        "position": str(received.position),
        "outcomes": dict(received.outcomes),
        "problems": [
            {"record": record, "bucket": told.s3_bucket, "key": told.s3_key, "code": told.code, "message": told.message}
            for record, told in received.problems
        ],
    }


def _order() -> Order:
    cause = Cause(actor_kind=ActorKind.PROCESSOR, actor_id=NAME, correlation_id=str(uuid4()), at=datetime.now(UTC))
    return Order(cause=cause)


def _refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"message": message}, status_code=status, headers=headers)
