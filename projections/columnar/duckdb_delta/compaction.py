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


@dataclass(frozen=True, slots=True)
class Merge:
    """Files of one partition and the files that hold the same rows."""

    sources: tuple[str, ...]
    merged: list[AddAction]


def merges(snapshot: Snapshot, files: TableFiles, *, target_bytes: int) -> Iterator[Merge]:
    """Write the merged files one group at a time, in memory bounded by the target size."""
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
    small: dict[str, list[tuple[str, int]]] = defaultdict(list)
    columns = (snapshot.files.column(name).to_pylist() for name in ("path", "size_bytes", "partition"))
    for path, size, partition in zip(*columns, strict=True):
        # A file of half the size is left alone, or each small append would rewrite it.
        if size < target_bytes // 2:
            small[partition].append((path, size))
    for partition, entries in small.items():
        for group in _filled(entries, target_bytes):
            if len(group) > 1:
                yield partition, group


def _filled(entries: list[tuple[str, int]], target_bytes: int) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for path, bytes_ in entries:
        if group and size + bytes_ > target_bytes:
            yield group
            group, size = [], 0
        group.append(path)
        size += bytes_
    yield group
