"""A product for each module of tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from gateway.embedded_postgres import EmbeddedPostgres
from tests.gateway.product import Product, product

NUMBERS = count(1)


@pytest.fixture(scope="module")
def product_database_url(postgres_server: EmbeddedPostgres, database_template: str) -> Iterator[str]:
    """A database of a module's own, dropped after its tests."""
    yield from _database(postgres_server, database_template)


@pytest.fixture(scope="module")
def other_database_url(postgres_server: EmbeddedPostgres, database_template: str) -> Iterator[str]:
    """Another one, for a second product."""
    yield from _database(postgres_server, database_template)


def _database(postgres_server: EmbeddedPostgres, template: str) -> Iterator[str]:
    name = f"product_{next(NUMBERS)}"
    with psycopg.connect(postgres_server.uri, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
        yield postgres_server.uri.replace("/interneg?", f"/{name}?")
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture(scope="module")
def library(product_database_url: str) -> Iterator[Product]:
    """A product with the asset shot_010 in the database shows."""
    directory = Path(tempfile.mkdtemp(prefix="interneg-product-"))
    with product(product_database_url, directory) as running:
        running.client.create_asset("shows", "shot_010")
        yield running
    shutil.rmtree(directory)
