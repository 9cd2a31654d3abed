"""Parquet files of a table: written once under a fresh name, with the statistics that reads prune by."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake.transaction import AddAction
from pyarrow import types

from projections.columnar.duckdb_delta.config import Storage
from projections.columnar.schemas import RESERVED_COLUMN

_ROWS_PER_FILE = 1 << 20
_ROWS_PER_GROUP = 122_880
"""What one DuckDB thread takes at a time, so that a large file is read by all of them."""
_STATISTIC_TEXT_LENGTH = 64
_SYNC_THREADS = 16

_FORMAT = ds.ParquetFileFormat()


class TableFiles:
    """The data files of one table. A file is invisible until a commit names it."""

    def __init__(self, storage: Storage, table: str, *, threads: int | None) -> None:
        self._storage = storage
        self._table = table
        self._threads = threads or os.cpu_count() or 1

    def write(self, parts: Iterable[tuple[str, pa.Table]], *, data_change: bool = True) -> list[AddAction]:
        """Write the rows of each partition, in storage types, and say what was written.

        Local files are on the disk, not only in its cache, when this returns. When it raises, no file stays.
        """
        chunks = [
            (partition, rows.slice(start, _ROWS_PER_FILE))
            for partition, rows in parts
            for start in range(0, rows.num_rows, _ROWS_PER_FILE)
        ]
        names = [f"{uuid4().hex}-{layout_tag(rows.schema)}.parquet" for _, rows in chunks]
        try:
            with ThreadPoolExecutor(self._threads) as pool:
                added = list(pool.map(self._write_one, names, chunks, [data_change] * len(chunks)))
            if self._storage.is_local:
                sync([Path(self.path(name)) for name in names])
        except BaseException:
            self.delete(names)
            raise
        return added

    def delete(self, names: Iterable[str]) -> None:
        """Delete files that no commit names; one that was never written is no error."""
        for name in names:
            try:
                self._storage.filesystem.delete_file(self._storage.path(self._table, name))
            except FileNotFoundError:
                continue

    @property
    def is_local(self) -> bool:
        return self._storage.is_local

    def path(self, name: str) -> str:
        """The address of a file as the file system takes it."""
        return self._storage.path(self._table, name)

    def dataset(self, names: Sequence[str], schema: pa.Schema) -> ds.FileSystemDataset:
        """The rows of the files in the given storage types; columns that a file lacks are null."""
        filesystem = self._storage.filesystem
        fragments = [_FORMAT.make_fragment(self._storage.path(self._table, name), filesystem) for name in names]
        return ds.FileSystemDataset(fragments, schema, _FORMAT, filesystem)

    def _write_one(self, name: str, chunk: tuple[str, pa.Table], data_change: bool) -> AddAction:
        partition, rows = chunk
        path = self._storage.path(self._table, name)
        written: list[pq.FileMetaData] = []
        filesystem = self._storage.filesystem
        writer = pq.ParquetWriter(path, rows.schema, filesystem=filesystem, metadata_collector=written)
        try:
            writer.write_table(rows, row_group_size=_ROWS_PER_GROUP)
        except BaseException:
            # Closing what could not be written fails as well, with less to say.
            with suppress(Exception):
                writer.close()
            raise
        writer.close()
        return AddAction(
            path=name,
            size=self._storage.filesystem.get_file_info(path).size,
            partition_values={RESERVED_COLUMN: partition},
            modification_time=time.time_ns() // 1_000_000,
            data_change=data_change,
            stats=orjson.dumps(_statistics(written[0], rows.schema)).decode(),
        )


def layout_tag(schema: pa.Schema) -> str:
    """The end of the name of every file that has exactly these columns in these storage types."""
    layout = "\n".join(f"{field.name}\t{field.type}" for field in schema)
    return hashlib.sha256(layout.encode()).hexdigest()[:8]


def sync(paths: Sequence[Path]) -> None:
    """Put files and the directory that names them on the disk.

    Many at a time, because the file system writes its journal once for all that wait.
    """
    with ThreadPoolExecutor(_SYNC_THREADS) as pool:
        list(pool.map(_sync_one, paths))
    if paths:
        _sync_one(paths[0].parent)


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _statistics(metadata: pq.FileMetaData, schema: pa.Schema) -> dict[str, Any]:
    minima, maxima, nulls = {}, {}, {}
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    for name, leaf in _scalar_leaves(schema):
        statistics = [group.column(leaf).statistics for group in groups]
        if not all(one is not None and one.has_null_count for one in statistics):
            continue
        nulls[name] = sum(one.null_count for one in statistics)
        bounded = [one for one in statistics if one.has_min_max]
        if bounded and all(one.has_min_max or one.num_values == 0 for one in statistics):
            minima[name] = _statistic(min(one.min for one in bounded))
            maxima[name] = _statistic(max(one.max for one in bounded))
    return {
        "numRecords": metadata.num_rows,
        "minValues": {name: value for name, value in minima.items() if value is not None},
        "maxValues": {name: value for name, value in maxima.items() if value is not None},
        "nullCount": nulls,
    }


def _scalar_leaves(schema: pa.Schema) -> Iterator[tuple[str, int]]:
    """Columns worth statistics, with their index among the leaf columns of the Parquet file."""
    leaf = 0
    for field in schema:
        if is_prunable(field.type):
            yield field.name, leaf
        leaf += _leaves(field.type)


def _leaves(type_: pa.DataType) -> int:
    return sum(_leaves(type_.field(index).type) for index in range(type_.num_fields)) or 1


def is_prunable(type_: pa.DataType) -> bool:
    """Whether files carry the least and greatest value of a column of this storage type."""
    return bool(
        types.is_signed_integer(type_) or types.is_string(type_) or types.is_timestamp(type_) or types.is_date(type_)
    )


def _statistic(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _STATISTIC_TEXT_LENGTH else None
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat() if isinstance(value, dt.date) else value
