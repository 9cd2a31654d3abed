"""Upload: a session, its files, and the signed requests by which their parts are sent."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain.uploads.events import UploadType
from domain.uploads.plan import PlannedPart
from domain.uploads.upload import UploadState
from gateway.connections import Node
from gateway.context import Context, Info
from gateway.errors import ErrorCode, UserError
from gateway.scalars import Long
from processors.objects.errors import MultipartMissing

strawberry.enum(UploadType, description="What the bytes are for.")
strawberry.enum(UploadState, description="Where an upload stands.")


@strawberry.type(description="A header to send with a part.")
class HttpHeader:
    """A header."""

    name: str
    value: str


@strawberry.type(description="One part of a file: send its bytes with an HTTP PUT and keep the ETag of the answer.")
class UploadPart:
    """A part."""

    part_number: int = strawberry.field(description="From 1.")
    url: str = strawberry.field(description="Signed; ask again for a fresh one when it has expired.")
    headers: list[HttpHeader] = strawberry.field(description="Send exactly these with the bytes.")
    offset: Long = strawberry.field(description="First byte of the part in the file.")
    size_bytes: Long = strawberry.field(description="Bytes of the part; more or fewer are refused.")
    received: bool = strawberry.field(description="Whether the store has it.")


@strawberry.type(description="A file of an upload.")
class UploadFile:
    """A file of a session."""

    path: str = strawberry.field(description="Path inside the asset.")
    state: str = strawberry.field(description="STARTED, COMPLETED, FAILED, ABORTED or EXPIRED.")
    error: UserError | None = strawberry.field(description="Why it did not become a file.")
    planned: strawberry.Private[UploadFileRow]

    @strawberry.field(
        description="Its parts, in order; none for an empty file, once it is closed, or if the store dropped them."
    )
    async def parts(self, info: Info) -> list[UploadPart]:
        context: Context = info.context
        return await context.read(self.planned.parts, context)  # type: ignore[no-any-return]


@strawberry.type(description="A session in which files are sent part by part.")
class Upload(Node):
    """A session."""

    upload_id: strawberry.ID = strawberry.field(description="The session's id.")
    database_id: str = strawberry.field(description="Database of its asset.")
    asset_id: str = strawberry.field(description="Asset it fills.")
    upload_type: UploadType = strawberry.field(description="What the bytes are for.")
    state: UploadState = strawberry.field(description="Where it stands.")
    created_at: datetime = strawberry.field(description="When it was started.")
    expires_at: datetime = strawberry.field(
        description="It can't be completed from then on; within seconds its state is EXPIRED."
    )
    files: list[UploadFile] = strawberry.field(description="In the order they were declared.")


class UploadFileRow:
    """A file of a session as the tables hold it, able to sign its parts. Blocking: call it off the event loop."""

    def __init__(self, bucket: str, document: dict[str, object], parts: list[PlannedPart]) -> None:
        self._bucket = bucket
        self._key = str(document["s3Key"])
        self._multipart_id = document.get("multipartId")
        self._parts = parts

    def parts(self, context: Context) -> list[UploadPart]:
        """Every part with a fresh signature, and whether the store has it. Raises StoreUnavailable."""
        if self._multipart_id is None or not self._parts:
            return []
        try:
            received = self._received(context)
        except MultipartMissing:  # The upload was closed since its row was read, or the store dropped the parts.
            return []
        return [self._part(context, part, is_received=part.part_number in received) for part in self._parts]

    def _received(self, context: Context) -> set[int]:
        store = context.services.objects
        stored = store.parts(self._bucket, self._key, multipart_id=str(self._multipart_id))
        return {part.part_number for part in stored}

    def _part(self, context: Context, part: PlannedPart, *, is_received: bool) -> UploadPart:
        request = context.services.objects.sign_part(
            self._bucket,
            self._key,
            multipart_id=str(self._multipart_id),
            part_number=part.part_number,
            size_bytes=part.size_bytes,
            expires_seconds=context.services.settings.part_url_seconds,
        )
        return UploadPart(
            part_number=part.part_number,
            url=request.url,
            headers=[HttpHeader(name=name, value=value) for name, value in request.headers],
            offset=Long(part.offset),
            size_bytes=Long(part.size_bytes),
            received=is_received,
        )


def file_error(document: dict[str, object]) -> UserError | None:
    """The error a file of a session ended with, None for one that did not fail."""
    name = document.get("errorCode")
    if name is None:
        return None
    code = ErrorCode.__members__.get(str(name), ErrorCode.CONFLICT)
    return UserError(code=code, message=str(document["errorMessage"]), path=[str(document["path"])])
