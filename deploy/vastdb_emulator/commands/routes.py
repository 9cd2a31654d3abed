"""Which function answers which request."""

from __future__ import annotations

from collections.abc import Callable

from deploy.vastdb_emulator.commands import (
    buckets,
    columns,
    projections,
    rows,
    schemas,
    select,
    tables,
    transactions,
)
from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.commands.imports import objects as imports
from deploy.vastdb_emulator.errors import NotImplementedHere
from deploy.vastdb_emulator.objects import requests as objects
from deploy.vastdb_emulator.transport.messages import Response

COMMANDS: dict[tuple[str, str], Callable[[Call], Response]] = {
    ("GET", "transaction"): transactions.probe,
    ("POST", "transaction"): transactions.begin,
    ("PUT", "transaction"): transactions.commit,
    ("DELETE", "transaction"): transactions.rollback,
    ("GET", "schema"): schemas.list_schemas,
    ("POST", "schema"): schemas.create,
    ("PUT", "schema"): schemas.alter,
    ("DELETE", "schema"): schemas.drop,
    ("GET", "table"): tables.list_tables,
    ("POST", "table"): tables.create,
    ("PUT", "table"): tables.alter,
    ("DELETE", "table"): tables.drop,
    ("GET", "stats"): tables.stats,
    ("GET", "column"): columns.list_columns,
    ("GET", "sorted-columns"): columns.list_sorted_columns,
    ("POST", "column"): columns.add,
    ("PUT", "column"): columns.alter,
    ("DELETE", "column"): columns.drop,
    ("POST", "rows"): rows.insert,
    ("PUT", "rows"): rows.update,
    ("DELETE", "rows"): rows.delete,
    ("DELETE", "partitions"): rows.delete_partitions,
    ("GET", "data"): select.select,
    ("POST", "data"): imports.import_objects,
    ("GET", "projection"): projections.list_projections,
    ("POST", "projection"): projections.create,
    ("PUT", "projection"): projections.alter,
    ("DELETE", "projection"): projections.drop,
    ("GET", "projection-columns"): projections.list_columns,
    ("GET", "projection-stats"): projections.stats,
}


def answer(call: Call) -> Response:
    """Answer a request: a command of the tables, a bucket's own request, or one of S3."""
    request = call.request
    command = COMMANDS.get((request.method, request.command))
    if command is not None:
        return command(call)
    if request.command == "blob-expansion":
        raise NotImplementedHere("Blob expansion is not emulated.")
    if len(request.path_parts) == 1:
        if request.method == "HEAD":
            return buckets.head(call)
        if request.method == "PUT":
            return buckets.create(call)
        if "list_type" in request.parameters:
            return buckets.snapshots(call)
    return objects.answer(call)
