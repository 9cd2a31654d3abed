"""Reads a GraphQL operation out of an HTTP request, or refuses it with the status that says why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request

from gateway.graphql.limits import LimitExceeded
from gateway.graphql.operations import Operation


class RequestRefused(Exception):
    """The HTTP request is not a GraphQL request that this endpoint takes."""

    def __init__(self, status: int, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})
        self.extensions: dict[str, Any] = {}


class BodyTooLarge(RequestRefused):
    """The body passes the limit max_body_bytes."""

    def __init__(self, *, maximum: int) -> None:
        limit = LimitExceeded("max_body_bytes", value=None, maximum=maximum)
        super().__init__(413, limit.message)
        self.extensions = dict(limit.extensions or {})


async def read_operation(request: Request, *, max_body_bytes: int) -> Operation:
    """The operation in a GET or POST request; raises RequestRefused."""
    if request.method == "GET":
        return _from_query_string(request)
    if request.method == "POST":
        _require_json(request.headers.get("content-type", ""))
        return _from_body(await _read_body(request, max_body_bytes), request)
    raise RequestRefused(405, "GraphQL is served over GET and POST.", headers={"Allow": "GET, POST"})


def _from_query_string(request: Request) -> Operation:
    parameters: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if parameters.get(name):
            parameters[name] = _json(parameters[name], f"The parameter {name} is not valid JSON.")
        else:
            parameters.pop(name, None)
    return _operation(parameters, request)


def _from_body(body: bytes, request: Request) -> Operation:
    parameters = _json(body, "The request body is not valid JSON.")
    if isinstance(parameters, list):
        raise RequestRefused(400, "Batches are not served: send one operation a request.")
    if not isinstance(parameters, dict):
        raise RequestRefused(400, "The request body must be a JSON object with the field query.")
    return _operation(parameters, request)


def _operation(parameters: dict[str, Any], request: Request) -> Operation:
    query = parameters.get("query")
    if not isinstance(query, str) or not query:
        raise RequestRefused(400, "The request has no query: it must be a non-empty string.")
    name = parameters.get("operationName")
    if not isinstance(name, str | None):
        raise RequestRefused(400, "operationName must be a string or null.")
    return Operation(
        query=query,
        variables=_object_or_none(parameters, "variables"),
        operation_name=name or None,
        extensions=_object_or_none(parameters, "extensions"),
        last_event_id=request.headers.get("last-event-id") or None,
    )


def _object_or_none(parameters: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = parameters.get(name)
    if not isinstance(value, dict | None):
        raise RequestRefused(400, f"{name} must be a JSON object or null.")
    return value


def _json(text: str | bytes, message: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestRefused(400, message) from error


def _require_json(content_type: str) -> None:
    # Only a JSON content type is taken, because browsers send the others across origins without asking first.
    media_type, *parameters = (piece.strip().lower() for piece in content_type.split(";"))
    charsets = [piece.partition("=")[2].strip('"') for piece in parameters if piece.startswith("charset=")]
    if media_type != "application/json" or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise RequestRefused(415, "The content type must be application/json in UTF-8.")


async def _read_body(request: Request, maximum: int) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > maximum:
        raise BodyTooLarge(maximum=maximum)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > maximum:
            raise BodyTooLarge(maximum=maximum)
        chunks.append(chunk)
    return b"".join(chunks)
