"""The routes by which the gateway serves the local object store: signed part uploads and signed downloads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from email.utils import format_datetime
from typing import Any

import anyio
from anyio.to_thread import run_sync
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.objects.body_response import BodyResponse
from gateway.objects.ranges import requested_range
from gateway.objects.refusals import REFUSALS, refusal
from processors.objects.disk.reception import PartReception
from processors.objects.disposition import attachment
from processors.objects.errors import PartSizeMismatch
from processors.objects.local import LocalObjectStore
from processors.objects.signing import OBJECTS_PATH, DownloadGrant, PartGrant
from processors.objects.store import ObjectVersion

_WRITE_BYTES = 1024**2
"""Arriving chunks are gathered to this size before a thread writes them."""
_ALWAYS = {
    # What users stored must never run as a page of ours.
    "content-security-policy": "sandbox; script-src 'none'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "private",
}
_EXPOSED = "ETag, Content-Length, Content-Range, Content-Disposition, Accept-Ranges"

Endpoint = Callable[[Request], Awaitable[Response]]


class ObjectKeyConvertor(Convertor[str]):
    """Matches every key; Starlette's own `path` stops at a line break."""

    regex = "(?s:.+)"

    def convert(self, value: str) -> str:
        """The key as it is."""
        return value

    def to_string(self, value: str) -> str:
        """The key as it is."""
        return value


def object_routes(store: LocalObjectStore, *, allowed_origins: Sequence[str] = ("*",)) -> list[Route]:
    """PUT, GET, HEAD and OPTIONS of `/objects/{bucket}/{key}`.

    `allowed_origins` are the web origins whose pages may use signed URLs; `*` allows all, which gives nothing
    away: a request carries its right in its URL and no cookie counts.
    """
    register_url_convertor("object_key", ObjectKeyConvertor())
    endpoints = _Endpoints(store, frozenset(allowed_origins))
    path = OBJECTS_PATH + "/{bucket}/{key:object_key}"
    return [
        Route(path, endpoints.answering(endpoints.put_part), methods=["PUT"]),
        Route(path, endpoints.answering(endpoints.get), methods=["GET", "HEAD"]),
        Route(path, endpoints.answering(endpoints.preflight), methods=["OPTIONS"]),
    ]


class _Endpoints:
    def __init__(self, store: LocalObjectStore, allowed_origins: frozenset[str]) -> None:
        self._store = store
        self._allowed_origins = allowed_origins

    def answering(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint with its refusals answered and the headers that every answer carries."""

        async def answer(request: Request) -> Response:
            try:
                response = await endpoint(request)
            except REFUSALS as error:
                response = refusal(error)
            response.headers.update(_ALWAYS | self._cross_origin(request))
            return response

        return answer

    async def put_part(self, request: Request) -> Response:
        grant = self._store.urls.verify_part(*_name(request), request.query_params)
        _check_declared_size(request, grant)
        reception = await run_sync(self._store.receive_part, grant)
        try:
            await _pour(request, reception)
            part = await run_sync(reception.commit)
        finally:
            # The draft must go even when the client went away and the task was cancelled.
            with anyio.CancelScope(shield=True):
                await run_sync(reception.close)
        return Response(headers={"etag": f'"{part.etag}"'})

    async def get(self, request: Request) -> Response:
        grant = self._store.urls.verify_download(*_name(request), request.query_params)
        located = await run_sync(lambda: self._store.locate(*_name(request), version_id=grant.version_id))
        headers = _description(located.version, grant)
        if _is_unchanged(request, located.version.etag):
            return Response(status_code=304, headers=headers)
        size_bytes = located.version.size_bytes
        wanted = requested_range(_usable_range(request, headers), size_bytes)
        start, end = wanted or (0, size_bytes)
        if wanted:
            headers["content-range"] = f"bytes {start}-{end - 1}/{size_bytes}"
        return BodyResponse(located.body, status_code=206 if wanted else 200, headers=headers, start=start, end=end)

    async def preflight(self, request: Request) -> Response:
        asked = request.headers.get("access-control-request-headers", "")
        return Response(
            status_code=204,
            headers={
                "access-control-allow-methods": "GET, HEAD, PUT",
                "access-control-allow-headers": asked or "*",
                "access-control-max-age": "3600",
            },
        )

    def _cross_origin(self, request: Request) -> dict[str, str]:
        origin = request.headers.get("origin")
        if "*" in self._allowed_origins:
            return {"access-control-allow-origin": "*", "access-control-expose-headers": _EXPOSED}
        if origin in self._allowed_origins:
            return {
                "access-control-allow-origin": str(origin),
                "access-control-expose-headers": _EXPOSED,
                "vary": "Origin",
            }
        return {"vary": "Origin"}


def _name(request: Request) -> tuple[str, str]:
    params: dict[str, Any] = request.path_params
    return str(params["bucket"]), str(params["key"])


def _check_declared_size(request: Request, grant: PartGrant) -> None:
    declared = request.headers.get("content-length")
    if declared is not None and int(declared) != grant.size_bytes:
        raise PartSizeMismatch(
            part_number=grant.part_number, signed_bytes=grant.size_bytes, received_bytes=int(declared)
        )


async def _pour(request: Request, reception: PartReception) -> None:
    gathered = bytearray()
    async for chunk in request.stream():
        gathered += chunk
        if len(gathered) >= _WRITE_BYTES:
            await run_sync(reception.write, bytes(gathered))
            gathered.clear()
    await run_sync(reception.write, bytes(gathered))


def _description(version: ObjectVersion, grant: DownloadGrant) -> dict[str, str]:
    headers = {
        "etag": f'"{version.etag}"',
        "last-modified": format_datetime(version.last_modified, usegmt=True),
        "content-type": version.content_type,
        "accept-ranges": "bytes",
    }
    if grant.file_name is not None:
        headers["content-disposition"] = attachment(grant.file_name)
    return headers


def _is_unchanged(request: Request, etag: str) -> bool:
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return "*" in known or f'"{etag}"' in known


def _usable_range(request: Request, headers: dict[str, str]) -> str | None:
    """The Range header, unless If-Range says that it was meant for another version."""
    condition = request.headers.get("if-range")
    current = condition is None or condition in (headers["etag"], headers["last-modified"])
    return request.headers.get("range") if current else None
