"""A product that carries the deletion of assets out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.product import Product, product
from tests.system.client import Client


@pytest.fixture(scope="module")
def library(product_database_url: str) -> Iterator[Product]:
    """A product with its lifecycle processor and workers."""
    directory = Path(tempfile.mkdtemp(prefix="interneg-product-"))
    with product(product_database_url, directory, "lifecycle", "jobs") as running:
        yield running
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def client(library: Product) -> Client:
    """A client of it."""
    return library.client
