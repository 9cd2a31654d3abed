"""moveFiles and copyFiles."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import uuid4

import strawberry

from domain.transfers.commands import FilePair
from domain.transfers.events import MetadataPolicy, TransferKind
from gateway.context import Context, Done, Info
from gateway.errors import AWAY, ErrorCode, UserError, unavailable
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one
from gateway.transfers.types import FileTransfer
from processors.lifecycle.asking import AskedTransfer, Prefixes, ask_for_transfer
from processors.lifecycle.kinds import NAME


@strawberry.input(description="A file, and the path that it is to have.")
class FileTransferInput:
    """A pair of paths."""

    source_path: str
    destination_path: str


@strawberry.input
class TransferInput:
    """Base of both inputs."""

    database_id: str = strawberry.field(description="Database of the sources.")
    asset_id: str = strawberry.field(description="Asset of the sources.")
    destination_database_id: str | None = strawberry.field(default=None, description="Null stands for the same.")
    destination_asset_id: str | None = strawberry.field(default=None, description="Null stands for the same.")
    files: list[FileTransferInput] | None = strawberry.field(
        default=None, description="Which files go where, at most 10 000. Give either these or the two prefixes."
    )
    source_prefix: str | None = strawberry.field(
        default=None,
        description="Every file whose path begins like this; end it in '/' for a folder. At most 10 000: a larger "
        "folder goes in parts, each by a longer prefix, which may end within a name.",
    )
    destination_prefix: str | None = strawberry.field(
        default=None, description="What stands in place of sourcePrefix at the destination."
    )
    metadata_policy: MetadataPolicy | None = MetadataPolicy.KEEP_SOURCE
    reason: str | None = None
    idempotency_key: str | None = None


@strawberry.input(description="Files to move, within an asset or to another, also of another database.")
class MoveFilesInput(TransferInput):
    """Input of moveFiles."""


@strawberry.input(description="Files to copy, within an asset or to another, also of another database.")
class CopyFilesInput(TransferInput):
    """Input of copyFiles."""


@strawberry.type
class TransferPayload(Payload):
    """Base of payloads with a transfer."""

    @strawberry.field(description="The transfer, which goes on after this answer; null when it was refused.")
    async def file_transfer(self, info: Info) -> FileTransfer | None:
        return None if self.key is None else await read_one(info, "FileTransfer", self.key, returns=FileTransfer)


@strawberry.type(description="The move that was begun.")
class MoveFilesPayload(TransferPayload):
    """Payload of moveFiles."""


@strawberry.type(description="The copy that was begun.")
class CopyFilesPayload(TransferPayload):
    """Payload of copyFiles."""


RULES = (
    " Previews go with their files. Every destination must be free, archived files count, and no other transfer may "
    "claim it; if any file is refused, nothing is begun. The bytes are copied after the answer: watch "
    "FileTransfer.state or the event FileTransferCompleted. Whatever is done to a file meanwhile wins, and that file "
    "ends with a failure."
)


@strawberry.type
class TransferMutations:
    """Mutations that move and copy files."""

    @strawberry.mutation(
        description="Move files. Old object versions stay at the old keys, below a delete marker, and asOf still "
        "shows the files where they were." + RULES
    )
    async def move_files(self, info: Info, input: MoveFilesInput) -> MoveFilesPayload:  # noqa: A002
        return MoveFilesPayload(**await _asked(info.context, TransferKind.MOVE, "moveFiles", input))

    @strawberry.mutation(description="Copy files as they are now." + RULES)
    async def copy_files(self, info: Info, input: CopyFilesInput) -> CopyFilesPayload:  # noqa: A002
        return CopyFilesPayload(**await _asked(info.context, TransferKind.COPY, "copyFiles", input))


async def _asked(context: Context, kind: TransferKind, name: str, given: TransferInput) -> dict[str, Any]:
    if given.source_prefix is not None and (refusal := await prefix_refusal(context, "sourcePrefix")):
        return filled(Done(errors=[refusal]))
    asked = AskedTransfer(
        kind=kind,
        source=(given.database_id, given.asset_id),
        destination=(
            given.destination_database_id or given.database_id,
            given.destination_asset_id or given.asset_id,
        ),
        files=None if given.files is None else [FilePair(**asdict(pair)) for pair in given.files],
        prefixes=None if given.source_prefix is None else Prefixes(given.source_prefix, given.destination_prefix or ""),
        metadata_policy=given.metadata_policy or MetadataPolicy.KEEP_SOURCE,
        reason=given.reason,
    )
    ask = partial(ask_for_transfer, pool=context.services.pool)
    done = await context.carry_out(ask, str(uuid4()), asked, order=context.order(name, given))
    return filled(done, transfer_id=done.result.get("transferId", ""))


BEHIND = (
    "The list of the asset's files is behind the log, perhaps because no worker runs: try again, or name the files."
)


async def prefix_refusal(context: Context, field: str) -> UserError | None:
    """None once the lifecycle processor, which expands prefixes, has seen every file there is; after a bounded wait,
    why the prefix in this field cannot be used now.
    """
    try:
        head = await context.run(context.services.ledger.head)
    except AWAY as error:
        return unavailable(error)
    if await context.services.reached(head, NAME):
        return None
    return UserError(code=ErrorCode.UNAVAILABLE, message=BEHIND, path=[field])
