"""The columnar projection: header rows, renditions, links to assets and the log, as tables outside Postgres."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.pinned import SeenSnapshots, pinned
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.errors import ColumnarError
from projections.columnar.prints import record
from projections.columnar.prints.differences import differences
from projections.columnar.prints.writing import write
from projections.columnar.rows.fold import fold
from projections.columnar.rows.links import PRINTED
from projections.columnar.store import ColumnarStore
from projections.printing import Difference, Target

logger = logging.getLogger(__name__)

RETIRED_SECONDS = 600.0
"""How long readers may go on with a print after another took its place."""
SWEEP_SECONDS = 60.0


class ColumnarProjection:
    """Prints below one root, a directory or s3:// prefix each: `g<generation>`. Owned by the composition.

    `prepare` writes ahead of Postgres and `apply` records the versions that belong to the position, so readers,
    who are held to the recorded versions, see whole batches only. A print that was live and is
    dropped is deleted `retired_seconds` after its successor was published, by the next batch.
    """

    name = "columnar"
    shape = 1

    def __init__(self, root: str, *, retired_seconds: float = RETIRED_SECONDS) -> None:
        self._root = root.rstrip("/")
        self._retired_seconds = retired_seconds
        self._lock = threading.Lock()
        self._stores: dict[int, tuple[DuckDBParquetStore, SeenSnapshots]] = {}
        self._swept_at = float("-inf")

    def create(self, connection: Connection[Any], *, generation: int) -> None:
        """Make an empty print, replacing what an earlier attempt left under this number."""
        self._delete(generation)
        store, _ = self._store(generation)
        for table in PRINTED:
            store.create_table(table.name, table.schema, sort_by=table.sort_by)
        record.add(connection, generation, _versions(store))

    def prepare(self, batch: Sequence[Recorded], *, target: Target) -> None:
        """Write the rows of the batch, one commit a table; any repetition gives the same rows."""
        store, _ = self._store(target.generation)
        for sheet in fold(batch, store):
            write(store, sheet)

    def apply(self, batch: Sequence[Recorded], connection: Connection[Any], *, target: Target) -> None:
        """Record the versions that hold the log up to the batch's end: from the commit on readers see them."""
        store, _ = self._store(target.generation)
        position = batch[-1].position
        record.advance(connection, target.generation, position=position, versions=_versions(store))
        if target.is_live and time.monotonic() - self._swept_at > SWEEP_SECONDS:
            self._sweep(connection)

    def publish(self, connection: Connection[Any], *, generation: int, replaced: int | None) -> None:
        """Let readers see this print from the end of the transaction on."""
        record.publish(connection, generation=generation, replaced=replaced)

    def settle(self, *, generation: int) -> None:
        """Nothing: the swap is whole with its transaction."""

    def drop(self, connection: Connection[Any], *, generation: int) -> None:
        """Delete a print nobody ever read; one that was live stays until its readers have had their time."""
        record.mark_dropped(connection, generation)
        if not record.has_readers(connection, generation):
            self._delete(generation)
            record.remove(connection, generation)
        self._sweep(connection)

    def differences(
        self, connection: Connection[Any], *, live: Target, scratch: Target, limit: int
    ) -> Iterator[Difference]:
        """At most `limit` rows that differ, by table and key, at the position of the connection's snapshot."""
        one, other = (self._pinned(record.find(connection, target.generation)) for target in (live, scratch))
        found = (row for table in PRINTED for row in differences(one, other, table.name, limit=limit))
        return islice(found, limit)

    def row_counts(self, connection: Connection[Any], *, target: Target) -> Mapping[str, int]:
        """The number of rows by table, in the connection's snapshot."""
        store = self._pinned(record.find(connection, target.generation))
        return {table.name: store.count(table.name) for table in PRINTED}

    def open_live(self, connection: Connection[Any]) -> ColumnarStore:
        """The live tables, all at the position the connection sees; good for `retired_seconds` and more.

        Raises NoLivePrint.
        """
        return self._pinned(record.find_live(connection))

    def _pinned(self, found: record.Pinned) -> ColumnarStore:
        store, seen = self._store(found.generation)
        return pinned(store, found.versions, seen)

    def _store(self, generation: int) -> tuple[DuckDBParquetStore, SeenSnapshots]:
        with self._lock:
            if generation not in self._stores:
                store = DuckDBParquetStore(DuckDBParquetConfig(f"{self._root}/g{generation}"))
                self._stores[generation] = store, SeenSnapshots()
            return self._stores[generation]

    def _sweep(self, connection: Connection[Any]) -> None:
        self._swept_at = time.monotonic()
        for generation in record.expired(connection, retired_seconds=self._retired_seconds):
            try:
                self._delete(generation)
            except (OSError, ColumnarError) as error:
                # The record stays, so the next sweep tries again.
                logger.warning("Print %d of the columnar tables is not deleted yet: %s", generation, error)
            else:
                record.remove(connection, generation)

    def _delete(self, generation: int) -> None:
        store, _ = self._store(generation)
        for table in PRINTED:
            store.drop_table(table.name)
        with self._lock:
            del self._stores[generation]
        folder = Path(f"{self._root}/g{generation}")
        if folder.is_dir():
            folder.rmdir()


def _versions(store: ColumnarStore) -> dict[str, int]:
    return {table.name: store.version(table.name) for table in PRINTED}
