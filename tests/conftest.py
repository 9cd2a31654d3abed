"""Fixtures every test may use: one real Postgres for the run, and a database of its own for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from gateway.embedded_postgres import EmbeddedPostgres, start
from gateway.ledger.schema import migrate

pytest_plugins = ("tests.operations.observing", "tests.operations.comparing", "tests.sockets")
NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """The server of this run, on a short path so that its socket is beside its data."""
    directory = Path(tempfile.mkdtemp(prefix="interneg-tests-"))
    server = start(directory / "postgres")
    yield server
    server.stop()
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def database_template(postgres_server: EmbeddedPostgres) -> str:
    """The name of a database with the ledger's schema, to be copied; nothing may stay connected to it."""
    with psycopg.connect(postgres_server.uri, autocommit=True) as connection:
        connection.execute("CREATE DATABASE ledger_template")
    migrate(_url(postgres_server, "ledger_template"))
    return "ledger_template"


@pytest.fixture
def database_url(postgres_server: EmbeddedPostgres, database_template: str) -> Iterator[str]:
    """A database with the ledger's schema and no event, dropped after the test."""
    with _database(postgres_server, template=database_template) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """A database with nothing in it, dropped after the test."""
    with _database(postgres_server, template="template1") as url:
        yield url


@contextmanager
def _database(server: EmbeddedPostgres, *, template: str) -> Iterator[str]:
    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(server.uri, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
        yield _url(server, name)
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _url(server: EmbeddedPostgres, database: str) -> str:
    return server.uri.replace("/interneg?", f"/{database}?")
