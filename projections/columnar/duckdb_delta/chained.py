"""A store held to a chain of commits of its own: it reads what it wrote itself, and nobody else's commit gets between.

Delta orders commits, and one that a replaced owner makes late is a commit like any other. So an owner starts from the
versions that Postgres says belong to its position, takes back what others left after them, and finds every other commit
by the number of its own.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from projections.columnar.duckdb_delta.catalog import Catalog
from projections.columnar.duckdb_delta.commits import Change, Plan, TableLog
from projections.columnar.duckdb_delta.pinned import PinnedCatalog, SeenSnapshots
from projections.columnar.duckdb_delta.snapshots import Snapshot
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.errors import Overtaken


class ChainedCatalog(PinnedCatalog):
    """The catalog of a store at these versions; each commit of its tables moves the version by exactly one."""

    def __init__(self, catalog: Catalog, versions: Mapping[str, int], seen: SeenSnapshots) -> None:
        super().__init__(catalog, versions, seen)
        self.versions = dict(versions)
        self._versions = self.versions
        self._links: dict[str, ChainedLog] = {}

    def log(self, table: str) -> TableLog:
        """The log of a table, to commit to. Raises UnknownTable for a table that is not pinned."""
        if table not in self._links:
            self._links[table] = ChainedLog(self, self._catalog.log(table), table)
        return cast("TableLog", self._links[table])

    def created_log(self, table: str) -> TableLog:
        """The same; a chain begins with tables that are there."""
        return self.log(table)


class ChainedLog:
    """What a store does with the log of a table, at the chain's version."""

    def __init__(self, chain: ChainedCatalog, log: TableLog, table: str) -> None:
        self._chain = chain
        self._log = log
        self._table = table

    def snapshot(self) -> Snapshot:
        """The chain's version."""
        return self._chain.snapshot(self._table)

    def has_seen(self, write_id: str) -> bool:
        """See TableLog.has_seen."""
        return self._log.has_seen(write_id)

    def vacuum(self, retention: object) -> int:
        """See TableLog.vacuum."""
        return self._log.vacuum(retention)  # type: ignore[arg-type]

    def commit(self, plan: Plan, *, write_id: str | None = None) -> bool:
        """Commit on top of the chain's version and nothing else. Raises Overtaken where another was there first."""
        self._take_back()
        base, planned = self._chain.versions[self._table], [Change()]

        def exactly(snapshot: Snapshot) -> Change:
            if snapshot.version != base:
                raise Overtaken(self._table, base, snapshot.version)
            # Marked as a replacement, the commit can pass no other of a chain, not even where neither removes a file.
            planned[:] = [replace(plan(snapshot), is_replacement=True)]
            return planned[0]

        done = self._log.commit(exactly, write_id=write_id)
        if done and (planned[0].added or planned[0].removed):
            self._chain.versions[self._table] = base + 1
        return done

    def _take_back(self) -> None:
        """Let the newest version hold what the chain's version holds, if others have committed since."""
        base = self._chain.versions[self._table]
        if self._log.snapshot().version != base:
            self._chain.versions[self._table] = self._log.restore(base)


def chained(
    store: DuckDBParquetStore, versions: Mapping[str, int], seen: SeenSnapshots
) -> tuple[DuckDBParquetStore, dict[str, int]]:
    """A view of the store to read and write in one chain, and its versions, which move with each commit."""
    view = copy.copy(store)
    view._catalog = chain = ChainedCatalog(store._catalog, versions, seen)
    return view, chain.versions
