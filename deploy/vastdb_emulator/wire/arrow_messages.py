"""Arrow messages as the SDK sends and expects them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from deploy.vastdb_emulator.errors import BadRequest


def read_schema(body: bytes) -> Any:
    """The schema of a request whose body is one schema message."""
    try:
        return pa.ipc.read_schema(pa.py_buffer(body))
    except pa.ArrowInvalid as error:
        raise BadRequest(f"The body is not an Arrow schema message: {error}") from error


def read_batch(body: bytes) -> Any:
    """The rows of a request whose body is a stream of one record batch."""
    try:
        batches = list(pa.ipc.open_stream(body))
    except pa.ArrowInvalid as error:
        raise BadRequest(f"The body is not an Arrow stream: {error}") from error
    if len(batches) != 1:
        raise BadRequest(f"The body has {len(batches)} record batches instead of one.")
    return batches[0]


def stream_of(batch: Any) -> bytes:
    """A stream of one record batch."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def stream_of_schema(schema: Any) -> bytes:
    """A stream that has a schema and no rows."""
    sink = pa.BufferOutputStream()
    pa.ipc.new_stream(sink, schema).close()
    content: bytes = sink.getvalue().to_pybytes()
    return content


def compacted(batch: Any) -> Any:
    """The same rows in buffers of their own that start at offset zero; slices of larger arrays do not."""
    return read_batch(stream_of(batch))
