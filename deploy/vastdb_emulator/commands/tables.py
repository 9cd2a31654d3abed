"""Tables: list, create, rename, sort, drop, and their statistics."""

from __future__ import annotations

import re
from dataclasses import replace

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.commands.declarations import declared_table, sorting_key
from deploy.vastdb_emulator.errors import BadRequest, InternalError
from deploy.vastdb_emulator.query import partitions
from deploy.vastdb_emulator.store.catalog import TableRef
from deploy.vastdb_emulator.store.table import Table
from deploy.vastdb_emulator.transport.messages import Response
from deploy.vastdb_emulator.wire import listings
from deploy.vastdb_emulator.wire.listings import Details
from deploy.vastdb_emulator.wire.table_stats import table_stats

IPV4 = re.compile(r"(\d+\.\d+\.\d+\.\d+)(?::\d+)?")
# Bit 63 says that sorting is done; the field is signed.
SORTING_DONE = -(1 << 63)


def list_tables(call: Call) -> Response:
    """List the tables directly in a schema."""
    view = call.view
    view.require_schema(call.schema)
    details = [table_details(name, table) for name, table in view.tables_in(call.schema)]
    page = listings.page_of(call.request, details, lambda item: item.name)
    return listings.tables(page, call.bucket, call.schema.path)


def create(call: Call) -> Response:
    """Create a table."""
    if call.is_about_imports:
        raise InternalError("The list of imported objects exists from the table's first import on.")
    ref = call.table_ref
    table = declared_table(call, call.server.transactions.new_handle())
    return call.change(lambda catalog: catalog.with_new_table(ref, table), ref)


def alter(call: Call) -> Response:
    """Rename a table, or give it the sorting key that it does not have yet."""
    handle = call.view.handle(call.table_ref)
    path = call.request.parameters.get("tabular-new-table-name")
    if path is not None:
        schema, _, name = path.rpartition("/")
        ref = TableRef(call.bucket, schema, name)
        return call.change(lambda catalog: catalog.with_table_at(handle, ref), ("table", handle), ref)
    key = sorting_key(call, call.table.columns)
    if key and call.table.sorted_by:
        raise BadRequest("The table has a sorting key already.")
    return call.change_table(handle, lambda table: replace(table, sorted_by=key or table.sorted_by), declares=True)


def drop(call: Call) -> Response:
    """Drop a table, or forget which objects were imported into it."""
    ref = call.table_ref
    handle = call.view.handle(ref)
    if call.is_about_imports:
        return call.change_table(handle, lambda table: replace(table, imported=()))
    return call.change(lambda catalog: catalog.without_table(handle), ("table", handle), ref)


def stats(call: Call) -> Response:
    """The statistics of a table, of its list of partitions, or of its list of imported objects."""
    name = call.table_ref.name
    address = IPV4.fullmatch(call.request.headers.get("host", ""))
    reachable = address[1] if address else None
    if name.endswith(partitions.LISTING_SUFFIX):
        rows = partitions.listing(partitioned_table(call)).num_rows
        return Response(body=table_stats(Details(name, row_count=rows), address=reachable))
    table = call.table
    if call.is_about_imports:
        return Response(body=table_stats(Details(name, row_count=len(table.imported)), address=reachable))
    return Response(
        body=table_stats(
            table_details(name, table),
            address=reachable,
            index=table.vector_index,
            has_external_row_ids=table.has_external_row_ids,
        )
    )


def partitioned_table(call: Call) -> Table:
    """The table whose list of partitions the path is."""
    ref = call.table_ref
    view = call.view
    return view.table(view.handle(ref._replace(name=ref.name.removesuffix(partitions.LISTING_SUFFIX))))


def table_details(name: str, table: Table) -> Details:
    """What listings and statistics say of a table."""
    return Details(
        name=name,
        handle=table.handle,
        properties=table.properties,
        row_count=table.row_count,
        size_bytes=table.size_bytes,
        inserted_rows=table.inserted_rows,
        partition_count=partitions.listing(table).num_rows if table.partition_keys else 0,
        is_sorted=bool(table.sorted_by),
        is_partitioned=bool(table.partition_keys),
        sorting_score=SORTING_DONE if table.sorted_by else 0,
    )
