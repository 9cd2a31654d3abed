"""What is asked while the database is away: an answer that says so and can be asked again, for every kind of read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from gateway.embedded_postgres import EmbeddedPostgres
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
AWAY = "The database cannot be reached now: try again."


@pytest.fixture
def running(product_database_url: str, tmp_path: Path) -> Iterator[Product]:
    with product(product_database_url, tmp_path, "search", statement_seconds=1.0) as it:
        it.client.create_asset("shows", "shot_010")
        yield it


def test_every_read_says_that_the_database_is_away_and_answers_again_afterwards(
    running: Product, postgres_server: EmbeddedPostgres, product_database_url: str
) -> None:
    ask = running.client.answer
    assert {name: ask(document).get("errors") for name, document in QUERIES.items()} == dict.fromkeys(QUERIES)
    with _closed(postgres_server, product_database_url):
        away = {name: ask(document)["errors"] for name, document in QUERIES.items()}
    told = {name: [(error["extensions"], error["message"]) for error in errors] for name, errors in away.items()}
    assert told == {name: [({"code": "UNAVAILABLE"}, AWAY)] for name in QUERIES}
    for document in QUERIES.values():
        until(partial(ask, document), lambda answer: "errors" not in answer)


@contextmanager
def _closed(server: EmbeddedPostgres, url: str) -> Iterator[None]:
    """The database lets nobody in, and has thrown out everybody who was."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    allow = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(server.uri, autocommit=True) as connection:
        connection.execute(allow.format(Identifier(str(name)), SQL("false")))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            connection.execute(allow.format(Identifier(str(name)), SQL("true")))
