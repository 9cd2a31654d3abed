"""Lists whose rows something else has found, answered by one statement over the tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import orjson

from gateway.context import Info
from gateway.files.types import File
from gateway.frames.reads import FOUND, STILL_THERE
from gateway.reads.plan import Plan
from gateway.reads.root import read_many
from gateway.reads.selection import Selected
from gateway.reads.sources import Many, Narrowing, Source


async def files_of_upload(info: Info, upload_id: str) -> list[File]:
    """The file versions that an upload session made, in the order of the session."""

    def narrow(narrowing: Narrowing) -> list[str]:
        made = (
            "(SELECT u.database_id, u.asset_id, f ->> 'path', f ->> 's3VersionId' FROM asset_uploads_storage u,"
            f" jsonb_array_elements(u.files) f WHERE u.upload_id = {narrowing.bind(upload_id)})"
        )
        row = narrowing.row
        return [f"({row}.database_id, {row}.asset_id, {row}.path, {row}.s3_version_id) IN {made}"]

    spec = Many("FileAtVersion", "true", "{t}.path", narrow)
    return cast("list[File]", await read_many(info, lambda plan, field, _: plan.many(field.nodes, spec, None, {})))


async def edges(info: Info, source: str, rows: Sequence[dict[str, Any]]) -> Any:
    """Edges of rows that another store found, joined with what the tables hold of them now."""
    where = STILL_THERE if source == "SearchEdge" else "true"
    spec = Many(source, where, "{t}.n")
    document = orjson.dumps([{"n": n, **row} for n, row in enumerate(rows)]).decode()

    def make(plan: Plan, field: Selected, _: Any) -> str:
        found = plan.bind(document, "json")
        original = plan.sources[source]
        filled = Source(original.type_name, original.table.replace(FOUND, found), original.fields)
        plan.sources = {**plan.sources, source: filled}
        return plan.many(field.nodes, spec, None, {})

    return await read_many(info, make)
