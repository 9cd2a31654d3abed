"""A running server with two small databases for questions about planned reads."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.gateway.reads.shelf import fill
from tests.system.client import Client
from tests.system.server import serving


@pytest.fixture(scope="module")
def shelf() -> Iterator[Client]:
    """A client of a server that holds what `shelf.fill` puts there; tests only read."""
    directory = Path(tempfile.mkdtemp(prefix="interneg-reads-"))
    with serving(directory) as server, httpx.Client(timeout=30) as http:
        client = Client(server.url, http)
        fill(client)
        yield client
    shutil.rmtree(directory)
