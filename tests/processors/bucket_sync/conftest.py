"""An empty print at the head of the search path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from projections.printing import Target
from projections.vams.projection import TablesProjection

PRINT = Target(1, is_live=False)


@pytest.fixture
def tables(empty_database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection inside a transaction in which the print exists; nothing of it is committed."""
    with psycopg.connect(empty_database_url) as connection:
        projection = TablesProjection()
        projection.create(connection, generation=1)
        projection.use(connection, target=PRINT)
        yield connection
        connection.rollback()
