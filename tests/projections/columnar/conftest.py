"""A database for the record of prints, a root for their tables, and the sample files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection

from deploy.vastdb_emulator.process import EmulatorProcess
from projections.columnar.duckdb_delta.prints import DeltaPrints
from projections.columnar.vast_db.config import VastDBConfig
from projections.columnar.vast_db.prints import VastPrints
from tests.projections.columnar.striking import Striking, vast_config


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection[Any]]:
    """A connection that commits each statement, as the pools of the gateway do."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def striking(connection: Connection[Any], tmp_path: Path) -> Striking:
    """The projection on an empty root, with print 1 live."""
    return Striking(connection, lambda: DeltaPrints(str(tmp_path / "columnar")))


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    """A VAST DB emulator; each test has a schema of its own."""
    with EmulatorProcess(tmp_path_factory.mktemp("vastdb")) as emulator:
        yield emulator


@pytest.fixture
def vast(emulator: EmulatorProcess) -> VastDBConfig:
    """A schema that is not there yet."""
    return vast_config(emulator, f"library_{uuid4().hex}")


@pytest.fixture
def vast_striking(connection: Connection[Any], vast: VastDBConfig) -> Striking:
    """The projection on a VAST DB, with print 1 live."""
    return Striking(connection, lambda: VastPrints(vast))


@pytest.fixture(params=["delta", "vast"])
def either(request: pytest.FixtureRequest) -> Striking:
    """The projection in either kind of place."""
    found: Striking = request.getfixturevalue("vast_striking" if request.param == "vast" else "striking")
    return found


@pytest.fixture(scope="session")
def samples() -> Path:
    named = os.environ.get("INTERNEG_SAMPLES")
    folder = Path(named) if named else Path(__file__).resolve().parents[4] / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip(f"no sample files in {folder}; set INTERNEG_SAMPLES")
    return folder
