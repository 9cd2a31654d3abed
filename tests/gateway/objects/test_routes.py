"""The object routes answer signed requests like S3, and what users stored cannot run as our page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from gateway.objects.routes import object_routes
from processors.objects.local import LocalObjectStore
from processors.objects.store import SignedRequest
from tests.gateway.objects.clock import Clock

BUCKET = "library"
KEY = "shot/plate.svg"
BODY = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def ask(
    app: Starlette,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | AsyncIterator[bytes] | None = None,
) -> httpx.Response:
    """Send one request to the app in process."""

    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            return await client.request(method, url, headers=headers, content=content)

    return asyncio.run(answer())


def stored_url(store: LocalObjectStore, file_name: str | None = None) -> str:
    made = store.put(BUCKET, KEY, BODY, content_type="image/svg+xml", metadata={})
    return store.sign_download(BUCKET, KEY, version_id=made.version_id, expires_seconds=60, file_name=file_name)


def signed_part(store: LocalObjectStore, size_bytes: int) -> tuple[str, SignedRequest]:
    multipart_id = store.create_multipart(BUCKET, KEY, content_type="a/b", metadata={})
    request = store.sign_part(
        BUCKET, KEY, multipart_id=multipart_id, part_number=1, size_bytes=size_bytes, expires_seconds=60
    )
    return multipart_id, request


async def in_chunks(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def drafts(root: Path) -> list[Path]:
    return list((root / "objects" / "drafts").glob("*/*"))


def error(code: str, message: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'


def test_a_download_says_what_it_is_and_cannot_run(app: Starlette, store: LocalObjectStore) -> None:
    answer = ask(app, "GET", stored_url(store, "é.svg"))
    assert (answer.status_code, answer.content) == (200, BODY)
    assert dict(answer.headers) == {
        "etag": f'"{store.head(BUCKET, KEY).etag}"',
        "last-modified": "Fri, 15 Jan 2027 08:00:00 GMT",
        "content-type": "image/svg+xml",
        "content-length": str(len(BODY)),
        "accept-ranges": "bytes",
        "content-disposition": "attachment; filename=\"_.svg\"; filename*=UTF-8''%C3%A9.svg",
        "cache-control": "private",
        "content-security-policy": "sandbox; script-src 'none'; object-src 'none'",
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
        "access-control-expose-headers": ("ETag, Content-Length, Content-Range, Content-Disposition, Accept-Ranges"),
    }


def test_head_answers_the_headers_of_get_without_the_body(app: Starlette, store: LocalObjectStore) -> None:
    url = stored_url(store)
    head = ask(app, "HEAD", url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == ask(app, "GET", url).headers


@pytest.mark.parametrize("tags", ['"other", {etag}', "W/{etag}", "*"])
def test_a_body_the_browser_knows_is_not_sent_again(app: Starlette, store: LocalObjectStore, tags: str) -> None:
    url = stored_url(store)
    etag = f'"{store.head(BUCKET, KEY).etag}"'
    answer = ask(app, "GET", url, headers={"if-none-match": tags.format(etag=etag)})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)


def test_a_range_meant_for_another_version_is_ignored(app: Starlette, store: LocalObjectStore) -> None:
    url = stored_url(store)
    statuses = [
        ask(app, "GET", url, headers={"range": "bytes=0-1", "if-range": tag}).status_code
        for tag in (f'"{store.head(BUCKET, KEY).etag}"', '"other"')
    ]
    assert statuses == [206, 200]


def test_a_range_past_the_end_says_how_long_the_body_is(app: Starlette, store: LocalObjectStore) -> None:
    answer = ask(app, "GET", stored_url(store), headers={"range": "bytes=99-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(BODY)}")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_an_expired_url_is_denied_like_on_s3(app: Starlette, store: LocalObjectStore, clock: Clock) -> None:
    url = stored_url(store)
    clock.now += 61
    answer = ask(app, "GET", url)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/xml")
    assert answer.text == error(
        "AccessDenied",
        "Request has expired: the URL was good until 1800000060 (Unix time); ask for a new one.",
    )


def test_a_changed_url_does_not_match_its_signature(app: Starlette, store: LocalObjectStore) -> None:
    answer = ask(app, "GET", stored_url(store).replace("plate.svg", "other.svg"))
    assert answer.status_code == 403
    assert answer.text == error(
        "SignatureDoesNotMatch",
        "The signature does not match this request; ask for a new URL and use it unchanged.",
    )


def test_a_part_is_kept_and_answered_with_its_etag(app: Starlette, store: LocalObjectStore) -> None:
    multipart_id, request = signed_part(store, 3_000_000)
    answer = ask(app, request.method, request.url, content=in_chunks(*[b"x" * 30_000] * 100))
    (part,) = store.parts(BUCKET, KEY, multipart_id=multipart_id)
    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{part.etag}"')
    assert part.size_bytes == 3_000_000


@pytest.mark.parametrize(
    ("chunks", "code"),
    [
        ([b"12345"], "EntityTooLarge"),
        ([b"123", b"45"], "EntityTooLarge"),
        ([b"123"], "IncompleteBody"),
        ([], "IncompleteBody"),
    ],
)
def test_a_part_of_unannounced_size_is_refused_as_it_streams(
    app: Starlette, store: LocalObjectStore, tmp_path: Path, chunks: list[bytes], code: str
) -> None:
    multipart_id, request = signed_part(store, 4)
    answer = ask(app, request.method, request.url, content=in_chunks(*chunks))
    assert answer.status_code == 400
    assert f"<Code>{code}</Code>" in answer.text
    assert store.parts(BUCKET, KEY, multipart_id=multipart_id) == []
    assert drafts(tmp_path) == []


def test_a_part_too_large_is_refused_before_the_rest_is_read(
    app: Starlette, store: LocalObjectStore, tmp_path: Path
) -> None:
    _, request = signed_part(store, 4)
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"x" * 1024**2

    assert ask(app, request.method, request.url, content=endless()).status_code == 400
    assert read == 1
    assert drafts(tmp_path) == []


def test_a_part_whose_sender_goes_away_leaves_nothing(app: Starlette, store: LocalObjectStore, tmp_path: Path) -> None:
    multipart_id, request = signed_part(store, 4)
    url = httpx.URL(request.url)
    scope = {
        "type": "http",
        "method": "PUT",
        "path": url.path,
        "raw_path": url.raw_path.split(b"?")[0],
        "query_string": url.query,
        "headers": [],
    }
    arriving: Iterator[dict[str, object]] = iter(
        [{"type": "http.request", "body": b"12", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> dict[str, object]:
        return next(arriving)

    async def send(message: object) -> None:
        return None

    asyncio.run(app(scope, receive, send))
    assert store.parts(BUCKET, KEY, multipart_id=multipart_id) == []
    assert drafts(tmp_path) == []


def test_a_part_of_an_upload_that_is_over_is_not_found(app: Starlette, store: LocalObjectStore) -> None:
    multipart_id, request = signed_part(store, 1)
    store.abort_multipart(BUCKET, KEY, multipart_id=multipart_id)
    answer = ask(app, request.method, request.url, content=b"x")
    assert answer.status_code == 404
    assert "<Code>NoSuchUpload</Code>" in answer.text


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH"])
def test_no_other_method_is_served(app: Starlette, store: LocalObjectStore, method: str) -> None:
    assert ask(app, method, stored_url(store)).status_code == 405


def test_a_browser_may_ask_before_it_sends_a_part(app: Starlette, store: LocalObjectStore) -> None:
    _, request = signed_part(store, 1)
    headers = {
        "origin": "https://review.example",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "content-type",
    }
    answer = ask(app, "OPTIONS", request.url, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, PUT"
    assert answer.headers["access-control-allow-headers"] == "content-type"


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [("https://ours.example", "https://ours.example"), ("https://theirs.example", None)],
)
def test_only_the_named_origins_are_allowed(store: LocalObjectStore, origin: str, allowed: str | None) -> None:
    app = Starlette(routes=object_routes(store, allowed_origins=["https://ours.example"]))
    answer = ask(app, "GET", stored_url(store), headers={"origin": origin})
    assert answer.headers.get("access-control-allow-origin") == allowed
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("key", ["line\nbreak\n", "a//b", "/lead", "trail/", "a/../b", "%2F", "é+ ?#&"])
def test_any_key_is_reached_by_its_url(app: Starlette, store: LocalObjectStore, key: str) -> None:
    store.put(BUCKET, key, key.encode(), content_type="a/b", metadata={})
    url = store.sign_download(BUCKET, key, version_id=None, expires_seconds=60, file_name=None)
    assert ask(app, "GET", url).content == key.encode()
