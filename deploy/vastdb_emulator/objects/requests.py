"""The requests of S3 that writing, reading and listing Parquet objects takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote
from xml.sax.saxutils import escape

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.errors import BadRequest, NotImplementedHere
from deploy.vastdb_emulator.objects.object_store import StoredObject
from deploy.vastdb_emulator.transport.messages import Request, Response

RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def answer(call: Call) -> Response:
    """Answer a request of S3 about an object or about the objects of a bucket."""
    call.view.require_bucket(call.bucket)
    method = call.request.method
    if len(call.request.path_parts) == 1:
        if method == "GET":
            return _list(call)
    elif method in ("GET", "HEAD"):
        return _get(call)
    elif method == "PUT" and not call.request.parameters.keys() & {"partNumber", "uploads"}:
        return _put(call)
    elif method == "DELETE":
        call.server.objects.delete(call.bucket, _key(call))
        return Response(status=204)
    raise NotImplementedHere(f"{method} {call.request.raw_path}?{call.request.raw_query} is not a request of this S3.")


def plain_body(request: Request) -> bytes:
    """The body without the chunk signatures that AWS clients put between its parts."""
    if not request.headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
        return request.body
    body, rest = b"", request.body
    while rest:
        head, _, rest = rest.partition(b"\r\n")
        size = int(head.split(b";")[0], 16)
        if size == 0:
            break
        body, rest = body + rest[:size], rest[size + 2 :]
    return body


def _key(call: Call) -> str:
    return "/".join(call.request.path_parts[1:])


def _get(call: Call) -> Response:
    stored = call.server.objects.get(call.bucket, _key(call))
    wanted = call.request.headers.get("range")
    if wanted is None:
        return Response(body=stored.body, headers=_headers(stored))
    first, last = _range(wanted, len(stored.body))
    headers = {**_headers(stored), "Content-Range": f"bytes {first}-{last}/{len(stored.body)}"}
    return Response(status=206, body=stored.body[first : last + 1], headers=headers)


def _put(call: Call) -> Response:
    objects = call.server.objects
    copied = call.request.headers.get("x-amz-copy-source")
    if copied is None:
        stored = objects.put(call.bucket, _key(call), plain_body(call.request))
        return Response(headers={"ETag": stored.etag})
    bucket, _, key = unquote(copied).lstrip("/").partition("/")
    stored = objects.put(call.bucket, _key(call), objects.get(bucket, key).body)
    result = f"<CopyObjectResult><ETag>{escape(stored.etag)}</ETag></CopyObjectResult>"
    return Response(body=result.encode(), headers={"Content-Type": "application/xml"})


def _list(call: Call) -> Response:
    prefix = call.request.parameters.get("prefix", "")
    found = call.server.objects.list(call.bucket, prefix)
    entries = "".join(_entry(item) for item in found)
    head = f"<Name>{escape(call.bucket)}</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{len(found)}</KeyCount>"
    body = f"<ListBucketResult>{head}<IsTruncated>false</IsTruncated>{entries}</ListBucketResult>"
    return Response(body=body.encode(), headers={"Content-Type": "application/xml"})


def _entry(item: StoredObject) -> str:
    facts = f"<Key>{escape(item.key)}</Key><ETag>{escape(item.etag)}</ETag><Size>{len(item.body)}</Size>"
    return f"<Contents>{facts}</Contents>"


def _range(header: str, size: int) -> tuple[int, int]:
    match = RANGE.fullmatch(header)
    if match is None or not size:
        raise BadRequest(f"The range {header} cannot be read from {size} bytes.")
    if not match[1]:
        return max(0, size - int(match[2])), size - 1
    return int(match[1]), min(int(match[2] or size - 1), size - 1)


def _headers(stored: StoredObject) -> Mapping[str, str]:
    return {
        "ETag": stored.etag,
        "Last-Modified": stored.modified,
        "Accept-Ranges": "bytes",
        "Content-Type": "application/octet-stream",
    }
