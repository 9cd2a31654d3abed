"""The search indexes, each filled with the library by its own projection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from projections.search.queries import SearchIndex
from tests.contracts.search.conftest import BACKENDS, filled
from tests.contracts.search.library.catalogue import library


@pytest.fixture(scope="session", params=BACKENDS)
def index(request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    with filled(request, library(), batch_size=2_000) as index:
        yield index
