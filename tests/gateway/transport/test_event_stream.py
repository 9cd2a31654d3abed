"""Server-sent events against a real uvicorn: order, resumption, and what happens when the client leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest
from starlette.types import Message

from gateway.graphql.operations import Outcome
from gateway.graphql.sse import send_event_stream

ACCEPT = {"accept": "text/event-stream"}
CHANGES = "subscription { changes { position } }"


def change(position: int) -> str:
    return f'event: next\nid: {position}\ndata: {{"data":{{"changes":{{"position":"{position}"}}}}}}\n\n'


def stream(url: str, query: str, **headers: str) -> str:
    response = httpx.post(f"{url}/graphql", json={"query": query}, headers={**ACCEPT, **headers})
    assert response.status_code == 200
    return response.text


END = "event: complete\ndata: \n\n"


def test_events_carry_their_position_as_id_and_lines_end_in_lf(toy_url: str) -> None:
    text = stream(toy_url, CHANGES)
    assert text == ":\n\n" + change(1) + change(2) + change(3) + change(4) + END
    assert "\r" not in text


def test_events_without_a_position_have_no_id(toy_url: str) -> None:
    text = stream(toy_url, "subscription { count(to: 1) }")
    assert text == ':\n\nevent: next\ndata: {"data":{"count":1}}\n\n' + END


@pytest.mark.parametrize(
    "query",
    [
        CHANGES,
        'subscription { changes(after: "0") { position } }',
        "subscription { ...F } fragment F on Subscription { changes { position } }",
        'subscription ($after: String = "1") { changes(after: $after) { position } }',
    ],
)
def test_a_reconnecting_client_resumes_after_the_last_event_it_saw(toy_url: str, query: str) -> None:
    assert stream(toy_url, query, **{"last-event-id": "2"}) == ":\n\n" + change(3) + change(4) + END


def test_a_field_that_cannot_resume_ignores_the_last_event_id(toy_url: str) -> None:
    text = stream(toy_url, "subscription { count(to: 1) }", **{"last-event-id": "2"})
    assert '"count":1' in text


def test_a_browser_subscribes_by_get(toy_url: str) -> None:
    response = httpx.get(f"{toy_url}/graphql", params={"query": CHANGES}, headers=ACCEPT)
    assert response.text.startswith(":\n\n" + change(1))
    assert response.headers["cache-control"] == "no-cache, no-transform"


@pytest.mark.parametrize("query", ["subscription { nothing }", "subscription {"])
def test_a_bad_document_is_a_400_and_not_an_empty_stream(toy_url: str, query: str) -> None:
    response = httpx.post(f"{toy_url}/graphql", json={"query": query}, headers=ACCEPT)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert len(response.json()["errors"]) == 1


def test_leaving_stops_the_source(toy_url: str) -> None:
    query = {"query": "subscription { forever }"}
    with httpx.stream("POST", f"{toy_url}/graphql", json=query, headers=ACCEPT) as response:
        lines = response.iter_lines()
        assert [next(lines) for _ in range(4)] == [":", "", "event: next", 'data: {"data":{"forever":1}}']
    stopped = httpx.post(f"{toy_url}/graphql", json={"query": "{ streamsStopped }"}, timeout=90)
    assert stopped.json() == {"data": {"streamsStopped": True}}


def test_a_silent_source_is_kept_alive_by_comments() -> None:
    sent: list[bytes] = []
    pinged = asyncio.Event()
    closed = []

    async def outcomes() -> AsyncGenerator[Outcome, None]:
        try:
            await pinged.wait()
            yield Outcome({"count": 1})
        finally:
            closed.append(True)

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("Nothing is ever received.")

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))
        if sent.count(b": ping\n\n") == 2:
            pinged.set()

    asyncio.run(send_event_stream(outcomes(), receive, send, heartbeat_seconds=0.001))
    end = [b'event: next\ndata: {"data":{"count":1}}\n\n', END.encode(), b""]
    assert sent[:4] == [b"", b":\n\n", b": ping\n\n", b": ping\n\n"]
    assert sent[-3:] == end
    assert closed == [True]
