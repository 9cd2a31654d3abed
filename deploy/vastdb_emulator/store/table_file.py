"""A table without its rows, as JSON; the rows are named by their chunks."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from deploy.vastdb_emulator.store.chunks import Chunk
from deploy.vastdb_emulator.store.table import ImportedObject, PartitionKey, Projection, Table, VectorIndex

PLAIN = ("handle", "next_row_id", "inserted_rows", "has_external_row_ids", "properties")


def encode(table: Table) -> bytes:
    """The table's declaration and the names of its chunks."""
    document: dict[str, Any] = {name: getattr(table, name) for name in PLAIN}
    document["columns"] = base64.b64encode(table.columns.serialize().to_pybytes()).decode()
    document["chunks"] = [chunk.name for chunk in table.chunks]
    document["sorted_by"] = table.sorted_by
    document["partition_keys"] = [asdict(key) for key in table.partition_keys]
    document["vector_index"] = table.vector_index and asdict(table.vector_index)
    document["projections"] = [asdict(projection) for projection in table.projections]
    document["imported"] = [asdict(imported) for imported in table.imported]
    return json.dumps(document).encode()


def decode(content: bytes, read_chunk: Callable[[str], Chunk]) -> Table:
    """The table again; `read_chunk` brings a chunk by its name."""
    document = json.loads(content)
    index = document["vector_index"]
    return Table(
        **{name: document[name] for name in PLAIN},
        columns=pa.ipc.read_schema(pa.py_buffer(base64.b64decode(document["columns"]))),
        chunks=tuple(read_chunk(name) for name in document["chunks"]),
        sorted_by=tuple(document["sorted_by"]),
        partition_keys=tuple(PartitionKey(**key) for key in document["partition_keys"]),
        vector_index=VectorIndex(**index) if index else None,
        projections=tuple(_projection(entry) for entry in document["projections"]),
        imported=tuple(ImportedObject(**entry) for entry in document["imported"]),
    )


def _projection(entry: dict[str, Any]) -> Projection:
    columns = tuple((name, is_sorted) for name, is_sorted in entry["columns"])
    return Projection(entry["handle"], entry["name"], columns)
