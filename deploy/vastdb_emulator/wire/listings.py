"""Lists of schemas, tables, projections and columns: which page was asked for, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import flatbuffers
from vastdb.vast_flatbuf.tabular import (
    ListProjectionsResponse,
    ListSchemasResponse,
    ListTablesResponse,
    ObjectDetails,
)

from deploy.vastdb_emulator.transport.messages import Request, Response

Named = TypeVar("Named")


@dataclass(frozen=True)
class Details:
    """One listed thing; `sorting_score` is as the wire has it, bit 63 meaning that sorting is done."""

    name: str
    handle: int = 0
    properties: str = ""
    row_count: int = 0
    size_bytes: int = 0
    inserted_rows: int = 0
    partition_count: int = 0
    is_sorted: bool = False
    is_partitioned: bool = False
    sorting_score: int = 0


@dataclass(frozen=True)
class Page:
    """The part of a list that a request asked for, and the headers that say so."""

    items: tuple[Any, ...]
    headers: dict[str, str]


def page_of(request: Request, items: Sequence[Named], name_of: Callable[[Named], str]) -> Page:
    """Cut a list as the request's headers say: by exact name or by prefix, from an offset, up to a number."""
    exact = request.headers.get("tabular-name-exact-match")
    prefix = request.headers.get("tabular-name-prefix", "")
    matching = [item for item in items if (name_of(item) == exact if exact else name_of(item).startswith(prefix))]
    start = int(request.headers.get("tabular-next-key", "0"))
    end = start + int(request.headers.get("tabular-max-keys", "1000"))
    headers = {
        "tabular-next-key": str(min(end, len(matching))),
        "tabular-is-truncated": "true" if end < len(matching) else "false",
        "tabular-list-count": str(len(matching)),
    }
    counts_only = request.flag("tabular-list-count-only")
    return Page(() if counts_only else tuple(matching[start:end]), headers)


def schemas(page: Page, bucket: str) -> Response:
    """The answer to a listing of schemas."""
    builder = flatbuffers.Builder()
    details = _vector(builder, page.items, ListSchemasResponse.ListSchemasResponseStartSchemasVector)
    name = builder.CreateString(bucket)
    ListSchemasResponse.Start(builder)
    ListSchemasResponse.AddBucketName(builder, name)
    ListSchemasResponse.AddSchemas(builder, details)
    return _finished(builder, ListSchemasResponse.End(builder), page)


def tables(page: Page, bucket: str, schema: str) -> Response:
    """The answer to a listing of tables."""
    builder = flatbuffers.Builder()
    details = _vector(builder, page.items, ListTablesResponse.ListTablesResponseStartTablesVector)
    names = [builder.CreateString(name) for name in (bucket, schema)]
    ListTablesResponse.Start(builder)
    ListTablesResponse.AddBucketName(builder, names[0])
    ListTablesResponse.AddSchemaName(builder, names[1])
    ListTablesResponse.AddTables(builder, details)
    return _finished(builder, ListTablesResponse.End(builder), page)


def projections(page: Page, table: tuple[str, str, str]) -> Response:
    """The answer to a listing of projections; `table` is bucket, schema and name."""
    builder = flatbuffers.Builder()
    details = _vector(builder, page.items, ListProjectionsResponse.ListProjectionsResponseStartProjectionsVector)
    names = [builder.CreateString(name) for name in table]
    ListProjectionsResponse.Start(builder)
    ListProjectionsResponse.AddBucketName(builder, names[0])
    ListProjectionsResponse.AddSchemaName(builder, names[1])
    ListProjectionsResponse.AddTableName(builder, names[2])
    ListProjectionsResponse.AddProjections(builder, details)
    return _finished(builder, ListProjectionsResponse.End(builder), page)


def _vector(builder: Any, items: Iterable[Details], start: Callable[[Any, int], Any]) -> int:
    offsets = [_details(builder, item) for item in items]
    start(builder, len(offsets))
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    vector: int = builder.EndVector()
    return vector


def _details(builder: Any, item: Details) -> int:
    name, properties, handle = (builder.CreateString(text) for text in (item.name, item.properties, str(item.handle)))
    ObjectDetails.Start(builder)
    ObjectDetails.AddName(builder, name)
    ObjectDetails.AddProperties(builder, properties)
    ObjectDetails.AddHandle(builder, handle)
    ObjectDetails.AddNumRows(builder, item.row_count)
    ObjectDetails.AddSizeInBytes(builder, item.size_bytes)
    ObjectDetails.AddNumPartitions(builder, item.partition_count)
    ObjectDetails.AddSortingKeyEnabled(builder, item.is_sorted)
    ObjectDetails.AddSortingScore(builder, item.sorting_score)
    ObjectDetails.AddAcummulativeRowInseritionCount(builder, item.inserted_rows)
    ObjectDetails.AddPartitioningKeyEnabled(builder, item.is_partitioned)
    offset: int = ObjectDetails.End(builder)
    return offset


def _finished(builder: Any, root: int, page: Page) -> Response:
    builder.Finish(root)
    return Response(body=bytes(builder.Output()), headers=page.headers)
