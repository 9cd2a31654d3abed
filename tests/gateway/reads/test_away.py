"""What is asked while the database is away: an answer that says so and can be asked again, for every kind of read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import httpx
import pytest

from gateway.embedded_postgres import EmbeddedPostgres
from tests.gateway.closed import closed
from tests.gateway.product import Product, product
from tests.waiting import until

QUERIES = {
    "a list": "{ assets(first: 1) { totalCount } }",
    "one asset": '{ asset(databaseId: "shows", assetId: "shot_010") { assetId } }',
    "the past": '{ asset(databaseId: "shows", assetId: "shot_010", asOf: {time: "2026-01-01T00:00:00Z"}) { assetId } }',
    "events": "{ events(first: 1) { edges { node { position } } } }",
    "search": '{ search(query: "shot") { totalCount } }',
    "followers": "{ projections { name } }",
}
EXPORT = "/export/assets/shows/shot_010"
AWAY = "The database cannot be reached now: try again."


@pytest.fixture(scope="module")
def running(product_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    directory = tmp_path_factory.mktemp("away")
    with product(product_database_url, directory, "search", statement_seconds=1.0) as it:
        it.client.create_asset("shows", "shot_010")
        it.parts.pool.timeout = 1.0
        yield it


def test_every_read_says_that_the_database_is_away_and_answers_again_afterwards(
    running: Product, postgres_server: EmbeddedPostgres, product_database_url: str
) -> None:
    ask = running.client.answer
    assert {name: ask(document).get("errors") for name, document in QUERIES.items()} == dict.fromkeys(QUERIES)
    with closed(postgres_server, product_database_url):
        away = {name: ask(document)["errors"] for name, document in QUERIES.items()}
    told = {name: [(error["extensions"], error["message"]) for error in errors] for name, errors in away.items()}
    assert told == {name: [({"code": "UNAVAILABLE"}, AWAY)] for name in QUERIES}
    for document in QUERIES.values():
        until(partial(ask, document), lambda answer: "errors" not in answer)


def test_what_is_no_graphql_says_so_too(
    running: Product, postgres_server: EmbeddedPostgres, product_database_url: str
) -> None:
    def get(path: str) -> httpx.Response:
        return running.client.http.get(f"{running.client.url}{path}")

    assert ("interneg_database_up 1.0" in get("/metrics").text, get(EXPORT).status_code) == (True, 200)
    with closed(postgres_server, product_database_url):
        metrics, export, ready = get("/metrics"), get(EXPORT), get("/readyz")
    assert (metrics.status_code, "interneg_database_up 0.0" in metrics.text) == (200, True)
    assert (export.status_code, export.json()) == (503, {"message": AWAY, "path": []})
    assert ready.status_code == 503
