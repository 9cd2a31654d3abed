"""The search indexes the contract suite runs on, each filled with the corpus by its own projection."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg_pool import ConnectionPool

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
def postgres_index(request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    with postgres.database(request.getfixturevalue("postgres_server").uri) as uri:
        with psycopg.connect(uri) as connection:
            postgres.strike(connection)
            postgres.fold(connection, corpus(), batch_size=97)
        with ConnectionPool[Connection[Any]](uri, min_size=1, max_size=2, open=True) as pool:
            yield PostgresSearch(pool)


@contextmanager
def opensearch_index(request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    url = request.getfixturevalue("opensearch_url")
    indices = Indices(OpenSearchConfig(url, prefix=f"contract-{uuid.uuid4().hex[:8]}"))
    projection, target = OpenSearchProjection(indices), Target(1, is_live=True)
    log = corpus()
    with postgres.database(request.getfixturevalue("postgres_server").uri) as uri, psycopg.connect(uri) as connection:
        projection.create(connection, generation=1)
        projection.publish(connection, generation=1, replaced=None)
        for first in range(0, len(log), 97):
            projection.apply(log[first : first + 97], connection, target=target)
            connection.commit()
    indices.refresh(1)
    yield OpenSearchIndex(indices, lambda: 1)
    indices.drop(1)
    indices.close()


BACKENDS = {"postgres": postgres_index, "opensearch": opensearch_index}


@pytest.fixture(scope="session")
def opensearch_url() -> Iterator[str]:
    with opensearch.opensearch_url() as url:
        yield url


@pytest.fixture(scope="session", params=BACKENDS)
def index(request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    with BACKENDS[request.param](request) as index:
        yield index
