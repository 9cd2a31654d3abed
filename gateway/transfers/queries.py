"""The root field of transfers."""

from __future__ import annotations

import strawberry

from gateway.context import Info
from gateway.reads.root import read_one
from gateway.scalars import Position
from gateway.transfers.types import FileTransfer


@strawberry.type
class TransferQueries:
    """Transfers of files."""

    @strawberry.field(description="A transfer by its id: how far it is, and which files stay where they were and why.")
    async def file_transfer(
        self, info: Info, transfer_id: strawberry.ID, at_least: Position | None = None
    ) -> FileTransfer | None:
        return await read_one(info, "FileTransfer", {"transfer_id": str(transfer_id)}, returns=FileTransfer)
