"""An empty print at the head of the search path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from gateway.embedded_postgres import EmbeddedPostgres
from projections.printing import Target
from projections.vams.projection import TablesProjection
from tests.projections.search.postgres import database

PRINT = Target(1, is_live=False)


@pytest.fixture(scope="session")
def printed_url(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """A database with the empty print, which no test changes for another."""
    with database(postgres_server.uri) as url:
        with psycopg.connect(url) as connection:
            TablesProjection().create(connection, generation=PRINT.generation)
        yield url


@pytest.fixture
def tables(printed_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection inside a transaction on the print; nothing of it is committed."""
    with psycopg.connect(printed_url) as connection:
        TablesProjection().use(connection, target=PRINT)
        yield connection
        connection.rollback()
