"""A running server for the tests of the vocabulary."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.system.client import Client
from tests.system.server import serving


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A client of a server that was empty at first; tests use names of their own."""
    directory = Path(tempfile.mkdtemp(prefix="interneg-tags-"))
    with serving(directory) as server, httpx.Client(timeout=30) as http:
        yield Client(server.url, http)
    shutil.rmtree(directory)
