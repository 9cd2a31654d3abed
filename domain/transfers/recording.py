"""Commands that record how a transfer goes on; each is a no-op for what is recorded already."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.assets.asset import ASSETS
from domain.cause import Order
from domain.files.events import (
    FileCopied,
    FileEvent,
    FileMoved,
    FileMovedAway,
    FilePlace,
    FilePrimaryTypeSet,
    StoredObject,
)
from domain.files.file import File
from domain.ledger import Ledger
from domain.schemas.rulebook import Rulebook
from domain.stream import Change, Decision, Outcome
from domain.transfers.commands import load_transfer
from domain.transfers.entries import entry_events
from domain.transfers.events import (
    AssetTransferClosed,
    FileTransferCompleted,
    TransferFailure,
    TransferFailureCode,
)
from domain.transfers.obstacles import Copies, Ends, crossing_of_end, ends_of, failure_of, obstacles_of
from domain.transfers.transfer import OPEN_TRANSFERS, FileTransfer


def record_copies(ledger: Ledger, transfer_id: str, copies: Copies, *, order: Order) -> Outcome:
    """Record that these files are at their destination, all in one transaction; all but those that `obstacles` names.

    Raises FileTransferNotFound.
    """

    def decide() -> Decision:
        stream, transfer = load_transfer(ledger, transfer_id)
        assets = ledger.load_many(ASSETS, [transfer.source, transfer.destination])
        pending = [n for n in _pending(transfer) if n in copies]
        ends = ends_of(ledger, transfer, pending)
        rulebook = Rulebook(ledger)
        stay = obstacles_of(transfer, assets, ends, copies, rulebook)
        going = [end for end in ends if end.number not in stay]
        if not going:
            return Decision(())
        changes = [change for end in going for change in _arrival(transfer, end, copies[end.number], rulebook)]
        advanced = transfer.advanced(done=tuple(end.number for end in going))
        held = {asset.id: asset for asset in assets}
        return Decision((*changes, stream.then(advanced)), held=(*held.values(), *rulebook.held))

    return ledger.carry_out(order, decide)


def record_failures(ledger: Ledger, transfer_id: str, failures: Sequence[TransferFailure], *, order: Order) -> Outcome:
    """Record that these files stay where they are, unless they have an outcome. Raises FileTransferNotFound."""

    def decide() -> Decision:
        stream, transfer = load_transfer(ledger, transfer_id)
        pending = set(_pending(transfer))
        new = tuple(failure for failure in failures if failure.number in pending)
        return Decision((stream.then(transfer.advanced(failures=new)),) if new else ())

    return ledger.carry_out(order, decide)


def complete_transfer(ledger: Ledger, transfer_id: str, *, left_over: str | None = None, order: Order) -> Outcome:
    """Record that every file has its outcome; nothing while one has none, or when it is recorded.

    Raises FileTransferNotFound.
    """

    def decide() -> Decision:
        stream, transfer = load_transfer(ledger, transfer_id)
        if not transfer.is_open or transfer.remaining:
            return Decision(())
        return Decision(
            (stream.then(FileTransferCompleted(**transfer.key, left_over=left_over)), *_closed(ledger, transfer))
        )

    return ledger.carry_out(order, decide)


def give_up_transfer(ledger: Ledger, transfer_id: str, *, message: str, order: Order) -> Outcome:
    """Record that what has no outcome stays where it is, and that nothing more is done; nothing when it is over.

    Raises FileTransferNotFound.
    """

    def decide() -> Decision:
        stream, transfer = load_transfer(ledger, transfer_id)
        if not transfer.is_open:
            return Decision(())
        failures = tuple(failure_of(n, TransferFailureCode.GIVEN_UP, message) for n in transfer.remaining)
        stayed = (transfer.advanced(failures=failures),) if failures else ()
        done = FileTransferCompleted(**transfer.key, left_over=message)
        return Decision((stream.then(*stayed, done), *_closed(ledger, transfer)))

    return ledger.carry_out(order, decide)


def _pending(transfer: FileTransfer) -> list[int]:
    return transfer.remaining if transfer.is_open else []


def _arrival(transfer: FileTransfer, end: Ends, stored: StoredObject, rulebook: Rulebook) -> list[Change]:
    planned = transfer.request.files[end.number]
    crossing = crossing_of_end(transfer, end)
    destination = crossing.destination
    kind = FileMoved if transfer.is_move else FileCopied
    same = end.taken is not None and end.taken.latest.s3_version_id == planned.s3_version_id
    digest = end.taken.latest.content_sha256 if end.taken and same else None
    arrived = kind(
        database_id=destination.database_id,
        asset_id=destination.asset_id,
        path=destination.path,
        stored=msgspec.structs.replace(stored, content_sha256=digest),
        transfer_id=transfer.request.transfer_id,
        source=crossing.source,
        source_version_id=planned.s3_version_id,
    )
    entries = entry_events(rulebook, crossing, end.taken, end.destination.state)
    if not transfer.is_move:
        return [end.destination.then(arrived, *entries)]
    assert end.source.state is not None
    change = end.destination.then(arrived, *entries, *_role(destination, end.source.state))
    gone = FileMovedAway(
        **end.source.state.key,
        transfer_id=transfer.request.transfer_id,
        destination=destination,
        metadata_keys=tuple(sorted(end.source.state.metadata)),
        attribute_keys=tuple(sorted(end.source.state.attributes)),
    )
    return [change, end.source.then(gone)]


def _role(destination: FilePlace, source: File) -> tuple[FileEvent, ...]:
    """What gives a moved file the role that it had."""
    key = {"database_id": destination.database_id, "asset_id": destination.asset_id, "path": destination.path}
    role = FilePrimaryTypeSet(**key, primary_type=source.primary_type, primary_type_other=source.primary_type_other)
    return (role,) if source.primary_type else ()


def _closed(ledger: Ledger, transfer: FileTransfer) -> list[Change]:
    assets = list(dict.fromkeys((transfer.source, transfer.destination)))
    identity = transfer.request.transfer_id
    return [
        stream.then(AssetTransferClosed(database_id=asset[0], asset_id=asset[1], transfer_id=identity))
        for asset, stream in zip(assets, ledger.load_many(OPEN_TRANSFERS, assets), strict=True)
    ]
