"""One database for these tests; each test has an empty print of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from gateway.embedded_postgres import EmbeddedPostgres
from tests.projections.search import postgres


@pytest.fixture(scope="session")
def search_database(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    with postgres.database(postgres_server.uri) as uri:
        yield uri


@pytest.fixture
def connection(search_database: str) -> Iterator[Connection[Any]]:
    """In the search path of an empty print; rolled back afterwards."""
    with psycopg.connect(search_database) as connection:
        postgres.strike(connection)
        yield connection
        connection.rollback()
