"""GET /export/assets/{databaseId}/{assetId}: the manifest of an asset as a stream of lines of JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator
from functools import partial

from anyio import CancelScope
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from domain.errors import DomainError, NotFound
from gateway.errors import AWAY, said_of_away
from gateway.exports.manifest import Export
from gateway.exports.options import options_of
from gateway.services import Services

PATH = "/export/assets/{database_id}/{asset_id}"
MEDIA_TYPE = "application/x-ndjson"
CHUNK_BYTES = 64 * 1024


def export_routes(services: Services) -> list[Route]:
    """The endpoint; its refusals are JSON with one `message`."""
    return [Route(PATH, partial(_export, services), methods=["GET"])]


async def _export(services: Services, request: Request) -> Response:
    key = (request.path_params["database_id"], request.path_params["asset_id"])
    try:
        options = options_of(request.query_params.multi_items())
        export = await run_sync(Export, services.pool, services.objects, key, options)
    except DomainError as refusal:
        status = 404 if isinstance(refusal, NotFound) else 400
        return JSONResponse({"message": refusal.message, "path": list(refusal.path)}, status_code=status)
    except AWAY as error:
        return JSONResponse({"message": said_of_away(error), "path": []}, status_code=503)
    return StreamingResponse(_chunks(export), media_type=MEDIA_TYPE, headers={"cache-control": "no-store"})


async def _chunks(export: Export) -> AsyncIterator[bytes]:
    """Lines in pieces worth sending; whoever stops reading gives the connection back."""
    lines = export.lines()
    try:
        while chunk := await run_sync(_chunk, lines):
            yield chunk
    finally:
        with CancelScope(shield=True):
            await run_sync(_end, lines, export)


def _end(lines: Generator[bytes, None, None], export: Export) -> None:
    lines.close()
    export.close()  # Lines that were never begun have nothing to end.


def _chunk(lines: Iterator[bytes]) -> bytes:
    parts, size = [], 0
    for line in lines:
        parts.append(line)
        size += len(line)
        if size >= CHUNK_BYTES:
            break
    return b"".join(parts)
