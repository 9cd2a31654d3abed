"""Projections: list, create, rename, drop, their columns and statistics."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
from vastdb.vast_flatbuf.tabular.AlterProjectionTableRequest import AlterProjectionTableRequest
from vastdb.vast_flatbuf.tabular.ColumnType import ColumnType
from vastdb.vast_flatbuf.tabular.CreateProjectionRequest import CreateProjectionRequest

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.errors import Conflict, NotFound
from deploy.vastdb_emulator.store.table import Projection, Table
from deploy.vastdb_emulator.transport.messages import Response
from deploy.vastdb_emulator.wire import listings
from deploy.vastdb_emulator.wire.arrow_messages import stream_of_schema
from deploy.vastdb_emulator.wire.listings import Details
from deploy.vastdb_emulator.wire.table_stats import projection_stats


def list_projections(call: Call) -> Response:
    """List the projections of a table; each has all of its rows at once."""
    table = call.table
    details = [
        Details(
            projection.name,
            handle=projection.handle,
            row_count=table.row_count,
            size_bytes=_size_bytes(table, projection),
        )
        for projection in table.projections
    ]
    return listings.projections(listings.page_of(call.request, details, lambda item: item.name), call.table_ref)


def create(call: Call) -> Response:
    """Create a projection of columns that exist."""
    request = CreateProjectionRequest.GetRootAs(call.request.body)
    columns = [request.Columns(index) for index in range(request.ColumnsLength())]
    projection = Projection(
        handle=call.server.transactions.new_handle(),
        name=call.request.parameters["name"],
        columns=tuple((column.Name().decode(), column.Type() == ColumnType.Sorted) for column in columns),
    )
    handle = call.view.handle(call.table_ref)
    return call.change_table(handle, lambda table: _with(table, projection), declares=True)


def alter(call: Call) -> Response:
    """Rename a projection."""
    name = call.request.parameters["name"]
    new = AlterProjectionTableRequest.GetRootAs(call.request.body).NewName()
    if new is None:
        call.table.projection(name)
        return Response()
    handle = call.view.handle(call.table_ref)
    return call.change_table(handle, lambda table: _renamed(table, name, new.decode()), declares=True)


def drop(call: Call) -> Response:
    """Drop a projection."""
    name = call.request.parameters["name"]
    handle = call.view.handle(call.table_ref)
    return call.change_table(handle, lambda table: _without(table, name), declares=True)


def list_columns(call: Call) -> Response:
    """List the columns of a projection with their types."""
    table = call.table
    projection = table.projection(call.request.parameters["name"])
    fields = [
        table.columns.field(name).with_metadata({"VAST:sort_type": "Sorted" if is_sorted else "Unsorted"})
        for name, is_sorted in projection.columns
    ]
    page = listings.page_of(call.request, fields, lambda field: str(field.name))
    return Response(body=stream_of_schema(pa.schema(page.items)), headers=page.headers)


def stats(call: Call) -> Response:
    """The statistics of a projection."""
    table = call.table
    projection = table.projection(call.request.parameters["name"])
    return Response(body=projection_stats(table.row_count, _size_bytes(table, projection)))


def _size_bytes(table: Table, projection: Projection) -> int:
    names = [name for name, _ in projection.columns]
    return sum(chunk.rows.select(names).nbytes for chunk in table.chunks)


def _with(table: Table, projection: Projection) -> Table:
    if any(existing.name == projection.name for existing in table.projections):
        raise Conflict(f"The table has a projection {projection.name} already.")
    for name, _ in projection.columns:
        if name not in table.columns.names:
            raise NotFound(f"The table has no column {name}.")
    return replace(table, projections=(*table.projections, projection))


def _renamed(table: Table, old: str, new: str) -> Table:
    table.projection(old)
    return replace(
        table,
        projections=tuple(
            replace(projection, name=new) if projection.name == old else projection for projection in table.projections
        ),
    )


def _without(table: Table, name: str) -> Table:
    table.projection(name)
    kept = tuple(projection for projection in table.projections if projection.name != name)
    return replace(table, projections=kept)
