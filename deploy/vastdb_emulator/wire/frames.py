"""The body of a query's answer: frames of Arrow messages, one stream for each leaf of each sub-split."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from deploy.vastdb_emulator.wire.arrow_messages import compacted
from deploy.vastdb_emulator.wire.leaves import Leaf, leaf_column

END_OF_QUERY = struct.pack("<L", 0xFFFFFFFE)
END_OF_STREAM = bytes.fromhex("ffffffff00000000")
NO_MORE_ROWS = (1 << 48) - 1


def failed(error_code: int) -> bytes:
    """The frame after which the client gives the query up."""
    return struct.pack("<LQL", 0xFFFFFFFD, error_code, 0)


def page(sub_split: int, next_row: int, rows: Any, leaves: Sequence[Leaf]) -> Iterator[bytes]:
    """The frames of one page of rows; `next_row` is where the next page starts, `NO_MORE_ROWS` after the last one."""
    head = struct.pack("<LQ", sub_split, next_row)
    rows = compacted(rows) if leaves else rows.select([])
    columns = [(leaf.column, leaf_column(rows.column(leaf.column), leaf.path)) for leaf in leaves]
    if not columns:
        yield from _stream(head, rows)
    for name, column in columns:
        yield from _stream(head, pa.RecordBatch.from_arrays([column], names=[name]))


def _stream(head: bytes, batch: Any) -> Iterator[bytes]:
    for message in (batch.schema.serialize(), batch.serialize(), END_OF_STREAM):
        yield head
        yield bytes(message)
