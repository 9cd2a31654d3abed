"""Filling a print: several of its tables are written at a time, while the rows of others are folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from projections.columnar.duckdb_delta.chained import chained
from projections.columnar.duckdb_delta.pinned import SeenSnapshots
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.prints.writing import write
from projections.columnar.rows.fold import Sheet
from projections.columnar.rows.seen import Seen

WRITERS = 3
"""Most of a commit is waiting for the disk."""


class Chain(NamedTuple):
    """The commits that a process makes to a print, batch after batch."""

    store: DuckDBParquetStore
    versions: dict[str, int]
    """Of its last commits; moves with each."""
    seen: Seen
    """Of use while the print is filled."""


def chain_from(store: DuckDBParquetStore, versions: Mapping[str, int], snapshots: SeenSnapshots) -> Chain:
    """A chain whose first commits follow these versions."""
    view, moving = chained(store, versions, snapshots)
    return Chain(view, moving, Seen(view))


def fill(chain: Chain, sheets: Iterable[Sheet]) -> None:
    """Write each sheet while the next are folded: those of one table in their order, and none after one that failed."""

    def put(sheet: Sheet, previous: Future[None] | None) -> None:
        if previous is not None:
            previous.result()
        since = chain.store.version(sheet.table)
        write(chain.store, sheet)
        chain.seen.wrote(sheet.table, sheet.keys, since=since)

    last: dict[str, Future[None]] = {}
    with ThreadPoolExecutor(WRITERS) as writers:
        for sheet in sheets:
            last[sheet.table] = writers.submit(put, sheet, last.get(sheet.table))
    for written in last.values():
        written.result()
