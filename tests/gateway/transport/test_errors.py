"""What a caller reads of an error, and what is logged instead."""

from __future__ import annotations

import logging

import orjson
import pytest

from tests.gateway.asking import Asker

MASKED = {
    "message": "Internal error",
    "locations": [{"line": 1, "column": 3}],
    "path": ["broken"],
    "extensions": {"requestId": "request-1"},
}


def test_an_unexpected_error_is_masked_and_logged_with_its_traceback(
    toy: Asker, caplog: pytest.LogCaptureFixture
) -> None:
    response = toy.ask("{ broken }")
    assert response.json() == {"errors": [MASKED], "data": {"broken": None}}
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (
        logging.ERROR,
        "Internal error at ['broken'] in request request-1.",
    )
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "the password is hunter2"
    assert record.exc_info[2] is not None


def test_an_unexpected_error_of_a_mutation_is_masked(toy: Asker) -> None:
    response = toy.ask("mutation { broken }")
    assert "hunter2" not in response.text
    assert response.json()["errors"][0]["message"] == "Internal error"


def test_a_client_error_keeps_its_message_and_code(toy: Asker, caplog: pytest.LogCaptureFixture) -> None:
    assert toy.ask("{ refused }").json() == {
        "errors": [
            {
                "message": "The reel is archived.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["refused"],
                "extensions": {"code": "ARCHIVED"},
            }
        ],
        "data": {"refused": None},
    }
    assert caplog.records == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{ helo }", "Cannot query field 'helo' on type 'Query'. Did you mean 'hello'?"),
        ("{ hello", "Syntax Error: Expected Name, found <EOF>."),
        ("query ($n: Int!) { count: hello }", "Variable '$n' is never used."),
    ],
)
def test_what_is_wrong_with_a_document_is_shown(toy: Asker, query: str, said: str) -> None:
    assert toy.ask(query).json()["errors"][0]["message"] == said


@pytest.mark.parametrize(
    ("field", "error"),
    [
        ("fails", {"message": "Internal error", "extensions": {"requestId": "request-1"}}),
        ("refuses", {"message": "The reel is archived.", "extensions": {"code": "ARCHIVED"}}),
    ],
)
def test_a_subscription_that_fails_midway_says_so_and_ends(toy: Asker, field: str, error: dict[str, object]) -> None:
    response = toy.ask(f"subscription {{ {field} }}", accept="text/event-stream")
    events = response.text.removeprefix(":\n\n").split("\n\n")
    assert events[0] == f'event: next\ndata: {{"data":{{"{field}":1}}}}'
    assert orjson.loads(events[1].removeprefix("event: next\ndata: ")) == {"errors": [error]}
    assert events[2] == "event: complete\ndata: "


def test_a_failing_field_of_one_event_leaves_the_next_event_alone(toy: Asker) -> None:
    response = toy.ask("subscription { brokenItems { name broken } }", accept="text/event-stream")
    assert response.text.count('"message":"Internal error"') == 2
    assert '"data":{"brokenItems":{"name":"reel 2","broken":null}}' in response.text
    assert "hunter2" not in response.text
