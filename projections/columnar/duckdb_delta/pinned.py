"""A store held to one version of each table, so that several reads see the same rows while writers go on."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Mapping

from projections.columnar.duckdb_delta.catalog import Catalog
from projections.columnar.duckdb_delta.snapshots import Snapshot
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.errors import UnknownTable
from projections.columnar.store import AsOf

_KEPT_SNAPSHOTS = 64


class SeenSnapshots:
    """The versions read last; a version other than the newest takes the log tens of milliseconds to load."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], Snapshot] = OrderedDict()

    def find(self, table: str, version: int) -> Snapshot | None:
        """The snapshot, None when it was never seen or long ago."""
        with self._lock:
            return self._kept.get((table, version))

    def keep(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot itself, remembered."""
        with self._lock:
            self._kept[snapshot.table, snapshot.version] = snapshot
            while len(self._kept) > _KEPT_SNAPSHOTS:
                self._kept.popitem(last=False)
        return snapshot


class PinnedCatalog(Catalog):
    """The catalog of a store, with these versions in the place of the newest."""

    def __init__(self, catalog: Catalog, versions: Mapping[str, int], seen: SeenSnapshots) -> None:
        super().__init__(catalog._storage)
        self._catalog = catalog
        self._versions = versions
        self._seen = seen

    def snapshot(self, table: str, as_of: AsOf | None = None) -> Snapshot:
        """The pinned version, or an earlier one. Raises UnknownTable for a table that is not pinned."""
        if as_of is not None:
            return self._catalog.snapshot(table, as_of)
        if table not in self._versions:
            raise UnknownTable(table, f"this pinned view of {self._storage}")
        version = self._versions[table]
        known = self._seen.find(table, version)
        if known is not None:
            return known
        newest = self._catalog.snapshot(table)
        return self._seen.keep(newest if newest.version == version else self._catalog.snapshot(table, version))


def pinned(store: DuckDBParquetStore, versions: Mapping[str, int], seen: SeenSnapshots) -> DuckDBParquetStore:
    """A view of the store for reading, semi-joins included; it shares the store's connection."""
    view = copy.copy(store)
    view._catalog = PinnedCatalog(store._catalog, dict(versions), seen)
    return view
