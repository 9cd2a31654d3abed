"""The transfer aggregate, and the list of open transfers of an asset."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.stream import Aggregate
from domain.transfers.events import (
    AssetTransferOpened,
    AssetTransfersEvent,
    FileTransferAdvanced,
    FileTransferCompleted,
    FileTransferEvent,
    FileTransferRequested,
    TransferFailure,
    TransferKind,
)


@dataclass(frozen=True)
class FileTransfer:
    """What commands need to know of a transfer; numbers are places in the request, from 0."""

    request: FileTransferRequested
    done: frozenset[int] = frozenset()
    failed: frozenset[int] = frozenset()
    is_open: bool = True

    @property
    def key(self) -> dict[str, str]:
        """The ids that every event of the transfer carries."""
        request = self.request
        return {
            "transfer_id": request.transfer_id,
            "database_id": request.database_id,
            "asset_id": request.asset_id,
            "destination_database_id": request.destination_database_id,
            "destination_asset_id": request.destination_asset_id,
        }

    def advanced(
        self, *, done: tuple[int, ...] = (), failures: tuple[TransferFailure, ...] = ()
    ) -> FileTransferAdvanced:
        """The event of these outcomes."""
        request = self.request
        return FileTransferAdvanced(
            transfer_id=request.transfer_id,
            database_id=request.database_id,
            asset_id=request.asset_id,
            destination_database_id=request.destination_database_id,
            destination_asset_id=request.destination_asset_id,
            done=done,
            failures=failures,
        )

    @property
    def is_move(self) -> bool:
        """Whether the sources go away."""
        return self.request.kind is TransferKind.MOVE

    @property
    def source(self) -> tuple[str, str]:
        """Database and asset that the files are taken from."""
        return self.request.database_id, self.request.asset_id

    @property
    def destination(self) -> tuple[str, str]:
        """Database and asset that the files are brought to."""
        return self.request.destination_database_id, self.request.destination_asset_id

    @property
    def remaining(self) -> list[int]:
        """Files without an outcome, in the order of the request."""
        return [n for n in range(len(self.request.files)) if n not in self.done and n not in self.failed]

    def claims(self, asset: tuple[str, str]) -> set[str]:
        """Paths of the asset that nothing else may bring a file to while this goes on."""
        return {file.destination_path for file in self.request.files} if asset == self.destination else set()

    def empties(self, asset: tuple[str, str]) -> set[str]:
        """Paths of the asset that this moves away."""
        is_source = self.is_move and asset == self.source
        return {file.source_path for file in self.request.files} if is_source else set()


def evolve_transfer(transfer: FileTransfer | None, event: FileTransferEvent) -> FileTransfer:
    """The transfer after the event."""
    if isinstance(event, FileTransferRequested):
        return FileTransfer(event)
    assert transfer is not None
    match event:
        case FileTransferAdvanced():
            failed = {failure.number for failure in event.failures}
            return replace(transfer, done=transfer.done | set(event.done), failed=transfer.failed | failed)
        case FileTransferCompleted():
            return replace(transfer, is_open=False)
    raise TypeError(f"{type(event).__name__} is not an event of a transfer")


OpenTransfers = frozenset[str]


def evolve_open(transfers: OpenTransfers | None, event: AssetTransfersEvent) -> OpenTransfers:
    """The ids of the asset's open transfers after the event."""
    known = transfers or frozenset()
    return known | {event.transfer_id} if isinstance(event, AssetTransferOpened) else known - {event.transfer_id}


TRANSFERS = Aggregate("file-transfer", evolve_transfer, is_kept=True)
OPEN_TRANSFERS: Aggregate[OpenTransfers] = Aggregate("asset-transfers", evolve_open)
