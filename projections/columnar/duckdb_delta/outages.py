"""Storage failures as the store's own errors, so that an outage never looks like an empty table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa
from deltalake.exceptions import CommitFailedError, DeltaError

from projections.columnar.errors import Unavailable

_COLOUR = re.compile("\x1b\\[[0-9;]*m")


@contextmanager
def reported(where: str) -> Iterator[None]:
    """Raise Unavailable for what the storage, the Delta log or DuckDB could not read or write."""
    try:
        yield
    except CommitFailedError:
        raise
    except (OSError, DeltaError, pa.ArrowException, duckdb.Error) as error:
        raise Unavailable(f"{where} could not be reached or read: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    """The message on one line; the Delta library draws its causes as a coloured tree."""
    return " ".join(_COLOUR.sub("", str(error)).split())
