"""Partitions: how rows are split by their key values, and how a file's key values are written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from projections.columnar.errors import InvalidRecords

WHOLE_TABLE = "[]"
"""The partition of every file of a table without partition keys."""


def split(rows: pa.Table, keys: Sequence[str], sort_by: Sequence[str]) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each partition under its encoded key values, sorted within it.

    Raises InvalidRecords for a key value that equals nothing: null or NaN.
    """
    if not keys:
        yield WHOLE_TABLE, _sorted(rows, sort_by)
        return
    codes = _codes(rows, keys)
    if sort_by:
        order = pc.sort_indices(
            rows.select(list(sort_by)).append_column("\0code", pa.array(codes)),
            sort_keys=[("\0code", "ascending"), *((name, "ascending") for name in sort_by)],
        ).to_numpy()
    elif np.all(codes[1:] >= codes[:-1]):
        order = None
    else:
        order = np.argsort(codes, kind="stable")
    if order is not None:
        rows, codes = rows.take(pa.array(order)), codes[order]
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(codes)], strict=True):
        values = [rows.column(key)[int(start)].as_py() for key in keys]
        yield encode(values), rows.slice(int(start), int(end - start))


def check_partition_values(rows: pa.Table, keys: Sequence[str]) -> None:
    """Raise InvalidRecords for a key value that equals nothing: null or NaN."""
    for key in keys:
        column = rows.column(key)
        if column.null_count:
            raise InvalidRecords(f"partition key {key!r} is null in {column.null_count} rows")
        if types.is_floating(column.type) and pc.any(pc.is_nan(column)).as_py():
            raise InvalidRecords(f"partition key {key!r} is NaN in some rows; NaN equals nothing")


def _sorted(rows: pa.Table, sort_by: Sequence[str]) -> pa.Table:
    return rows.sort_by([(name, "ascending") for name in sort_by]) if sort_by else rows


def _codes(rows: pa.Table, keys: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    check_partition_values(rows, keys)
    codes = np.zeros(rows.num_rows, dtype=np.int64)
    for key in keys:
        encoded = pc.dictionary_encode(rows.column(key).combine_chunks())
        codes = codes * max(len(encoded.dictionary), 1) + encoded.indices.to_numpy()
        # Renumbering keeps the product of many keys within 64 bits.
        codes = np.unique(codes, return_inverse=True)[1] if codes.max(initial=0) > 2**31 else codes
    return codes


def encode(values: Sequence[Any]) -> str:
    """Key values as text that is equal exactly when the values are."""
    return orjson.dumps([_encoded(value) for value in values]).decode()


def decode(partitions: Sequence[str], schema: pa.Schema) -> pa.Table:
    """One row of typed key values for each text, columns as in the schema of storage types."""
    rows = [orjson.loads(text) for text in partitions]
    columns = [
        pa.array([_decoded(row[index], field.type) for row in rows], field.type) for index, field in enumerate(schema)
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _encoded(value: Any) -> Any:
    if isinstance(value, float):
        # Adding zero makes -0.0, which equals 0.0, the same text.
        return (value + 0.0).hex()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _decoded(value: Any, type_: pa.DataType) -> Any:
    if types.is_floating(type_):
        return float.fromhex(value)
    if types.is_binary(type_):
        return bytes.fromhex(value)
    if types.is_decimal(type_):
        return Decimal(value)
    if types.is_timestamp(type_):
        return dt.datetime.fromisoformat(value)
    if types.is_date(type_):
        return dt.date.fromisoformat(value)
    return dt.time.fromisoformat(value) if types.is_time(type_) else value
