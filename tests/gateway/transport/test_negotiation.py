"""Which media type and status a request is answered with."""

from __future__ import annotations

import pytest

from tests.gateway.asking import RESPONSE_JSON, Asker

JSON = "application/json"
URQL = "application/graphql-response+json, application/graphql+json, application/json, text/event-stream"


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("", JSON),
        ("*/*", JSON),
        (JSON, JSON),
        (RESPONSE_JSON, RESPONSE_JSON),
        (f"{JSON}, {RESPONSE_JSON}", RESPONSE_JSON),
        (f"{JSON}, {RESPONSE_JSON};q=0.9", JSON),
        (f"{RESPONSE_JSON};q=0, {JSON};q=0.1", JSON),
        (f"{RESPONSE_JSON}; charset=utf-8", RESPONSE_JSON),
        (URQL, RESPONSE_JSON),
        (f"text/event-stream, {JSON}", JSON),
    ],
)
def test_a_query_is_answered_with_the_json_type_the_client_likes_best(toy: Asker, accept: str, answered: str) -> None:
    response = toy.ask("{ hello }", accept=accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{answered}; charset=utf-8"
    assert response.json() == {"data": {"hello": "hello world"}}


@pytest.mark.parametrize("accept", ["text/event-stream", f"{JSON};q=0.5, text/event-stream"])
def test_a_query_is_streamed_when_the_event_stream_is_wanted_more_than_json(toy: Asker, accept: str) -> None:
    response = toy.ask("{ hello }", accept=accept)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.text == (':\n\nevent: next\ndata: {"data":{"hello":"hello world"}}\n\nevent: complete\ndata: \n\n')


def test_a_subscription_is_streamed_even_where_the_event_stream_comes_last(toy: Asker) -> None:
    response = toy.ask("subscription { count(to: 1) }", accept=URQL)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_a_subscription_without_an_event_stream_is_told_what_to_ask_for(toy: Asker) -> None:
    response = toy.ask("subscription { count }")
    assert response.status_code == 406
    assert response.json()["errors"][0]["message"] == (
        "A subscription needs Accept: text/event-stream, or a WebSocket (graphql-transport-ws)."
    )


def test_a_type_that_is_not_served_is_not_acceptable(toy: Asker) -> None:
    assert toy.ask("{ hello }", accept="text/html").status_code == 406


@pytest.mark.parametrize("query", ["{ nothing }", "{ hello(", "query A { hello } query B { hello }"])
def test_a_refused_document_has_no_data_and_is_400_only_under_the_new_type(toy: Asker, query: str) -> None:
    new, old = toy.ask(query), toy.ask(query, accept=JSON)
    assert (new.status_code, old.status_code) == (400, 200)
    assert list(new.json()) == list(old.json()) == ["errors"]


def test_a_wrong_variable_is_a_refusal_and_a_failing_field_is_not(toy: Asker) -> None:
    refused = toy.ask("query ($n: String!) { hello(name: $n) }", variables={"n": 4})
    assert (refused.status_code, "data" in refused.json()) == (400, False)
    failed = toy.ask("{ hello broken }")
    assert (failed.status_code, failed.json()["data"]) == (200, {"hello": "hello world", "broken": None})
