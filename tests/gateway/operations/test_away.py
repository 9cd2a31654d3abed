"""What is asked to be done while the database is away: every mutation says so, and can be sent again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gateway.embedded_postgres import EmbeddedPostgres
from gateway.ledger import datastore
from tests.gateway.closed import closed
from tests.gateway.operations.scene import INPUTS, Scene, document
from tests.gateway.product import Product, product
from tests.waiting import until

WITH_PREFIX: dict[str, dict[str, Any]] = {
    "moveFiles": {"files": None, "sourcePrefix": "a", "destinationPrefix": "b"},
    "archiveFiles": {"paths": None, "prefix": "a"},
}


@pytest.fixture
def running(product_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    monkeypatch.setattr(datastore, "WAIT_FOR_CONNECTION_SECONDS", 0.5)
    with product(product_database_url, tmp_path, "lifecycle", statement_seconds=1.0) as it:
        it.client.create_asset("shows", "shot_010")
        yield it


def test_every_mutation_says_that_the_database_is_away(
    running: Product, postgres_server: EmbeddedPostgres, product_database_url: str
) -> None:
    scene = Scene(running)
    asked = [(name, scene.input(name)) for name in INPUTS]
    asked += [(name, scene.input(name, **changed)) for name, changed in WITH_PREFIX.items()]
    with closed(postgres_server, product_database_url), ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(lambda one: running.client.answer(document(one[0]), input=one[1]), asked))
    told = [(name, *_told(answer)) for (name, _), answer in zip(asked, answers, strict=True)]
    assert [one for one in told if one[1:] != (["UNAVAILABLE"], None)] == []
    until(partial(running.client.answer, "{ projections { head } }"), lambda answer: "errors" not in answer)


def _told(answer: Any) -> tuple[list[str], Any]:
    """The codes of the payload's errors, and what stands beside the payloads."""
    payloads = (answer.get("data") or {}).values()
    return [error["code"] for payload in payloads if payload for error in payload["errors"]], answer.get("errors")
