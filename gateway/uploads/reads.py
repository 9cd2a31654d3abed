"""Read an upload session: one statement, then Python signs its parts on demand."""

from __future__ import annotations

import base64
from functools import partial
from typing import Any

import orjson
import strawberry

from domain.uploads.events import UploadType
from domain.uploads.plan import parts
from domain.uploads.upload import UploadState
from gateway.context import Context
from gateway.uploads.types import Upload, UploadFile, UploadFileRow, file_error

SELECT = (
    "SELECT upload_id, database_id, asset_id, upload_type, s3_bucket, state, created_at, expires_at, files::json"
    " FROM asset_uploads_storage WHERE upload_id = %(id)s"
)


async def read_upload(context: Context, upload_id: str) -> Upload | None:
    """The session, None when there is none."""
    row = await context.as_told(partial(context.services.reader.row, SELECT, {"id": upload_id}))
    return None if row is None else upload(row)


def upload(row: tuple[Any, ...]) -> Upload:
    """A row of asset_uploads_storage as GraphQL shows it."""
    identity, database_id, asset_id, upload_type, bucket, recorded, created_at, expires_at, files = row
    state = UploadState(recorded)
    return Upload(
        id=strawberry.ID(node_id("Upload", identity)),
        upload_id=strawberry.ID(identity),
        database_id=database_id,
        asset_id=asset_id,
        upload_type=UploadType(upload_type),
        state=state,
        created_at=created_at,
        expires_at=expires_at,
        files=[_file(document, bucket, state) for document in orjson.loads(files)],
    )


def node_id(type_name: str, *key: str) -> str:
    """A global id, as gateway.reads.sources.global_id makes it in SQL."""
    listed = ", ".join(orjson.dumps(part).decode() for part in key)
    return base64.b64encode(f"{type_name}:[{listed}]".encode()).decode()


def _file(document: dict[str, Any], bucket: str, state: UploadState) -> UploadFile:
    is_open = state is UploadState.STARTED
    planned = parts(document["sizeBytes"], document["partSizeBytes"]) if is_open else []
    error = file_error(document)
    closed = "FAILED" if error else "COMPLETED"
    return UploadFile(
        path=document["path"],
        state=closed if state in (UploadState.COMPLETED, UploadState.COMPLETED_WITH_ERRORS) else state.value,
        error=error,
        planned=UploadFileRow(bucket, document, planned),
    )
