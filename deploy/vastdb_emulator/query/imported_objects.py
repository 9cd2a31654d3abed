"""The list of the objects that were imported into a table, as rows."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from deploy.vastdb_emulator.store.table import Table

SCHEMA = pa.schema([("BucketName", pa.string()), ("ObjectName", pa.string())])


def imported_objects(table: Table) -> Any:
    """One row for each imported object."""
    rows = [{"BucketName": entry.bucket, "ObjectName": entry.key} for entry in table.imported]
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)
