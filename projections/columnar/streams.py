"""SQL over streams of rows, in bounded memory: what the contract of a store has no method for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import pyarrow as pa

MEMORY_LIMIT = "512MB"


@contextmanager
def streams(**tables: pa.RecordBatchReader) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which each stream is a table that can be read once; what outgrows memory goes to disk."""
    with tempfile.TemporaryDirectory(prefix="interneg-streams-") as folder:
        settings: Mapping[str, str | bool] = {
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": folder,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        with duckdb.connect(config=dict(settings)) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            for name, stream in tables.items():
                connection.register(name, stream)
            yield connection
