"""archiveFiles, unarchiveFiles, deleteFilesPermanently: many files in one transaction, with a report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import strawberry

from domain.files.lifecycle import (
    SkipReason,
    archive_files,
    delete_files_permanently,
    skipped,
    unarchive_files,
)
from domain.stream import Outcome
from gateway.context import Context, Done, Info
from gateway.payloads import Payload, filled
from gateway.transfers.mutations import prefix_refusal
from processors.lifecycle.choosing import Chosen, choose

strawberry.enum(SkipReason, name="FileSkipReason", description="Why a file was left as it is.")


@strawberry.input
class ChosenFilesInput:
    """Base of the inputs: which files are meant."""

    database_id: str
    asset_id: str
    paths: list[str] | None = strawberry.field(default=None, description="Paths inside the asset, at most 10 000.")
    prefix: str | None = strawberry.field(
        default=None,
        description="Every file whose path begins like this, and that it can be done to; end it in '/' for a folder. "
        "It may be given beside paths.",
    )
    reason: str | None = None
    idempotency_key: str | None = None


@strawberry.input(description="Files to archive.")
class ArchiveFilesInput(ChosenFilesInput):
    """Input of archiveFiles."""


@strawberry.input(description="Files to bring back.")
class UnarchiveFilesInput(ChosenFilesInput):
    """Input of unarchiveFiles."""


@strawberry.input(description="Files to delete for ever.")
class DeleteFilesPermanentlyInput(ChosenFilesInput):
    """Input of deleteFilesPermanently."""

    confirm_permanent_delete: bool = strawberry.field(default=False, description="Must be true: this can't be undone.")


@strawberry.type(description="A file that was left as it is while others were changed.")
class SkippedFile:
    """A file that nothing was done to."""

    path: str
    reason: SkipReason


@strawberry.type
class ChosenFilesPayload(Payload):
    """Base of payloads about many files."""

    changed_count: int = strawberry.field(description="How many files were changed, with the previews that follow.")
    skipped: list[SkippedFile] = strawberry.field(
        description="Files that were left as they are. If all are, the request is refused with the first reason."
    )


@strawberry.type(description="The files that were archived.")
class ArchiveFilesPayload(ChosenFilesPayload):
    """Payload of archiveFiles."""


@strawberry.type(description="The files that are back.")
class UnarchiveFilesPayload(ChosenFilesPayload):
    """Payload of unarchiveFiles."""


@strawberry.type(description="The files that are no more.")
class DeleteFilesPermanentlyPayload(ChosenFilesPayload):
    """Payload of deleteFilesPermanently."""


@strawberry.type
class FileLifecycleMutations:
    """Mutations of many files."""

    @strawberry.mutation(
        description="Take files out of the working set with their previews; nothing of them is lost. Their objects "
        "get delete markers after the answer. An archived file takes no new version and no other change until it is "
        "unarchived."
    )
    async def archive_files(self, info: Info, input: ArchiveFilesInput) -> ArchiveFilesPayload:  # noqa: A002
        command = partial(choose, archive_files, Chosen.ACTIVE)
        return ArchiveFilesPayload(**await _change(info.context, "archiveFiles", input, command))

    @strawberry.mutation(
        description="Bring archived files back exactly as they were, with the previews that were archived along with "
        "them. The delete markers that archiving put are taken away; no new version is made."
    )
    async def unarchive_files(self, info: Info, input: UnarchiveFilesInput) -> UnarchiveFilesPayload:  # noqa: A002
        command = partial(choose, unarchive_files, Chosen.ARCHIVED)
        return UnarchiveFilesPayload(**await _change(info.context, "unarchiveFiles", input, command))

    @strawberry.mutation(
        description="Delete files for ever, archived or not, with their previews, metadata and pictures. Every object "
        "version is erased after the answer; watch Query.objectJobs or the event FileErased. Until then the paths take "
        "no new file. Versions of the asset keep naming them, as permanentlyDeleted."
    )
    async def delete_files_permanently(
        self,
        info: Info,
        input: DeleteFilesPermanentlyInput,  # noqa: A002
    ) -> DeleteFilesPermanentlyPayload:
        confirmed = partial(delete_files_permanently, is_confirmed=input.confirm_permanent_delete)
        command = partial(choose, confirmed, Chosen.ALL)
        return DeleteFilesPermanentlyPayload(**await _change(info.context, "deleteFilesPermanently", input, command))


async def _change(
    context: Context, name: str, given: ChosenFilesInput, command: Callable[..., Outcome]
) -> dict[str, Any]:
    if given.prefix is not None and (refusal := await prefix_refusal(context, "prefix")):
        done = Done(errors=[refusal])
    else:
        done = await context.carry_out(
            _ledger_last(command),
            (given.database_id, given.asset_id),
            paths=given.paths or (),
            prefix=given.prefix,
            pool=context.services.pool,
            reason=given.reason,
            order=context.order(name, given),
        )
    left = [SkippedFile(path=path, reason=reason) for path, reason in skipped(done.result)]
    return {**filled(done), "changed_count": int(done.result.get("changed", "0")), "skipped": left}


def _ledger_last(command: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """`choose` is given its command and choice before the ledger."""
    return lambda ledger, asset, **options: command(ledger, asset, **options)
