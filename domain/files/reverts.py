"""Commands that put an older version of a file on top: the request, and what the processor records of it."""

from __future__ import annotations

from domain.assets.commands import load_asset
from domain.assets.errors import RevertInProgress
from domain.assets.reverts import SIGHTINGS
from domain.cause import Order
from domain.files.commands import load_file
from domain.files.events import FileReverted, FileRevertFailed, FileRevertRequested, FileVersionObserved, StoredObject
from domain.files.file import FILES
from domain.files.paths import check_path
from domain.ledger import Ledger
from domain.stream import Decision, Outcome

FileKey = tuple[str, str, str]
"""Database id, asset id, path."""


def revert_file(ledger: Ledger, key: FileKey, *, s3_version_id: str, order: Order) -> Outcome:
    """Ask for an older object version of a file to be put on top again.

    The result's `revertId` names the revert, which ends as FileReverted or FileRevertFailed.
    Raises AssetNotFound, AssetAlreadyArchived, FileNotFound, FileAlreadyArchived, FileVersionNotFound,
    FileVersionIsLatest, FileRevertInProgress, RevertInProgress, PathInvalid.
    """
    path = check_path(key[2])

    def decide() -> Decision:
        asset_stream, asset = load_asset(ledger, *key[:2])
        asset.require_active()
        stream, file = load_file(ledger, (*key[:2], path))
        stream.expect(order)
        file.require_in_work()
        if asset.versions.open_revert is not None:
            raise RevertInProgress
        event = file.revert(s3_version_id)
        return Decision((stream.then(event),), {"revertId": str(event.revert_id)}, held=(asset_stream,))

    return ledger.carry_out(order, decide)


def is_file_revert_open(ledger: Ledger, request: FileRevertRequested) -> bool:
    """Whether the revert still has to be done."""
    file = ledger.load(FILES, request.database_id, request.asset_id, request.path).state
    return file is not None and file.open_revert == request.revert_id


def version_to_revert(ledger: Ledger, request: FileRevertRequested) -> StoredObject:
    """The wanted object version."""
    sightings = ledger.load(SIGHTINGS, request.database_id, request.asset_id, request.path).state
    assert sightings is not None
    return sightings[request.reverted_from]


def record_file_revert(ledger: Ledger, request: FileRevertRequested, *, stored: StoredObject, order: Order) -> Outcome:
    """Record what is on top now; nothing when the revert is not open.

    Raises AssetNotFound, AssetAlreadyArchived, FileNotFound, FileAlreadyArchived.
    """

    def decide() -> Decision:
        asset_stream, asset = load_asset(ledger, request.database_id, request.asset_id)
        stream, file = load_file(ledger, (request.database_id, request.asset_id, request.path))
        if file.open_revert != request.revert_id:
            return Decision(())
        asset.require_active()
        file.require_in_work()
        done = FileReverted(
            **file.key,
            revert_id=request.revert_id,
            reverted_from=request.reverted_from,
            s3_version_id=stored.s3_version_id,
        )
        return Decision((stream.then(FileVersionObserved(**file.key, stored=stored), done),), held=(asset_stream,))

    return ledger.carry_out(order, decide)


def record_file_revert_failure(ledger: Ledger, request: FileRevertRequested, *, message: str, order: Order) -> Outcome:
    """Record that the revert was given up; nothing when it is not open."""

    def decide() -> Decision:
        stream = ledger.load(FILES, request.database_id, request.asset_id, request.path)
        if stream.state is None or stream.state.open_revert != request.revert_id:
            return Decision(())
        failed = FileRevertFailed(**stream.state.key, revert_id=request.revert_id, message=message)
        return Decision((stream.then(failed),))

    return ledger.carry_out(order, decide)
