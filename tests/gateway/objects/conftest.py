"""A local store behind its routes, in process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from gateway.objects.routes import object_routes
from processors.objects.local import LocalObjectStore
from tests.gateway.objects.clock import Clock

BUCKET = "library"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[LocalObjectStore]:
    store = LocalObjectStore(tmp_path / "objects", "http://gateway.test", b"s" * 32, clock=clock)
    store.ensure_bucket(BUCKET)
    yield store
    store.close()


@pytest.fixture
def app(store: LocalObjectStore) -> Starlette:
    return Starlette(routes=object_routes(store))
