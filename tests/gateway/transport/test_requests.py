"""What the endpoint takes as a GraphQL request, and what it says to anything else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gateway.graphql.limits import GraphQLLimits
from tests.gateway.asking import Asker
from tests.gateway.transport.toy import toy_app


def message(response: httpx.Response) -> str:
    text: str = response.json()["errors"][0]["message"]
    return text


def test_a_query_comes_by_get_with_its_variables(toy: Asker) -> None:
    parameters = {
        "query": "query A { absent { name } } query B($n: String!) { hello(name: $n) }",
        "operationName": "B",
        "variables": '{"n": "reel"}',
    }
    assert toy.request("GET", params=parameters).json() == {"data": {"hello": "hello reel"}}


def test_a_mutation_by_get_is_refused_and_post_is_named(toy: Asker) -> None:
    response = toy.request("GET", params={"query": 'mutation { rename(name: "x") { name } }'})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_other_methods_are_refused(toy: Asker, method: str) -> None:
    response = toy.request(method)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"{", 400, "The request body is not valid JSON."),
        (b"\xff\xfe", 400, "The request body is not valid JSON."),
        (b'"{ hello }"', 400, "The request body must be a JSON object with the field query."),
        (b'[{"query":"{ hello }"}]', 400, "Batches are not served: send one operation a request."),
        (b"{}", 400, "The request has no query: it must be a non-empty string."),
        (b'{"query":7}', 400, "The request has no query: it must be a non-empty string."),
        (b'{"query":"{ hello }","variables":[1]}', 400, "variables must be a JSON object or null."),
        (b'{"query":"{ hello }","extensions":"x"}', 400, "extensions must be a JSON object or null."),
        (b'{"query":"{ hello }","operationName":1}', 400, "operationName must be a string or null."),
    ],
)
def test_a_malformed_body_is_answered_with_what_is_wrong(toy: Asker, content: bytes, status: int, said: str) -> None:
    response = toy.request("POST", content=content, headers={"content-type": "application/json"})
    assert (response.status_code, message(response)) == (status, said)


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""],
)
def test_a_body_that_a_browser_may_send_unasked_is_not_read(toy: Asker, content_type: str) -> None:
    response = toy.request("POST", content=b'{"query":"{ hello }"}', headers={"content-type": content_type})
    assert response.status_code == 415


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_the_limit_is_refused_whether_or_not_its_length_is_declared(declared: bool) -> None:
    asker = Asker(toy_app(GraphQLLimits(max_body_bytes=100)))

    async def chunks() -> Any:
        yield b'{"query":"{ hello }"'
        yield b" " * 100

    content: Any = b'{"query":"{ hello }"' + b" " * 100 if declared else chunks()
    response = asker.request("POST", content=content, headers={"content-type": "application/json"})
    assert response.status_code == 413
    assert response.json()["errors"] == [
        {
            "message": "The request passes the limit max_body_bytes: it has more than 100, the maximum is 100.",
            "extensions": {
                "code": "LIMIT_EXCEEDED",
                "limit": "max_body_bytes",
                "value": None,
                "maximum": 100,
            },
        }
    ]


def test_an_operation_name_that_is_missing_or_unknown_is_explained(toy: Asker) -> None:
    two = "query A { hello } query B { hello }"
    assert message(toy.ask(two)) == ("The document has several operations; operationName must say which to run.")
    assert message(toy.ask(two, operationName="C")) == "The document has no operation named 'C'."
