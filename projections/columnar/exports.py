"""A stream of rows as a file of another format, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from pyarrow import types

_GROUP_ROWS = 65_536
"""Rows of a Parquet row group, and so the most that are held."""


class ExportFormat(StrEnum):
    """Parquet; an Arrow IPC stream; CSV with a header line, in which lists and structs are JSON."""

    PARQUET = "parquet"
    ARROW = "arrow"
    CSV = "csv"


def export(reader: pa.RecordBatchReader, format_: ExportFormat, sink: pa.NativeFile) -> int:
    """Write every row to the sink, which need not be seekable; how many there were."""
    schema = pa.schema([_field(field, format_) for field in reader.schema])
    count = 0
    with closing(_writer(format_, sink, schema)) as writer:
        for table in _grouped(reader):
            columns = [_column(column, field) for column, field in zip(table.columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            count += table.num_rows
    return count


def _field(field: pa.Field, format_: ExportFormat) -> pa.Field:
    if format_ is ExportFormat.CSV and types.is_nested(field.type):
        return pa.field(field.name, pa.string())
    if format_ is ExportFormat.PARQUET and types.is_fixed_size_list(field.type):
        # Arrow's own reader of Parquet fails for a vector that is null.
        return pa.field(field.name, pa.list_(field.type.value_type), nullable=field.nullable)
    return field


def _column(column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    if column.type == field.type:
        return column
    if types.is_string(field.type):
        texts = (None if value is None else orjson.dumps(value, default=str).decode() for value in column.to_pylist())
        return pa.chunked_array([pa.array(texts, pa.string())])
    return column.cast(field.type)


def _writer(format_: ExportFormat, sink: pa.NativeFile, schema: pa.Schema) -> Any:
    match format_:
        case ExportFormat.PARQUET:
            return pq.ParquetWriter(sink, schema)
        case ExportFormat.ARROW:
            return pa.ipc.new_stream(sink, schema)
        case ExportFormat.CSV:
            return pacsv.CSVWriter(sink, schema)


def _grouped(reader: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The rows in tables of a row group's size: a store may give them in many small batches."""
    held: list[pa.RecordBatch] = []
    for batch in reader:
        held.append(batch)
        if sum(one.num_rows for one in held) >= _GROUP_ROWS:
            yield pa.Table.from_batches(held, reader.schema)
            held = []
    if held:
        yield pa.Table.from_batches(held, reader.schema)
