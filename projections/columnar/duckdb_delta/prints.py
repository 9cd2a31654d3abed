"""Prints below one root, a directory or s3:// prefix each."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from domain.event import Recorded
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.pinned import SeenSnapshots, pinned
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.prints.contracts import Pinned
from projections.columnar.prints.writing import write
from projections.columnar.rows.fold import Sheet, fold
from projections.columnar.rows.printed import PRINTED
from projections.columnar.rows.seen import Seen
from projections.columnar.store import ColumnarStore


class DeltaPrints:
    """`g<generation>` below the root. Readers are held to the table versions that Postgres records."""

    kind = 0

    def __init__(self, root: str) -> None:
        self._root = root.rstrip("/")
        self._lock = threading.Lock()
        self._stores: dict[int, tuple[DuckDBParquetStore, SeenSnapshots]] = {}
        self._seen: dict[int, Seen] = {}
        """Of prints that are being filled."""

    def create(self, generation: int) -> None:
        self.delete(generation)
        store, _ = self._store(generation)
        for table in PRINTED:
            store.create_table(table.name, table.schema, sort_by=table.sort_by)

    def write(self, generation: int, batch: Sequence[Recorded], *, is_live: bool) -> None:
        store, _ = self._store(generation)
        if is_live:
            for sheet in fold(batch, store):
                write(store, sheet)
        else:
            self._fill(store, batch, self._seen_by(generation, store))

    @staticmethod
    def _fill(store: DuckDBParquetStore, batch: Sequence[Recorded], seen: Seen) -> None:
        """Write each sheet while the next is folded; in their order, and none after one that failed."""

        has_failed = False

        def put(sheet: Sheet) -> None:
            nonlocal has_failed
            if has_failed:
                return
            has_failed = True
            write(store, sheet)
            seen.wrote(sheet.table, sheet.keys)
            has_failed = False

        with ThreadPoolExecutor(1) as writer:
            written = deque[Future[None]]()
            for sheet in fold(batch, store, seen):
                written.append(writer.submit(put, sheet))
                while written and written[0].done():
                    written.popleft().result()
            for future in written:
                future.result()

    def versions(self, generation: int) -> dict[str, int]:
        store, _ = self._store(generation)
        return {table.name: store.version(table.name) for table in PRINTED}

    def open(self, pinned_print: Pinned) -> ColumnarStore:
        store, seen = self._store(pinned_print.generation)
        return pinned(store, pinned_print.versions, seen)

    def open_exactly(self, pinned_print: Pinned) -> ColumnarStore:
        return self.open(pinned_print)

    def check_name(self, generation: int, *, ours: Collection[int]) -> None:
        """Other clients know no print by a name of its own."""

    def publish(self, generation: int, *, ours: Collection[int]) -> None:
        """Which print is live is known to Postgres alone."""

    def delete(self, generation: int) -> None:
        store, _ = self._store(generation)
        for table in PRINTED:
            store.drop_table(table.name)
        with self._lock:
            del self._stores[generation]
            self._seen.pop(generation, None)
        folder = Path(f"{self._root}/g{generation}")
        if folder.is_dir():
            folder.rmdir()

    def _seen_by(self, generation: int, store: DuckDBParquetStore) -> Seen:
        with self._lock:
            return self._seen.setdefault(generation, Seen(store))

    def _store(self, generation: int) -> tuple[DuckDBParquetStore, SeenSnapshots]:
        with self._lock:
            if generation not in self._stores:
                store = DuckDBParquetStore(DuckDBParquetConfig(f"{self._root}/g{generation}"))
                self._stores[generation] = store, SeenSnapshots()
            return self._stores[generation]
