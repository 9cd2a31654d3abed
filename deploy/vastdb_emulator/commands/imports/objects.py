"""Imports: rows of Parquet objects appended to a table, or joined to it by keys."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.commands.imports.by_keys import import_by_keys
from deploy.vastdb_emulator.commands.imports.refusals import MismatchedName, MismatchedType, NotImported
from deploy.vastdb_emulator.commands.rows import append
from deploy.vastdb_emulator.errors import BadRequest, NotFound
from deploy.vastdb_emulator.store.table import Table
from deploy.vastdb_emulator.transport.messages import Response
from deploy.vastdb_emulator.wire import import_request
from deploy.vastdb_emulator.wire.import_request import ImportedFile

MAX_FILES = 10


def import_objects(call: Call) -> Response:
    """Import objects one after the other; the answer has one HTTP chunk for each, and ends with the first failure."""
    files, keys = import_request.decode(call.request.body)
    if len(files) > MAX_FILES:
        raise BadRequest(f"The request names {len(files)} files, at most {MAX_FILES} are imported at once.")
    handle = call.view.handle(call.table_ref)
    return Response(body=_results(call, handle, files, keys))


def _results(call: Call, handle: int, files: list[ImportedFile], keys: list[str]) -> Iterator[bytes]:
    for file in files:
        result, message = _import(call, handle, file, keys)
        outcome = {
            "res": result,
            "err_msg": message[:500],
            "bucket_name": file.source.bucket,
            "object_name": file.source.key,
        }
        yield json.dumps(outcome).encode()
        if message:
            return


def _import(call: Call, handle: int, file: ImportedFile, keys: list[str]) -> tuple[str, str]:
    try:
        rows = _read_rows(call, file)
        table = call.view.table(handle)
        if file.source in table.imported:
            return "TabularAlreadyImported", ""
        if keys:
            import_by_keys(call, table, rows, keys)
        else:
            append(call, table, _checked(table, rows))
        call.change_table(handle, lambda current: replace(current, imported=(*current.imported, file.source)))
    except NotImported as refusal:
        return refusal.result, str(refusal)
    except NotFound as refusal:
        return "TabularImportError", str(refusal)
    return "Success", ""


def _read_rows(call: Call, file: ImportedFile) -> Any:
    found = call.server.objects.get(file.source.bucket, file.source.key)
    try:
        table = pq.read_table(io.BytesIO(found.body)).replace_schema_metadata(None)
    except pa.ArrowInvalid as error:
        raise NotImported(f"{file.source.key} is not a Parquet file: {error}") from error
    if file.constants is not None:
        for name, constant in zip(file.constants.schema.names, file.constants.columns, strict=True):
            table = table.append_column(name, pa.repeat(constant[0], table.num_rows))
    if not table.num_rows:
        return pa.RecordBatch.from_pylist([], schema=table.schema)
    return table.combine_chunks().to_batches()[0]


def _checked(table: Table, rows: Any) -> Any:
    for field in rows.schema:
        if field.name not in table.columns.names:
            raise MismatchedName(f"The table has no column {field.name}")
        if field.type != table.columns.field(field.name).type:
            declared = table.columns.field(field.name).type
            raise MismatchedType(f"Column {field.name} is {declared} in the table and {field.type} in the file")
    columns = [table.columns.field(name) for name in rows.schema.names]
    return pa.RecordBatch.from_arrays(rows.columns, schema=pa.schema(columns))
