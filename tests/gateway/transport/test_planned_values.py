"""JSON that SQL has made passes through the executor wherever a resolver may return it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.asking import Asker


@pytest.mark.parametrize(
    ("query", "data"),
    [
        # The selection is the planner's business: what it made is what is sent, aliases and all.
        ("{ planned { label: name size } }", {"planned": {"label": "reel", "size": 24}}),
        ("{ other: maybePlanned { name } }", {"other": {"name": "reel"}}),
        ("{ absent { name } }", {"absent": None}),
        ("{ plannedList { name } }", {"plannedList": [{"name": "a"}, {"name": "b"}]}),
        ("{ listOfPlanned { name } }", {"listOfPlanned": [{"name": "a"}, {"name": "b"}]}),
        (
            "{ item { name planned { name } twin { size } } }",
            {"item": {"name": "reel", "planned": {"name": "from SQL"}, "twin": {"size": 1}}},
        ),
        ('mutation { rename(name: "b") { name } }', {"rename": {"name": "b"}}),
    ],
)
def test_planned_and_resolved_values_mix(toy: Asker, query: str, data: dict[str, Any]) -> None:
    assert toy.data(query) == data


def test_planned_values_are_subscription_payloads(toy: Asker) -> None:
    response = toy.ask('subscription { changes(after: "3") { position } }', accept="text/event-stream")
    assert 'data: {"data":{"changes":{"position":"4"}}}\n' in response.text
