"""Partitioned tables: the transformed columns, and the table that lists the partitions."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.transforms import parse_transform

from deploy.vastdb_emulator.errors import BadRequest
from deploy.vastdb_emulator.store.chunks import ROW_ID, RowIds
from deploy.vastdb_emulator.store.table import PartitionKey, Table

LISTING_SUFFIX = "___VAST_PARTITIONS"
KEY_PREFIX = b"VAST:table:partition-key-"
SPEC = b"VAST:partition_spec"
WITH_ARGUMENT = ("bucket", "truncate")


def declared_keys(schema: Any) -> tuple[PartitionKey, ...]:
    """The partition keys that a new table's schema carries in its metadata, in their order."""
    metadata = schema.metadata or {}
    keys = []
    for index in range(len(schema)):
        value = metadata.get(KEY_PREFIX + str(index).encode())
        if value is not None:
            declared = json.loads(value)
            column = schema.field(declared["column-index"])
            keys.append(PartitionKey(column.name, declared["transform"], declared["transform-arg"]))
    return tuple(keys)


def specification(table: Table) -> dict[bytes, str]:
    """The metadata by which a listing of columns says how the table is partitioned; none for other tables."""
    if not table.partition_keys:
        return {}
    entries = [
        {
            "column_name": key.name,
            "column_type": str(_transformed_type(table, key)),
            "source_column_name": key.column,
            "transform": key.transform,
            "arg": key.argument,
        }
        for key in table.partition_keys
    ]
    return {SPEC: json.dumps(entries)}


def transformed(column: Any, key: PartitionKey) -> Any:
    """A column's values as the key groups them, by Iceberg's transforms."""
    name = f"{key.transform}[{key.argument}]" if key.transform in WITH_ARGUMENT else key.transform
    transform = parse_transform(name.lower())
    try:
        result = transform.pyarrow_transform(column.type)(column)
    except (ValueError, NotImplementedError) as error:
        raise BadRequest(f"Column {key.column} cannot be partitioned by {name}: {error}") from error
    return result.combine_chunks() if isinstance(result, pa.ChunkedArray) else result


def listing(table: Table) -> Any:
    """One row for each partition: the transformed values, and estimates of its size."""
    names = [key.name for key in table.partition_keys]
    grouped = _transformed_rows(table).group_by(names).aggregate([([], "count_all")]).sort_by(names[0])
    counts = grouped["count_all"].cast(pa.int64())
    row_bytes = table.size_bytes // max(table.row_count, 1)
    columns = {
        **{name: grouped[name] for name in names},
        "est_row_count": counts,
        "est_byte_size": pc.multiply(counts, row_bytes),
        "sorting_score": pc.multiply(counts, 0),
    }
    return pa.RecordBatch.from_arrays([column.combine_chunks() for column in columns.values()], names=list(columns))


def rows_in(table: Table, partitions: Any) -> RowIds:
    """The ids of the rows that are in one of these partitions, ascending."""
    names = [key.name for key in table.partition_keys]
    wanted = pa.Table.from_batches([partitions]).select(names)
    ids: RowIds = _transformed_rows(table).join(wanted, names, join_type="left semi")[ROW_ID].to_numpy()
    return np.sort(ids)


def _transformed_rows(table: Table) -> Any:
    names = [ROW_ID, *(key.name for key in table.partition_keys)]
    nothing = pa.RecordBatch.from_pylist([], schema=table.schema)
    batches = [
        [rows.column(0), *(transformed(rows.column(key.column), key) for key in table.partition_keys)]
        for rows in (*(chunk.rows for chunk in table.chunks), nothing)
    ]
    return pa.Table.from_batches([pa.RecordBatch.from_arrays(columns, names=names) for columns in batches])


def _transformed_type(table: Table, key: PartitionKey) -> Any:
    return transformed(pa.array([], table.columns.field(key.column).type), key).type
