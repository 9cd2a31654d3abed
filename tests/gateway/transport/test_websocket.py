"""graphql-transport-ws against a real uvicorn: what ends an operation, and what ends the socket."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.gateway.transport.sockets import open_socket, ready_socket

INTERNAL = {"message": "Internal error", "extensions": {"requestId": "request-1"}}


def test_a_subscription_delivers_every_event_and_completes(toy_url: str) -> None:
    with ready_socket(toy_url) as socket:
        socket.subscribe("1", "subscription { count(to: 2) }")
        assert [socket.receive() for _ in range(3)] == [
            {"id": "1", "type": "next", "payload": {"data": {"count": 1}}},
            {"id": "1", "type": "next", "payload": {"data": {"count": 2}}},
            {"id": "1", "type": "complete"},
        ]


def test_queries_and_mutations_run_over_the_socket_with_planned_values(toy_url: str) -> None:
    with ready_socket(toy_url) as socket:
        socket.subscribe("q", "query ($n: String!) { hello(name: $n) }", variables={"n": "reel"})
        assert socket.receive()["payload"] == {"data": {"hello": "hello reel"}}
        assert socket.receive() == {"id": "q", "type": "complete"}
        socket.subscribe("m", 'mutation { rename(name: "b") { name } }')
        assert socket.receive()["payload"] == {"data": {"rename": {"name": "b"}}}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("subscription {", "Syntax Error: Expected Name, found <EOF>."),
        ("subscription { nothing }", "Cannot query field 'nothing' on type 'Subscription'."),
        ("fragment F on Query { hello }", "Fragment 'F' is never used."),
        ("", "Syntax Error: Unexpected <EOF>."),
        (
            "subscription A { count } subscription B { count }",
            "The document has several operations; operationName must say which to run.",
        ),
    ],
)
def test_a_bad_document_ends_its_operation_with_an_error_and_leaves_siblings_alive(
    toy_url: str, query: str, said: str
) -> None:
    with ready_socket(toy_url) as socket:
        socket.subscribe("sibling", "subscription { forever }")
        assert socket.receive()["payload"] == {"data": {"forever": 1}}
        socket.subscribe("bad", query)
        error = socket.receive()
        assert (error["id"], error["type"]) == ("bad", "error")
        assert error["payload"][0]["message"] == said
        # The id is free again, and the sibling still holds its own.
        socket.subscribe("bad", "{ hello }")
        assert socket.receive()["payload"] == {"data": {"hello": "hello world"}}
        assert socket.receive() == {"id": "bad", "type": "complete"}
        socket.subscribe("sibling", "{ hello }")
        assert socket.closed() == (4409, "Subscriber for sibling already exists")


@pytest.mark.parametrize(
    ("field", "error"),
    [
        ("fails", INTERNAL),
        ("refuses", {"message": "The reel is archived.", "extensions": {"code": "ARCHIVED"}}),
    ],
)
def test_a_source_that_fails_midway_ends_in_an_error_message(toy_url: str, field: str, error: dict[str, Any]) -> None:
    with ready_socket(toy_url) as socket:
        socket.subscribe("1", f"subscription {{ {field} }}")
        assert socket.receive() == {"id": "1", "type": "next", "payload": {"data": {field: 1}}}
        assert socket.receive() == {"id": "1", "type": "error", "payload": [error]}


def test_a_variable_of_the_wrong_type_is_an_error_message(toy_url: str) -> None:
    with ready_socket(toy_url) as socket:
        socket.subscribe("1", "subscription ($to: Int!) { count(to: $to) }", variables={"to": "many"})
        error = socket.receive()
        assert (error["type"], error["payload"][0]["message"]) == (
            "error",
            "Variable '$to' has invalid value: Int cannot represent non-integer value: 'many'",
        )


def test_completing_a_subscription_stops_its_source(toy_url: str) -> None:
    with ready_socket(toy_url) as socket:
        socket.subscribe("1", "subscription { forever }")
        socket.receive()
        socket.send(id="1", type="complete")
        socket.subscribe("2", "{ streamsStopped }")
        assert socket.receive() == {"id": "2", "type": "next", "payload": {"data": {"streamsStopped": True}}}


def test_leaving_stops_every_source(toy_url: str) -> None:
    with ready_socket(toy_url) as socket:
        for identifier in ("1", "2"):
            socket.subscribe(identifier, "subscription { forever }")
            socket.receive()
    response = httpx.post(f"{toy_url}/graphql", json={"query": "{ streamsStopped }"}, timeout=90)
    assert response.json() == {"data": {"streamsStopped": True}}


def test_a_ping_is_answered(toy_url: str) -> None:
    with ready_socket(toy_url) as socket:
        socket.send(type="ping")
        assert socket.receive() == {"type": "pong"}


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("{", "WebSocket message must be valid JSON"),
        ("[]", "WebSocket message must be a JSON object"),
        ("3", "WebSocket message must be a JSON object"),
        ("{}", "Failed to parse message"),
        ('{"type":"unknown"}', "Unknown message type: unknown"),
        ('{"type":["subscribe"]}', "Unknown message type: ['subscribe']"),
        (
            '{"type":"subscribe","payload":{"query":"{ hello }"}}',
            "Failed to parse message: id must be a string",
        ),
        ('{"type":"complete","id":[1]}', "Failed to parse message: id must be a string"),
        ('{"type":"subscribe","id":"1"}', "Failed to parse message: payload.query must be a string"),
        (
            '{"type":"subscribe","id":"1","payload":[]}',
            "Failed to parse message: payload.query must be a string",
        ),
        (
            '{"type":"subscribe","id":"1","payload":{"query":"{ hello }","variables":[]}}',
            "Failed to parse message: payload.variables must be an object or null",
        ),
        (
            '{"type":"subscribe","id":"1","payload":{"query":"{ hello }","operationName":1}}',
            "Failed to parse message: payload.operationName must be a string or null",
        ),
    ],
)
def test_a_broken_message_closes_the_socket_with_4400(toy_url: str, frame: str, reason: str) -> None:
    with ready_socket(toy_url) as socket:
        socket.connection.send(frame)
        assert socket.closed() == (4400, reason)


def test_a_binary_message_closes_the_socket_with_4400(toy_url: str) -> None:
    with ready_socket(toy_url) as socket:
        socket.connection.send(b'{"type":"ping"}')
        assert socket.closed() == (4400, "WebSocket message type must be text")


def test_subscribing_before_the_acknowledgement_is_unauthorized(toy_url: str) -> None:
    with open_socket(toy_url) as socket:
        socket.subscribe("1", "{ hello }")
        assert socket.closed() == (4401, "Unauthorized")


def test_a_second_initialisation_is_refused(toy_url: str) -> None:
    with ready_socket(toy_url) as socket:
        socket.send(type="connection_init")
        assert socket.closed() == (4429, "Too many initialisation requests")


def test_the_legacy_protocol_is_not_spoken(toy_url: str) -> None:
    with open_socket(toy_url, protocol="graphql-ws") as socket:
        assert socket.closed() == (4406, "Subprotocol not acceptable")


def test_a_page_of_another_origin_may_not_connect(toy_url: str) -> None:
    with pytest.raises(InvalidStatus) as refused, open_socket(toy_url, origin="http://elsewhere.example"):
        raise AssertionError("The handshake was accepted.")
    assert refused.value.response.status_code == 403


def test_operations_beyond_the_limit_of_a_socket_are_refused_alone(toy_url: str) -> None:
    with ready_socket(toy_url) as socket:
        for number in range(100):
            socket.subscribe(str(number), "subscription { forever }")
        assert {socket.receive()["type"] for _ in range(100)} == {"next"}
        socket.subscribe("one too many", "{ hello }")
        assert socket.receive() == {
            "id": "one too many",
            "type": "error",
            "payload": [{"message": "Subscription limit reached"}],
        }
