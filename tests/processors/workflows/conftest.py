"""A product that runs workflows for each module, and an asset for each test."""

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
from tests.gateway.product import Product
from tests.processors.workflows.studio import Studio, studio

NUMBERS = count(1)


@pytest.fixture(scope="module")
def product(postgres_server: EmbeddedPostgres, database_template: str) -> Iterator[Product]:
    """A product whose workers run workflows, with the database `shows`."""
    name = f"studio_{next(NUMBERS)}"
    directory = Path(tempfile.mkdtemp(prefix="interneg-studio-"))
    with psycopg.connect(postgres_server.uri, autocommit=True) as connection:
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(database_template))
        )
        with studio(postgres_server.uri.replace("/interneg?", f"/{name}?"), directory) as running:
            running.client.create_asset("shows", "first")
            yield running
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
    shutil.rmtree(directory)


@pytest.fixture
def place(product: Product) -> Studio:
    """The product with an asset that no other test has."""
    asset_id = f"asset_{next(NUMBERS)}"
    product.client.create_asset("shows", asset_id, assetName="Shot 10")
    return Studio(product, asset_id)
