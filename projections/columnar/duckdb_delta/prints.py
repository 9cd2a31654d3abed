"""Prints below one root, a directory or s3:// prefix each."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from domain.event import Recorded
from projections.columnar.duckdb_delta.aside import Aside
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.filling import Chain, chain_from, fill
from projections.columnar.duckdb_delta.pinned import SeenSnapshots, pinned
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.prints.contracts import Pinned, Written
from projections.columnar.prints.writing import write
from projections.columnar.rows.fold import FILE_EVENTS, file_sheets, fold, library_sheets
from projections.columnar.rows.kinds import Batch
from projections.columnar.rows.printed import PRINTED
from projections.columnar.store import ColumnarStore

ASIDE_FROM = 10_000
"""Events of a batch from which on a second process writes the tables of files: it takes a second to start."""


class DeltaPrints:
    """`g<generation>` below the root. Readers are held to the table versions that Postgres records.

    So are writers: a batch starts from those versions, and what a crash or a replaced owner left after them is taken
    back before a table is written to. What Postgres records is not known here, so a batch starts from where the last
    one of this process ended, or from the newest versions, and `ColumnarProjection.apply` has the last word.
    """

    kind = 0

    def __init__(self, root: str, *, aside_from: int = ASIDE_FROM) -> None:
        self._aside_from = aside_from
        self._root = root.rstrip("/")
        self._lock = threading.Lock()
        self._stores: dict[int, tuple[DuckDBParquetStore, SeenSnapshots]] = {}
        self._chains: dict[int, Chain] = {}
        self._written: dict[int, Written] = {}
        self._asides: dict[int, Aside] = {}

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
                self._fill(generation, batch, chain)
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

    def _fill(self, generation: int, batch: Sequence[Recorded], chain: Chain) -> None:
        parted = Batch(batch)
        if len(batch) < self._aside_from or not any(parted.of(kind) for kind in FILE_EVENTS):
            fill(chain, fold(batch, chain.store, chain.seen))
            return
        aside = self._aside(generation)
        aside.begin(self._print_root(generation), chain.versions, parted)
        try:
            fill(chain, library_sheets(parted, chain.store, chain.seen))
        finally:
            written = aside.end()
        if written is None:
            self._end_aside(generation)
            fill(chain, file_sheets(parted, chain.store, chain.seen))
        else:
            chain.versions.update(written)

    def _aside(self, generation: int) -> Aside:
        with self._lock:
            if generation not in self._asides:
                self._asides[generation] = Aside()
            return self._asides[generation]

    def _end_aside(self, generation: int) -> None:
        with self._lock:
            aside = self._asides.pop(generation, None)
        if aside is not None:
            aside.close()

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

    def publish(self, generation: int, *, ours: Collection[int]) -> None:  # noqa: ARG002 - only Postgres has a name
        """Which print is live is known to Postgres alone; it is not filled any more."""
        self._end_aside(generation)

    def delete(self, generation: int) -> None:
        self._end_aside(generation)
        store, _ = self._store(generation)
        for table in PRINTED:
            store.drop_table(table.name)
        with self._lock:
            del self._stores[generation]
            self._chains.pop(generation, None)
            self._written.pop(generation, None)
        folder = Path(self._print_root(generation))
        if folder.is_dir():
            folder.rmdir()

    def _print_root(self, generation: int) -> str:
        return f"{self._root}/g{generation}"

    def _chain(self, generation: int) -> Chain:
        with self._lock:
            known = self._chains.get(generation)
        if known is None:
            self.start_from(generation, self.versions(generation))
            return self._chain(generation)
        return known

    def _chain_from(self, generation: int, versions: Mapping[str, int]) -> Chain:
        store, snapshots = self._store(generation)
        return chain_from(store, versions, snapshots)

    def _store(self, generation: int) -> tuple[DuckDBParquetStore, SeenSnapshots]:
        with self._lock:
            if generation not in self._stores:
                store = DuckDBParquetStore(DuckDBParquetConfig(self._print_root(generation)))
                self._stores[generation] = store, SeenSnapshots()
            return self._stores[generation]
