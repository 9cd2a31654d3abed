"""Prints below one root, a directory or s3:// prefix each."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from domain.event import Recorded
from projections.columnar.duckdb_delta.chained import chained
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.pinned import SeenSnapshots, pinned
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.prints.contracts import Pinned, Written
from projections.columnar.prints.writing import write
from projections.columnar.rows.fold import Sheet, fold
from projections.columnar.rows.printed import PRINTED
from projections.columnar.rows.seen import Seen
from projections.columnar.store import ColumnarStore


class Chain(NamedTuple):
    """The commits that this process makes to a print, batch after batch."""

    store: DuckDBParquetStore
    versions: Mapping[str, int]
    """Of its last commits; moves with each."""
    seen: Seen
    """Of use while the print is filled."""


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
        self._chains: dict[int, Chain] = {}
        self._written: dict[int, Written] = {}

    def create(self, generation: int) -> None:
        self.delete(generation)
        store, _ = self._store(generation)
        for table in PRINTED:
            store.create_table(table.name, table.schema, sort_by=table.sort_by)

    def write(self, generation: int, batch: Sequence[Recorded], *, is_live: bool) -> None:
        chain = self._chain(generation)
        base = dict(chain.versions)
        try:
            if is_live:
                for sheet in fold(batch, chain.store):
                    write(chain.store, sheet)
            else:
                self._fill(chain.store, batch, chain.seen)
        except BaseException:
            self.start_from(generation, base)
            raise
        with self._lock:
            self._written[generation] = Written(base, dict(chain.versions))

    def written(self, generation: int) -> Written:
        with self._lock:
            return self._written[generation]

    def start_from(self, generation: int, versions: Mapping[str, int]) -> None:
        chain = self._chain_from(generation, versions)
        with self._lock:
            self._chains[generation] = chain

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
            self._chains.pop(generation, None)
            self._written.pop(generation, None)
        folder = Path(f"{self._root}/g{generation}")
        if folder.is_dir():
            folder.rmdir()

    def _chain(self, generation: int) -> Chain:
        with self._lock:
            known = self._chains.get(generation)
        if known is None:
            self.start_from(generation, self.versions(generation))
            return self._chain(generation)
        return known

    def _chain_from(self, generation: int, versions: Mapping[str, int]) -> Chain:
        store, snapshots = self._store(generation)
        view, moving = chained(store, versions, snapshots)
        return Chain(view, moving, Seen(view))

    def _store(self, generation: int) -> tuple[DuckDBParquetStore, SeenSnapshots]:
        with self._lock:
            if generation not in self._stores:
                store = DuckDBParquetStore(DuckDBParquetConfig(f"{self._root}/g{generation}"))
                self._stores[generation] = store, SeenSnapshots()
            return self._stores[generation]
