"""The search indexes the contract suite runs on, each filled with the corpus by its own projection."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.event import Recorded
from projections.printing import Target
from projections.search.opensearch.index import OpenSearchIndex
from projections.search.opensearch.indices import Indices, OpenSearchConfig
from projections.search.opensearch.projection import OpenSearchProjection
from projections.search.postgres import PostgresSearch
from projections.search.queries import SearchIndex
from tests.contracts.search.corpus import corpus
from tests.doubles import opensearch
from tests.projections.search import postgres


@contextmanager
def postgres_index(server_uri: str, log: Sequence[Recorded], *, batch_size: int) -> Iterator[SearchIndex]:
    with postgres.database(server_uri) as uri:
        with psycopg.connect(uri) as connection:
            postgres.strike(connection)
            postgres.fold(connection, log, batch_size=batch_size)
        with ConnectionPool[Connection[Any]](uri, min_size=1, max_size=2, open=True) as pool:
            yield PostgresSearch(pool)


@contextmanager
def opensearch_index(url: str, server_uri: str, log: Sequence[Recorded], *, batch_size: int) -> Iterator[SearchIndex]:
    indices = Indices(OpenSearchConfig(url, prefix=f"contract-{uuid.uuid4().hex[:8]}", request_seconds=60))
    projection, target = OpenSearchProjection(indices), Target(1, is_live=True)
    with postgres.database(server_uri) as uri, psycopg.connect(uri) as connection:
        projection.create(connection, generation=1)
        projection.publish(connection, generation=1, replaced=None)
        for first in range(0, len(log), batch_size):
            projection.apply(log[first : first + batch_size], connection, target=target)
            connection.commit()
    indices.refresh(1)
    yield OpenSearchIndex(indices, lambda: 1)
    indices.drop(1)
    indices.close()


POSTGRES = "postgres"
BACKENDS = [POSTGRES, *opensearch.MAJORS]
"""Postgres, or a major version of OpenSearch."""


@pytest.fixture(scope="session")
def opensearch_3() -> Iterator[str]:
    with opensearch.opensearch_url("3") as url:
        yield url


@pytest.fixture(scope="session")
def opensearch_2() -> Iterator[str]:
    with opensearch.opensearch_url("2") as url:
        yield url


def filled(
    request: pytest.FixtureRequest, log: Sequence[Recorded], *, batch_size: int
) -> AbstractContextManager[SearchIndex]:
    """The index of the fixture's backend, which holds the log."""
    server_uri = request.getfixturevalue("postgres_server").uri
    if request.param == POSTGRES:
        return postgres_index(server_uri, log, batch_size=batch_size)
    url = request.getfixturevalue(f"opensearch_{request.param}")
    return opensearch_index(url, server_uri, log, batch_size=batch_size)


@pytest.fixture(scope="session", params=BACKENDS)
def index(request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    with filled(request, corpus(), batch_size=97) as index:
        yield index
