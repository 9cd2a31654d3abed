"""What a request to create a table declares: columns, sorting key, partition keys, vector index."""

from __future__ import annotations

from itertools import count, takewhile
from typing import Any

import pyarrow as pa

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.errors import BadRequest, InternalError
from deploy.vastdb_emulator.query import partitions
from deploy.vastdb_emulator.store.column_types import require_supported
from deploy.vastdb_emulator.store.table import Table, VectorIndex
from deploy.vastdb_emulator.wire.arrow_messages import read_schema

METRICS = ("l2sq", "ip")
DEFAULT_QUANTIZATION = "scalar_8bit"
WITH_COLUMN_METADATA = (5, 5)


def declared_table(call: Call, handle: int) -> Table:
    """The empty table that a request declares."""
    schema = read_schema(call.request.body)
    for field in schema:
        require_supported(field)
    return Table(
        handle=handle,
        columns=pa.schema([field.remove_metadata() for field in schema]),
        sorted_by=sorting_key(call, schema),
        partition_keys=partitions.declared_keys(schema),
        vector_index=_vector_index(call, schema),
        has_external_row_ids=call.request.flag("use-external-row-ids-alloc"),
        properties=call.request.parameters.get("table-props", ""),
    )


def sorting_key(call: Call, columns: Any) -> tuple[str, ...]:
    """The names of the columns that a request wants a table sorted by; none for an unsorted one."""
    headers = call.request.headers
    names = (f"tabular-sorted-column-{number}" for number in count())
    indices = [int(headers[name]) for name in takewhile(headers.__contains__, names)]
    if any(index >= len(columns) for index in indices):
        if call.server.version < WITH_COLUMN_METADATA:
            raise InternalError("We encountered an internal error. Please try again.")
        raise BadRequest(f"The sorting key {indices} has an index beyond the table's {len(columns)} columns.")
    return tuple(columns.field(index).name for index in indices)


def _vector_index(call: Call, columns: Any) -> VectorIndex | None:
    headers = call.request.headers
    column = headers.get("tabular-vector-index-column")
    if column is None:
        return None
    metric = headers.get("tabular-vector-index-distance-metric", "")
    cluster = headers.get("tabular-vector-index-cluster-quantization", DEFAULT_QUANTIZATION)
    search = headers.get("tabular-vector-index-search-quantization", DEFAULT_QUANTIZATION)
    if column not in columns.names or not pa.types.is_fixed_size_list(columns.field(column).type):
        raise BadRequest(f"invalid vector indexed column name {column}")
    if metric not in METRICS:
        supported = ", ".join(f"'{name}'" for name in METRICS)
        raise BadRequest(f"invalid vector index distance metric {metric}, supported metrics: {supported}")
    if (cluster, search) == (DEFAULT_QUANTIZATION, "none"):
        raise BadRequest(f"invalid vector index quantization: cluster {cluster}, search {search}")
    return VectorIndex(column, metric, cluster, search)
