"""Arrow tables made a column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa


def table_of(schema: pa.Schema, columns: Sequence[Any]) -> pa.Table:
    """A table of these columns, each an array or plain values, in the order and of the types of the schema."""
    arrays = [
        values if isinstance(values, pa.Array) else pa.array(values, field.type)
        for values, field in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
