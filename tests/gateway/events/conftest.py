"""A print at the head of the search path, with the log that its events are read from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from projections.printing import Target
from projections.vams.projection import TablesProjection

LOG = """CREATE SCHEMA ledger;
CREATE TABLE ledger.events (notification_id bigint PRIMARY KEY, topic text NOT NULL, state bytea NOT NULL);"""


@pytest.fixture
def tables(empty_database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection inside a transaction in which the print and an empty log exist; nothing of it is committed."""
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(LOG)
        projection = TablesProjection()
        projection.create(connection, generation=1)
        projection.use(connection, target=Target(1, is_live=False))
        yield connection
        connection.rollback()
