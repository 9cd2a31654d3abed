"""The tables that a VAST cluster keeps about itself: here one row each, so that programs which read them run."""

from __future__ import annotations

import pyarrow as pa

from deploy.vastdb_emulator.store.catalog import Catalog, SchemaRef, TableRef
from deploy.vastdb_emulator.store.chunks import ROW_ID
from deploy.vastdb_emulator.store.table import Table

CATALOG = TableRef("vast-big-catalog-bucket", "vast_big_catalog_schema", "vast_big_catalog_table")
AUDIT_LOG = TableRef("vast-audit-log-bucket", "vast_audit_log_schema", "vast_audit_log_table")
SNAPSHOTS = {CATALOG.bucket: ("bc_table_1",)}
ROWS = {
    CATALOG: {"parent_path": "/", "name": "emulator", "element_type": "FILE"},
    AUDIT_LOG: {"protocol": "S3", "rpc_type": "GetObject", "path": "/emulator"},
}


def with_system_tables(catalog: Catalog) -> Catalog:
    """The state with the system tables, where they are not there yet."""
    for number, (ref, row) in enumerate(ROWS.items()):
        if ref not in catalog.names:
            catalog = _with_table(catalog, ref, row, handle=1 + number + max(catalog.tables, default=0))
    return catalog


def _with_table(catalog: Catalog, ref: TableRef, row: dict[str, str], *, handle: int) -> Catalog:
    columns = pa.schema([(name, pa.string()) for name in row])
    rows = pa.RecordBatch.from_pylist([{ROW_ID: 0, **row}], schema=columns.insert(0, pa.field(ROW_ID, pa.uint64())))
    table = Table(handle, columns).inserted(rows)
    schema = SchemaRef(ref.bucket, ref.schema)
    return catalog.with_bucket(ref.bucket).with_schema(schema).with_new_table(ref, table)
