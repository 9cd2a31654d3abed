"""An export in a folder, a ledger in memory, and a Postgres to stage rows in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.cause import ActorKind, Cause
from domain.ledger import Ledger
from processors.objects.store import ObjectStore
from processors.vams_import.report import Entry, Report
from processors.vams_import.run import import_vams
from processors.vams_import.session import Rules
from tests.doubles.memory_ledger import MemoryLedger
from tests.processors.vams_import.dynamodb_writing import write_lines

CAUSE = Cause(
    actor_kind=ActorKind.SYSTEM, actor_id="import", correlation_id="import-1", at=datetime(2026, 11, 28, tzinfo=UTC)
)
Row = dict[str, Any]


class Importing:
    """Imports rows that a test writes, again and again, and remembers what was told of the last run."""

    def __init__(self, folder: Path, connection: psycopg.Connection[Any]) -> None:
        self.folder = folder
        self.ledger = MemoryLedger()
        self.told: list[Entry] = []
        self._connection = connection

    def write(self, **tables: list[Row]) -> None:
        """Write tables, named without `StorageTable`."""
        for number, (name, rows) in enumerate(tables.items()):
            base, version = (name[:-2], "V2") if name.endswith("V2") else (name, "")
            place = self.folder / f"{len(list(self.folder.iterdir()))}-{number}"
            place.mkdir()
            write_lines(place, f"{base}StorageTable{version}", rows)

    def run(
        self, ledger: Ledger | None = None, *, rules: Rules | None = None, objects: ObjectStore | None = None
    ) -> Report:
        """Import everything that was written."""
        self.told = []
        return import_vams(
            ledger or self.ledger,
            self._connection,
            self.folder,
            rules=rules or Rules(),
            cause=CAUSE,
            sink=self.told.append,
            objects=objects,
        )

    def reasons(self, table: str) -> list[str]:
        """What was told of rows of a table, named without `StorageTable`."""
        return [
            f"{'/'.join(one.key)}: {one.reason}" for one in self.told if one.table.startswith(f"{table}StorageTable")
        ]


@pytest.fixture
def importing(tmp_path: Path, empty_database_url: str) -> Iterator[Importing]:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        yield Importing(tmp_path, connection)


@pytest.fixture
def library(importing: Importing) -> Callable[..., Importing]:
    """A bucket, a database and an asset, the values of which a test may choose."""

    def write(**values: Any) -> Importing:
        importing.write(
            S3AssetBuckets=[{"bucketId": "b1", "bucketName:baseAssetsPrefix": "media:/"}],
            Database=[{"databaseId": "shows", "description": "All shows", "defaultBucketId": "b1"}],
            Asset=[
                {
                    "databaseId": "shows",
                    "assetId": "x1",
                    "assetName": "Shot",
                    "description": "The opening",
                    "isDistributable": "True",
                    "assetLocation": {"Key": "x1/"},
                    "bucketId": "b1",
                }
                | values
            ],
        )
        return importing

    return write
