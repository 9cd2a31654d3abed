"""A real Postgres for the tests of consumers, and a database of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.consumers import positions
from gateway.consumers.contracts import Pool
from tests.gateway.consumers.server import new_database, postgres
from tests.gateway.consumers.toy import TableFeed, create_log, open_pool


@pytest.fixture(scope="session")
def consumers_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Connection string of a server that lives as long as the tests."""
    with postgres(tmp_path_factory.mktemp("consumers-postgres")) as server:
        yield server


@pytest.fixture
def url(consumers_postgres: str) -> str:
    """A new database with an empty toy log."""
    url = new_database(consumers_postgres)
    create_log(url)
    return url


@pytest.fixture
def pool(url: str) -> Iterator[Pool]:
    """Connections to a database that also has the table of positions."""
    with open_pool(url, size=10) as pool:
        positions.migrate(pool)
        yield pool


@pytest.fixture
def feed(pool: Pool) -> TableFeed:
    return TableFeed(pool)
