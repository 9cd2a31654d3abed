"""Columns: list, add, rename, drop."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.commands.tables import partitioned_table
from deploy.vastdb_emulator.errors import BadRequest
from deploy.vastdb_emulator.query import imported_objects, partitions
from deploy.vastdb_emulator.store.column_changes import with_added, with_dropped, with_renamed
from deploy.vastdb_emulator.store.column_types import require_supported
from deploy.vastdb_emulator.transport.messages import Response
from deploy.vastdb_emulator.wire import listings
from deploy.vastdb_emulator.wire.arrow_messages import read_schema, stream_of_schema

MAX_LISTING_BYTES = 5 << 20


def list_columns(call: Call) -> Response:
    """List the columns of a table with their types, or with only their names where the request says so."""
    if call.table_ref.name.endswith(partitions.LISTING_SUFFIX):
        return _listed(call, partitions.listing(partitioned_table(call)).schema)
    table = call.table
    if call.is_about_imports:
        return _listed(call, imported_objects.SCHEMA)
    return _listed(call, table.columns, partitions.specification(table), sorted_by=table.sorted_by)


def list_sorted_columns(call: Call) -> Response:
    """List the columns of a table's sorting key in its order."""
    table = call.table
    if not table.sorted_by:
        raise BadRequest("Listing sorted columns of a table without elysium enabled is not supported.")
    return _listed(call, pa.schema([table.columns.field(name) for name in table.sorted_by]))


def add(call: Call) -> Response:
    """Add columns, null in every row."""
    fields = read_schema(call.request.body)
    for field in fields:
        require_supported(field)
    handle = call.view.handle(call.table_ref)
    return call.change_table(handle, lambda table: with_added(table, fields), declares=True)


def alter(call: Call) -> Response:
    """Rename a column."""
    handle = call.view.handle(call.table_ref)
    old = call.request.parameters["tabular-column-name"]
    new = call.request.parameters.get("tabular-new-column-name", old)
    if old == new:
        return Response()
    return call.change_table(handle, lambda table: with_renamed(table, old, new), declares=True)


def drop(call: Call) -> Response:
    """Drop columns."""
    names = read_schema(call.request.body).names
    handle = call.view.handle(call.table_ref)
    return call.change_table(handle, lambda table: with_dropped(table, names), declares=True)


def _listed(
    call: Call, columns: Any, metadata: dict[bytes, str] | None = None, *, sorted_by: tuple[str, ...] = ()
) -> Response:
    page = listings.page_of(call.request, list(columns), lambda field: str(field.name))
    if call.request.flag("tabular-only-column-names"):
        names = pa.schema([(field.name, pa.null()) for field in page.items])
        return Response(body=stream_of_schema(names), headers=page.headers)
    fields = [field.with_metadata(_metadata(field.name, sorted_by)) for field in page.items]
    body = stream_of_schema(pa.schema(fields, metadata=metadata))
    if len(body) > MAX_LISTING_BYTES:
        raise BadRequest(f"list column result size {len(body)} is too long, at most {MAX_LISTING_BYTES} bytes")
    return Response(body=body, headers=page.headers)


def _metadata(column: str, sorted_by: tuple[str, ...]) -> dict[str, str]:
    # The SDK fails on a field without metadata, so that unsorted columns have some as well.
    if column not in sorted_by:
        return {"VAST:sort_type": "Unsorted"}
    return {"VAST:sort_type": "Sorted", "VAST:sort_index": str(sorted_by.index(column))}
