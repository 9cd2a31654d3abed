"""The query: pages of rows for the sub-splits that a request asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.commands.tables import partitioned_table
from deploy.vastdb_emulator.errors import BadRequest
from deploy.vastdb_emulator.query import partitions, source
from deploy.vastdb_emulator.query.imported_objects import imported_objects
from deploy.vastdb_emulator.query.projected import best_projection, of_projection
from deploy.vastdb_emulator.query.scan import Query
from deploy.vastdb_emulator.query.splits import ROW_GROUP, Split
from deploy.vastdb_emulator.transport.messages import Request, Response
from deploy.vastdb_emulator.wire import frames, relation
from deploy.vastdb_emulator.wire.frames import NO_MORE_ROWS
from deploy.vastdb_emulator.wire.relation import Relation

MAX_REQUEST_BYTES = 5 << 20


def select(call: Call) -> Response:
    """Answer with one page for each sub-split that is not finished, then the end of the query."""
    if len(call.request.body) > MAX_REQUEST_BYTES:
        raise BadRequest(f"The query has {len(call.request.body)} bytes, at most {MAX_REQUEST_BYTES} are read.")
    if int(call.request.headers.get("tabular-schedule-id", "0")) < 0:
        raise BadRequest("tabular-schedule-id is negative.")
    asked = relation.decode(call.request.body)
    split = _split(call.request)
    if split.is_estimate:
        return Response(body=_estimate(call.table.row_count))
    query = _query(call, asked)
    return Response(body=_pages(query, split))


def _pages(query: Query, split: Split) -> Iterator[bytes]:
    # Each page is sent as one HTTP chunk while the next one is read.
    for sub_split, start in split.cursors.items():
        if start != NO_MORE_ROWS:
            rows, next_row = query.page(split.slot(sub_split), start, split.limit)
            yield b"".join(frames.page(sub_split, next_row, rows, query.leaves))
    yield frames.END_OF_QUERY


def _query(call: Call, asked: Relation) -> Query:
    name = call.table_ref.name
    if name.endswith(partitions.LISTING_SUFFIX):
        rows = partitions.listing(partitioned_table(call))
        return Query.bind(asked, source.of_rows(rows, ignores_unknown=True))
    table = call.table
    if call.is_about_imports:
        return Query.bind(asked, source.of_rows(imported_objects(table)))
    query = Query.bind(asked, source.of_table(table))
    chosen = call.request.parameters.get("name")
    if chosen:
        return Query.bind(asked, of_projection(table, table.projection(chosen)))
    if call.request.flag("tabular-enable-sorted-projections"):
        projection = best_projection(table, queried=set(asked.names), filtered=query.filtered)
        if projection is not None:
            return Query.bind(asked, of_projection(table, projection))
    return query


def _split(request: Request) -> Split:
    number, total, row_groups = (int(part) for part in request.headers["tabular-split"].split(","))
    cursors = {}
    for index in range(int(request.headers.get("tabular-num-of-subsplits", "1"))):
        sub_split, start = request.headers.get(f"tabular-start-row-id-{index}", f"{index},0").split(",")
        cursors[int(sub_split)] = int(start)
    limit = request.headers.get("tabular-limit-rows")
    return Split(number, total, row_groups, cursors, None if limit is None else int(limit))


def _estimate(row_count: int) -> bytes:
    row_groups = -(-row_count // ROW_GROUP)
    rows = pa.RecordBatch.from_arrays([pa.array(range(row_groups), pa.int32())], names=["row_group"])
    return b"".join(frames.page(0, NO_MORE_ROWS, rows, [])) + frames.END_OF_QUERY
