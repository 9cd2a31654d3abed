"""Compaction: small files of a partition become few large ones, in a commit that changes no row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from deltalake.transaction import AddAction

from projections.columnar.duckdb_delta.commits import Change, Plan
from projections.columnar.duckdb_delta.files import TableFiles
from projections.columnar.duckdb_delta.layout import storage_schema
from projections.columnar.duckdb_delta.snapshots import Snapshot

MERGED_ROWS = 1 << 17
"""Of a merged file at most: columns that repeat take a hundred times the memory that they take in a file."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Files of one partition and the files that hold the same rows."""

    sources: tuple[str, ...]
    merged: list[AddAction]


def merges(snapshot: Snapshot, files: TableFiles, *, target_bytes: int) -> Iterator[Merge]:
    """Write the merged files one group at a time, each of `target_bytes` or of MERGED_ROWS, whichever is less."""
    schema = storage_schema(snapshot.schema)
    for partition, sources in _groups(snapshot, target_bytes):
        rows = files.dataset(sources, schema).to_table()
        if snapshot.sort_by:
            rows = rows.sort_by([(name, "ascending") for name in snapshot.sort_by])
        yield Merge(tuple(sources), files.write([(partition, rows)], data_change=False))


def plan(done: list[Merge], committed: list[Merge]) -> Plan:
    """The commit of every merge whose sources are all still there; those are listed in committed."""

    def change(snapshot: Snapshot) -> Change:
        live = set(snapshot.files.column("path").to_pylist())
        committed[:] = [merge for merge in done if live.issuperset(merge.sources)]
        return Change(
            added=[action for merge in committed for action in merge.merged],
            removed=[path for merge in committed for path in merge.sources],
            is_replacement=True,
            data_change=False,
        )

    return change


def _groups(snapshot: Snapshot, target_bytes: int) -> Iterator[tuple[str, list[str]]]:
    """Partition and files of each merge."""
    small: dict[str, list[tuple[str, float]]] = defaultdict(list)
    columns = (snapshot.files.column(name).to_pylist() for name in ("path", "size_bytes", "num_records", "partition"))
    for path, size, rows, partition in zip(*columns, strict=True):
        share = max(size / target_bytes, (rows or 0) / MERGED_ROWS)
        # A file that is half full is left alone, or each small append would rewrite it.
        if share < 0.5:
            small[partition].append((path, share))
    for partition, entries in small.items():
        for group in _filled(entries):
            if len(group) > 1:
                yield partition, group


def _filled(entries: list[tuple[str, float]]) -> Iterator[list[str]]:
    """Files whose shares are one together, or less."""
    group: list[str] = []
    filled = 0.0
    for path, share in entries:
        if group and filled + share > 1:
            yield group
            group, filled = [], 0.0
        group.append(path)
        filled += share
    yield group
