"""Replacing rows: which files an overwrite drops, and which it rewrites without the replaced keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.compute as pc
from deltalake.transaction import AddAction

from projections.columnar.duckdb_delta.commits import Change
from projections.columnar.duckdb_delta.files import TableFiles, is_prunable
from projections.columnar.duckdb_delta.layout import storage_schema, stored
from projections.columnar.duckdb_delta.snapshots import Snapshot
from projections.columnar.records import to_table

_ROW = "\0row"


def overwritten(snapshot: Snapshot, added: list[AddAction], partitions: set[str]) -> Change:
    """The change that puts the added files in the place of every file of their partitions."""
    dropped = pc.is_in(snapshot.files.column("partition"), pa.array(sorted(partitions), pa.string()))
    return Change(added=added, removed=snapshot.select(dropped), is_replacement=True)


def key_table(rows: pa.Table, removed: Iterable[Mapping[str, object]], key: Sequence[str], *, table: str) -> pa.Table:
    """Every distinct key of both, in storage types. Raises InvalidRecords for a null key."""
    return stored(keys_of(rows, removed, key, table=table)).group_by(list(key)).aggregate([])


def keys_of(rows: pa.Table, removed: Iterable[Mapping[str, object]], key: Sequence[str], *, table: str) -> pa.Table:
    """The keys of both, in registered types, repeated or not. Raises InvalidRecords for a null key."""
    schema = pa.schema([rows.schema.field(name).with_nullable(False) for name in key])
    parts = [to_table(part, schema, table=table) for part in (rows.select(list(key)), removed)]
    return pa.concat_tables(parts)


class Replacement:
    """The files to drop and the ones to write in their place so that no row has one of the keys.

    Data files never change, so what was found out of a file holds for every later version that has it.
    """

    def __init__(self, files: TableFiles, keys: pa.Table, *, threads: int | None) -> None:
        self._files = files
        self._keys = keys
        self._threads = threads
        self._successors: dict[str, list[AddAction] | None] = {}
        """By file: what replaces it, or None where it has no row of the keys and stays."""

    def change(self, snapshot: Snapshot, added: list[AddAction]) -> Change:
        """The replacement on top of the version, together with the files of the new rows."""
        candidates = self._candidates(snapshot)
        unknown = [entry for entry in candidates if entry[0] not in self._successors]
        with ThreadPoolExecutor(self._threads) as pool:
            found = pool.map(lambda entry: self._successor(entry[0], entry[1], snapshot), unknown)
            self._successors.update(zip((path for path, _ in unknown), found, strict=True))
        change = Change(added=list(added), is_replacement=True)
        for path, _ in candidates:
            successors = self._successors[path]
            if successors is not None:
                change.removed.append(path)
                change.added.extend(successors)
        return change

    def discard(self, committed: Change | None) -> None:
        """Delete the files that were written for attempts and are not part of the commit."""
        kept = {action.path for action in committed.added} if committed is not None else set()
        written = [action.path for actions in self._successors.values() for action in actions or ()]
        self._files.delete(path for path in written if path not in kept)

    def _candidates(self, snapshot: Snapshot) -> list[tuple[str, str]]:
        """Path and partition of the files whose bounds meet those of the keys."""
        files = snapshot.files
        for name in self._keys.column_names:
            if f"least {name}" in files.column_names and is_prunable(self._keys.schema.field(name).type):
                bounds = pc.min_max(self._keys.column(name))
                least, greatest = files.column(f"least {name}"), files.column(f"greatest {name}")
                meets = pc.and_kleene(pc.less_equal(least, bounds["max"]), pc.greater_equal(greatest, bounds["min"]))
                files = files.filter(pc.fill_null(meets, True))
        return list(zip(files.column("path").to_pylist(), files.column("partition").to_pylist(), strict=True))

    def _successor(self, path: str, partition: str, snapshot: Snapshot) -> list[AddAction] | None:
        rows = self._files.dataset([path], storage_schema(snapshot.schema))
        matched = self._matched(rows.to_table(columns=self._keys.column_names))
        if len(matched) == 0:
            return None
        everything = rows.to_table()
        keep = pc.invert(pc.is_in(pa.array(range(everything.num_rows), pa.int64()), matched))
        rest = everything.filter(keep)
        return self._files.write([(partition, rest)]) if rest.num_rows else []

    def _matched(self, keys: pa.Table) -> pa.Array:
        """Positions of the rows whose key is one of ours."""
        names = self._keys.column_names
        if len(names) == 1:
            return pc.indices_nonzero(pc.is_in(keys.column(0), self._keys.column(0).combine_chunks()))
        numbered = keys.append_column(_ROW, pa.array(range(keys.num_rows), pa.int64()))
        matched = numbered.join(self._keys, keys=names, join_type="left semi")
        return matched.column(_ROW).combine_chunks()
