"""The search indexes the contract suite runs on, each filled with the corpus by its own projection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg_pool import ConnectionPool

from projections.search.postgres import PostgresSearch
from projections.search.queries import SearchIndex
from tests.contracts.search.corpus import corpus
from tests.projections.search import postgres


@contextmanager
def postgres_index(request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    with postgres.database(request.getfixturevalue("postgres_server").uri) as uri:
        with psycopg.connect(uri) as connection:
            postgres.strike(connection)
            postgres.fold(connection, corpus(), batch_size=97)
        with ConnectionPool[Connection[Any]](uri, min_size=1, max_size=2, open=True) as pool:
            yield PostgresSearch(pool)


BACKENDS = {"postgres": postgres_index}


@pytest.fixture(scope="session", params=BACKENDS)
def index(request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    with BACKENDS[request.param](request) as index:
        yield index
