"""startUpload, completeUpload, abortUpload, registerFiles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import strawberry

from domain.uploads.commands import DeclaredFile, abort_upload
from domain.uploads.events import UploadType
from domain.uploads.plan import UploadLimits
from gateway.context import Context, Done, Info
from gateway.errors import UserError
from gateway.files.types import File
from gateway.reads.found import files_of_upload
from gateway.scalars import Long, Position
from gateway.settings import Settings
from gateway.uploads.reads import read_upload
from gateway.uploads.types import Upload
from processors.uploads.complete import SentFile, complete
from processors.uploads.register import register
from processors.uploads.start import start

VISIBLE = "Whether reads already show it; false when they did not within the bounded wait."


@strawberry.input(description="A file to be sent.")
class UploadFileInput:
    """A declared file."""

    path: str
    size_bytes: Long
    sha256: str | None = None
    part_size_bytes: Long | None = None


@strawberry.input(description="Which files will be sent for which asset.")
class StartUploadInput:
    """Input of startUpload."""

    database_id: str
    asset_id: str
    files: list[UploadFileInput]
    upload_type: UploadType | None = UploadType.ASSET_FILE
    idempotency_key: str | None = None


@strawberry.input(description="A part that was sent.")
class CompletedPartInput:
    """A sent part."""

    part_number: int
    etag: str


@strawberry.input(description="A file that was sent.")
class CompletedFileInput:
    """A sent file."""

    path: str
    parts: list[CompletedPartInput]


@strawberry.input(description="Which files of an upload were sent. Files left out end with an error.")
class CompleteUploadInput:
    """Input of completeUpload."""

    upload_id: strawberry.ID
    files: list[CompletedFileInput]
    idempotency_key: str | None = None


@strawberry.input(description="Which upload to give up, and why.")
class AbortUploadInput:
    """Input of abortUpload."""

    upload_id: strawberry.ID
    reason: str | None = None
    idempotency_key: str | None = None


@strawberry.input(description="An object in the bucket, below the asset's prefix.")
class RegisterFileInput:
    """An object to register."""

    path: str
    s3_version_id: str | None = strawberry.field(default=None, description="Null takes the newest version.")


@strawberry.input(description="Which objects become files of which asset.")
class RegisterFilesInput:
    """Input of registerFiles."""

    database_id: str
    asset_id: str
    files: list[RegisterFileInput]
    idempotency_key: str | None = None


@strawberry.type(description="What became of the upload.")
class UploadPayload:
    """Base of the payloads of uploads."""

    position: Position | None
    errors: list[UserError]
    visible: bool = strawberry.field(description=VISIBLE)
    upload_id: strawberry.Private[str | None]

    @strawberry.field(description="The upload; null when the request was refused.")
    async def upload(self, info: Info) -> Upload | None:
        return None if self.upload_id is None else await read_upload(info.context, self.upload_id)


@strawberry.type(description="A started upload.")
class StartUploadPayload(UploadPayload):
    """Payload of startUpload."""


@strawberry.type(description="A closed upload and the files it made.")
class CompleteUploadPayload(UploadPayload):
    """Payload of completeUpload."""

    @strawberry.field(description="Files that the upload made, in its order.")
    async def files(self, info: Info) -> list[File]:
        return [] if self.upload_id is None else await files_of_upload(info, self.upload_id)


@strawberry.type(description="An upload that was given up.")
class AbortUploadPayload(UploadPayload):
    """Payload of abortUpload."""


@strawberry.type(description="What became of the objects.")
class RegisterFilesPayload:
    """Payload of registerFiles."""

    position: Position | None
    errors: list[UserError]
    visible: bool = strawberry.field(description=VISIBLE)
    registered_count: int = strawberry.field(description="Versions that were not known before.")


@strawberry.type
class UploadMutations:
    """Mutations of uploads."""

    @strawberry.mutation(description="Declare files and get signed requests to send their parts by.")
    async def start_upload(self, info: Info, input: StartUploadInput) -> StartUploadPayload:  # noqa: A002
        context: Context = info.context
        files = [DeclaredFile(f.path, f.size_bytes, f.sha256, f.part_size_bytes) for f in input.files]
        done = await context.carry_out(
            start,
            context.services.objects,
            str(uuid4()),
            asset=(input.database_id, input.asset_id),
            upload_type=input.upload_type or UploadType.ASSET_FILE,
            files=files,
            lifetime=timedelta(seconds=context.services.settings.upload_lifetime_seconds),
            limits=_limits(context.services.settings),
            order=context.order("startUpload", input),
        )
        return StartUploadPayload(**_payload(done, done.result.get("uploadId")))

    @strawberry.mutation(
        description="Say that the parts were sent. A missing or wrong part refuses the call and leaves the upload open."
    )
    async def complete_upload(self, info: Info, input: CompleteUploadInput) -> CompleteUploadPayload:  # noqa: A002
        context: Context = info.context
        files = [SentFile(f.path, tuple((p.part_number, p.etag) for p in f.parts)) for f in input.files]
        done = await context.carry_out(
            complete,
            context.services.objects,
            str(input.upload_id),
            files=files,
            order=context.order("completeUpload", input),
        )
        return CompleteUploadPayload(**_payload(done, str(input.upload_id)))

    @strawberry.mutation(description="Give an upload up; nothing of it becomes a file, and its parts are removed.")
    async def abort_upload(self, info: Info, input: AbortUploadInput) -> AbortUploadPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            abort_upload,
            str(input.upload_id),
            reason=input.reason,
            order=context.order("abortUpload", input),
        )
        return AbortUploadPayload(**_payload(done, str(input.upload_id)))

    @strawberry.mutation(description="Make files of objects that are in the asset's bucket already.")
    async def register_files(self, info: Info, input: RegisterFilesInput) -> RegisterFilesPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            register,
            context.services.objects,
            (input.database_id, input.asset_id),
            files=[(file.path, file.s3_version_id) for file in input.files],
            order=context.order("registerFiles", input),
        )
        count = int(done.result.get("registered", "0"))
        return RegisterFilesPayload(
            position=done.position, errors=done.errors, visible=done.is_visible, registered_count=count
        )


def _limits(settings: Settings) -> UploadLimits:
    return UploadLimits(
        files=settings.upload_max_files,
        total_bytes=settings.upload_max_bytes,
        file_bytes=settings.upload_max_file_bytes,
        parts=settings.upload_max_parts,
        part_bytes=settings.upload_part_bytes,
    )


def _payload(done: Done, upload_id: str | None) -> dict[str, Any]:
    return {
        "position": done.position,
        "errors": done.errors,
        "visible": done.is_visible,
        "upload_id": None if done.errors else upload_id,
    }
