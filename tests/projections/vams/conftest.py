"""An empty print at the head of the search path."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import psycopg
import pytest


@pytest.fixture
def tables(connection: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """The connection, inside a transaction in which the print exists."""
    make_print(connection, "tables")
    return connection


def make_print(connection: psycopg.Connection[Any], schema: str) -> None:
    connection.execute(f"CREATE SCHEMA {schema}".encode())
    connection.execute(f"SET LOCAL search_path TO {schema}, public".encode())
    connection.execute((files("projections.vams") / "schema.sql").read_bytes())
