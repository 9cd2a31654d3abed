"""A database for the record of prints, a root for their tables, and the sample files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.projections.columnar.striking import Striking


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection[Any]]:
    """A connection that commits each statement, as the pools of the gateway do."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def striking(connection: Connection[Any], tmp_path: Path) -> Striking:
    """The projection on an empty root, with print 1 live."""
    return Striking(connection, tmp_path / "columnar")


@pytest.fixture(scope="session")
def samples() -> Path:
    named = os.environ.get("INTERNEG_SAMPLES")
    folder = Path(named) if named else Path(__file__).resolve().parents[4] / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip(f"no sample files in {folder}; set INTERNEG_SAMPLES")
    return folder
