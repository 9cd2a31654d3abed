"""A product whose command line runs in this process, on its database and directory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.product import Product, product


@pytest.fixture
def shown(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    monkeypatch.setenv("INTERNEG_DATABASE_URL", database_url)
    monkeypatch.setenv("INTERNEG_DATA_DIR", str(data_dir))
    with product(database_url, data_dir) as running:
        yield running
