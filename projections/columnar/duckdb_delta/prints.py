"""Prints below one root, a directory or s3:// prefix each."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.event import Recorded
from projections.columnar.duckdb_delta.chained import chained
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.pinned import SeenSnapshots, pinned
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.prints.contracts import Pinned, Written
from projections.columnar.prints.writing import write
from projections.columnar.rows.fold import fold
from projections.columnar.rows.printed import PRINTED
from projections.columnar.store import ColumnarStore


class DeltaPrints:
    """`g<generation>` below the root. Readers are held to the table versions that Postgres records.

    So are writers: a batch starts from those versions, and what a crash or a replaced owner left after them is taken
    back before a table is written to. What Postgres records is not known here, so a batch starts from where the last
    one of this process ended, or from the newest versions, and `ColumnarProjection.apply` has the last word.
    """

    kind = 0

    def __init__(self, root: str) -> None:
        self._root = root.rstrip("/")
        self._lock = threading.Lock()
        self._stores: dict[int, tuple[DuckDBParquetStore, SeenSnapshots]] = {}
        self._written: dict[int, Written] = {}

    def create(self, generation: int) -> None:
        self.delete(generation)
        store, _ = self._store(generation)
        for table in PRINTED:
            store.create_table(table.name, table.schema, sort_by=table.sort_by)

    def write(self, generation: int, batch: Sequence[Recorded], *, is_live: bool) -> None:
        del is_live
        store, seen = self._store(generation)
        base = self._versions_to_start_from(generation)
        chain, versions = chained(store, base, seen)
        for sheet in fold(batch, chain):
            write(chain, sheet)
        with self._lock:
            self._written[generation] = Written(base, dict(versions))

    def written(self, generation: int) -> Written:
        with self._lock:
            return self._written[generation]

    def start_from(self, generation: int, versions: Mapping[str, int]) -> None:
        with self._lock:
            self._written[generation] = Written(versions, versions)

    def versions(self, generation: int) -> dict[str, int]:
        store, _ = self._store(generation)
        return {table.name: store.version(table.name) for table in PRINTED}

    def open(self, pinned_print: Pinned) -> ColumnarStore:
        store, seen = self._store(pinned_print.generation)
        return pinned(store, pinned_print.versions, seen)

    def open_exactly(self, pinned_print: Pinned) -> ColumnarStore:
        return self.open(pinned_print)

    def publish(self, generation: int, *, replaced: int | None) -> None:
        """Which print is live is known to Postgres alone."""

    def delete(self, generation: int) -> None:
        store, _ = self._store(generation)
        for table in PRINTED:
            store.drop_table(table.name)
        with self._lock:
            del self._stores[generation]
            self._written.pop(generation, None)
        folder = Path(f"{self._root}/g{generation}")
        if folder.is_dir():
            folder.rmdir()

    def _versions_to_start_from(self, generation: int) -> Mapping[str, int]:
        with self._lock:
            last = self._written.get(generation)
        return self.versions(generation) if last is None else last.versions

    def _store(self, generation: int) -> tuple[DuckDBParquetStore, SeenSnapshots]:
        with self._lock:
            if generation not in self._stores:
                store = DuckDBParquetStore(DuckDBParquetConfig(f"{self._root}/g{generation}"))
                self._stores[generation] = store, SeenSnapshots()
            return self._stores[generation]
