"""One version of a table, pinned: its schema and exactly the files whose rows it has."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from projections.columnar.duckdb_delta.files import is_prunable
from projections.columnar.duckdb_delta.layout import registered_schema, storage_schema
from projections.columnar.duckdb_delta.partitions import decode
from projections.columnar.schemas import RESERVED_COLUMN

_PARTITION_KEYS = "interneg.partitionBy"
_SORT_KEYS = "interneg.sortBy"
_NO_FILES = pa.schema(
    [
        ("path", pa.string()),
        ("size_bytes", pa.int64()),
        ("num_records", pa.int64()),
        (f"partition.{RESERVED_COLUMN}", pa.string()),
    ]
).empty_table()


def key_settings(partition_by: tuple[str, ...], sort_by: tuple[str, ...]) -> dict[str, str | None]:
    """The table's keys as the Delta configuration remembers them."""
    return {_PARTITION_KEYS: _joined(partition_by), _SORT_KEYS: _joined(sort_by)}


class Snapshot:
    """What the Delta log says of one version. Immutable, so threads share it."""

    def __init__(
        self,
        table: str,
        schema: pa.Schema,
        *,
        version: int,
        partition_by: tuple[str, ...],
        sort_by: tuple[str, ...],
        actions: Callable[[int], pa.Table],
    ) -> None:
        self.table = table
        self.schema = schema
        self.version = version
        self.partition_by = partition_by
        self.sort_by = sort_by
        self._actions = actions
        self._files: pa.Table | None = None

    @property
    def files(self) -> pa.Table:
        """path, size_bytes, num_records, partition; "least X" and "greatest X" of columns to prune by.

        Listed on first use, because appends need no list of what is already there. Two threads may list them both:
        `cached_property` would hold a lock of all snapshots meanwhile, and listing waits for the lock of a table, whose
        owner may be listing another snapshot.
        """
        if self._files is None:
            self._files = _files(self._actions(self.version), self.schema, self.partition_by)
        return self._files

    def select(self, mask: pa.BooleanArray | None) -> list[str]:
        """Names of the files where the mask holds; None selects all."""
        files = self.files if mask is None else self.files.filter(mask)
        paths: list[str] = files.column("path").to_pylist()
        return paths

    def count(self, mask: pa.BooleanArray | None) -> int:
        """Rows in those files."""
        files = self.files if mask is None else self.files.filter(mask)
        return int(pc.sum(files.column("num_records")).as_py() or 0)


def snapshot_of(delta: DeltaTable, table: str, actions: Callable[[int], pa.Table]) -> Snapshot:
    """The version that is loaded; actions lists the files of a version."""
    configuration = delta.metadata().configuration
    return Snapshot(
        table,
        registered_schema(delta.schema(), table),
        version=delta.version(),
        partition_by=_split(configuration.get(_PARTITION_KEYS, "")),
        sort_by=_split(configuration.get(_SORT_KEYS, "")),
        actions=actions,
    )


def empty_snapshot(table: str, schema: pa.Schema, partition_by: tuple[str, ...]) -> Snapshot:
    """A table that is declared and not yet created: version -1, no files."""
    return Snapshot(table, schema, version=-1, partition_by=partition_by, sort_by=(), actions=lambda _: _NO_FILES)


def _files(actions: pa.Table, schema: pa.Schema, partition_by: tuple[str, ...]) -> pa.Table:
    columns = {name: actions.column(name) for name in ("path", "size_bytes", "num_records")}
    columns["path"] = columns["path"].cast(pa.string())
    columns["partition"] = actions.column(f"partition.{RESERVED_COLUMN}").cast(pa.string())
    storage = storage_schema(schema)
    for field in storage:
        for name, source in ((f"least {field.name}", "min"), (f"greatest {field.name}", "max")):
            statistic = f"{source}.{field.name}"
            if is_prunable(field.type) and statistic in actions.column_names:
                columns[name] = actions.column(statistic).cast(field.type)
    for key, values in _key_values(columns["partition"], storage, partition_by).items():
        columns[f"least {key}"] = columns[f"greatest {key}"] = values
    return pa.table(columns)


def _key_values(partitions: pa.ChunkedArray, storage: pa.Schema, partition_by: tuple[str, ...]) -> dict[str, pa.Array]:
    if not partition_by:
        return {}
    encoded = pc.dictionary_encode(partitions.combine_chunks())
    keys = pa.schema([storage.field(name) for name in partition_by])
    values = decode(encoded.dictionary.to_pylist(), keys)
    return {name: values.column(name).combine_chunks().take(encoded.indices) for name in partition_by}


def _joined(names: tuple[str, ...]) -> str:
    # Column names have no control characters, so a newline separates them.
    return "\n".join(names)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()
