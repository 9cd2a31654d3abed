"""A local object store with one bucket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from processors.objects.local import LocalObjectStore

BUCKET = "library"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def store(root: Path) -> Iterator[LocalObjectStore]:
    store = LocalObjectStore(root, "http://gateway.test", b"s" * 32)
    store.ensure_bucket(BUCKET)
    yield store
    store.close()
