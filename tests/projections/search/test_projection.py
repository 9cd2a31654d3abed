"""Prints of the search projection are struck, published and compared like any other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from gateway.embedded_postgres import EmbeddedPostgres
from projections.printing import Target
from projections.search.postgres import compile_search, read_page
from projections.search.projection import SearchProjection
from projections.search.queries import SearchQuery
from tests.projections.search import postgres
from tests.projections.search.logs import BUCKET, asset, log, uploaded

LOG = log(BUCKET, asset("door", asset_name="Garage Door"), uploaded("door", "beauty.0001.exr"))


@pytest.fixture
def session(postgres_server: EmbeddedPostgres) -> Iterator[Connection[Any]]:
    with postgres.database(postgres_server.uri) as uri, psycopg.connect(uri) as connection:
        yield connection


def strike(session: Connection[Any], projection: SearchProjection, *, generation: int, replaced: int | None) -> None:
    with session.transaction():
        projection.create(session, generation=generation)
        projection.apply(LOG, session, target=Target(generation, is_live=False))
        projection.publish(session, generation=generation, replaced=replaced)


def total(session: Connection[Any], text: str) -> int | None:
    """In a session whose search path knows nothing of prints."""
    query = SearchQuery(text=text, want_total=True)
    statement, parameters = compile_search(query)
    with session.transaction():
        session.execute("SET LOCAL search_path TO pg_catalog")
        row = session.execute(statement.encode(), parameters).fetchone()
    assert row is not None
    return read_page(query, row).total


def test_a_published_print_answers_exact_and_misspelled_questions(session: Connection[Any]) -> None:
    strike(session, SearchProjection(), generation=1, replaced=None)
    assert (total(session, "beauty.1"), total(session, "beuaty"), total(session, "")) == (1, 1, 2)


def test_a_second_print_replaces_the_first_and_takes_events(session: Connection[Any]) -> None:
    projection = SearchProjection()
    strike(session, projection, generation=1, replaced=None)
    strike(session, projection, generation=2, replaced=1)
    with session.transaction():
        projection.drop(session, generation=1)
        events = log(*(event.event for event in LOG), uploaded("door", "depth.0001.exr"))
        projection.apply(events[3:], session, target=Target(2, is_live=True))
    assert (total(session, "depth"), total(session, "dpeth"), total(session, "beauty")) == (1, 1, 1)


def test_two_prints_of_one_log_do_not_differ(session: Connection[Any]) -> None:
    projection = SearchProjection()
    strike(session, projection, generation=1, replaced=None)
    scratch = Target(2, is_live=False)
    projection.create(session, generation=2)
    for recorded in LOG:
        projection.apply([recorded], session, target=scratch)
    live = Target(1, is_live=True)
    assert list(projection.differences(session, live=live, scratch=scratch, limit=10)) == []
    session.execute("UPDATE search.documents SET is_archived = true WHERE path IS NULL")
    (difference,) = projection.differences(session, live=live, scratch=scratch, limit=10)
    assert (difference.table, difference.key) == ("documents", {"document_id": "films:door"})
