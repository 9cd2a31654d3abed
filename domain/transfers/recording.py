"""Commands that record how a transfer goes on; each is a no-op for what is recorded already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from domain.assets.asset import ASSETS, Asset
from domain.cause import Order
from domain.errors import DomainError
from domain.files.events import FileCopied, FileMoved, FileMovedAway, StoredObject
from domain.files.file import FILES, File
from domain.ledger import Ledger
from domain.schemas.rulebook import Rulebook
from domain.stream import Change, Decision, Outcome, Stream
from domain.transfers.commands import crossing_of, is_there, load_transfer
from domain.transfers.entries import Crossing, entry_events
from domain.transfers.events import (
    AssetTransferClosed,
    FileTransferCompleted,
    TransferFailure,
    TransferFailureCode,
)
from domain.transfers.transfer import OPEN_TRANSFERS, TRANSFERS, FileTransfer

Copies = Mapping[int, StoredObject]
"""Object versions that were made at destinations, by the file's place in the request."""


@dataclass(frozen=True)
class _Ends:
    """Both ends of one file of a transfer, as they are now."""

    number: int
    source: Stream[File]
    destination: Stream[File]
    taken: File | None
    """The source as its entries are taken: of a copy as it was when it was asked for, like its bytes."""


def record_copies(ledger: Ledger, transfer_id: str, copies: Copies, *, order: Order) -> Outcome:
    """Record that these files are at their destination, all in one transaction; all but those that `obstacles` names.

    Raises FileTransferNotFound.
    """

    def decide() -> Decision:
        stream, transfer = load_transfer(ledger, transfer_id)
        assets = ledger.load_many(ASSETS, [transfer.source, transfer.destination])
        pending = [n for n in _pending(transfer) if n in copies]
        ends = _ends(ledger, transfer, pending)
        rulebook = Rulebook(ledger)
        stay = _obstacles(transfer, assets, ends, copies, rulebook)
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
        failures = tuple(_failure(n, TransferFailureCode.GIVEN_UP, message) for n in transfer.remaining)
        stayed = (transfer.advanced(failures=failures),) if failures else ()
        done = FileTransferCompleted(**transfer.key, left_over=message)
        return Decision((stream.then(*stayed, done), *_closed(ledger, transfer)))

    return ledger.carry_out(order, decide)


def obstacles(ledger: Ledger, transfer_id: str, numbers: Sequence[int], copies: Copies) -> dict[int, TransferFailure]:
    """Why some of these files can't be at their destination now, by number; `copies` are there already.

    Raises FileTransferNotFound.
    """
    _, transfer = load_transfer(ledger, transfer_id)
    assets = ledger.load_many(ASSETS, [transfer.source, transfer.destination])
    return _obstacles(transfer, assets, _ends(ledger, transfer, numbers), copies, Rulebook(ledger))


def _pending(transfer: FileTransfer) -> list[int]:
    return transfer.remaining if transfer.is_open else []


def _ends(ledger: Ledger, transfer: FileTransfer, numbers: Sequence[int]) -> list[_Ends]:
    files = [transfer.request.files[n] for n in numbers]
    source_keys = [(*transfer.source, file.source_path) for file in files]
    destination_keys = [(*transfer.destination, file.destination_path) for file in files]
    streams = ledger.load_many(FILES, [*source_keys, *destination_keys])
    sources, destinations = streams[: len(files)], streams[len(files) :]
    taken = sources
    if not transfer.is_move:
        asked = ledger.position_of(TRANSFERS, transfer.request.transfer_id, revision=1)
        taken = ledger.load_many(FILES, source_keys, until=asked)
    return [
        _Ends(n, source, destination, then.state)
        for n, source, destination, then in zip(numbers, sources, destinations, taken, strict=True)
    ]


def _obstacles(
    transfer: FileTransfer, assets: Sequence[Stream[Asset]], ends: Sequence[_Ends], copies: Copies, rulebook: Rulebook
) -> dict[int, TransferFailure]:
    found: dict[int, TransferFailure] = {}
    archived = _archived_end(transfer, assets)
    for end in ends:
        base = transfer.request.files[end.number].previews
        if archived:
            found[end.number] = _failure(end.number, TransferFailureCode.ASSET_ARCHIVED, archived)
        elif base is not None and (base in transfer.failed or base in found):
            message = "The file that this is a preview of stayed where it was."
            found[end.number] = _failure(end.number, TransferFailureCode.PREVIEWED_FILE_STAYED, message)
        elif obstacle := _obstacle(transfer, end, copies.get(end.number), rulebook):
            found[end.number] = _failure(end.number, *obstacle)
    return found


def _archived_end(transfer: FileTransfer, assets: Sequence[Stream[Asset]]) -> str | None:
    concerned = assets if transfer.is_move else assets[1:]
    for stream in concerned:
        if stream.state is None or stream.state.is_archived or stream.state.is_deleted:
            name = stream.state.asset_id if stream.state else "of one end"
            return f"The asset {name!r} was archived meanwhile: unarchive it and ask again."
    return None


def _obstacle(
    transfer: FileTransfer, end: _Ends, copy: StoredObject | None, rulebook: Rulebook
) -> tuple[TransferFailureCode, str] | None:
    planned = transfer.request.files[end.number]
    source, destination = end.source.state, end.destination.state
    if transfer.is_move:
        if source is None or not is_there(source):
            return TransferFailureCode.SOURCE_NOT_FOUND, f"{planned.source_path!r} is not there any more."
        if source.is_archived:
            return TransferFailureCode.SOURCE_CHANGED, f"{planned.source_path!r} was archived meanwhile."
        if source.latest.s3_version_id != planned.s3_version_id:
            message = f"{planned.source_path!r} got another version meanwhile, which stays with it: ask again."
            return TransferFailureCode.SOURCE_CHANGED, message
    if destination is not None and destination.is_being_erased:
        message = f"The bytes of the file that was deleted at {planned.destination_path!r} are still being erased."
        return TransferFailureCode.DESTINATION_EXISTS, message
    if destination is not None and is_there(destination) and not _is_copy(destination, copy):
        message = f"{planned.destination_path!r} was made meanwhile by somebody else."
        return TransferFailureCode.DESTINATION_EXISTS, message
    try:
        entry_events(rulebook, _crossing(transfer, end), end.taken, destination)
    except DomainError as error:
        return TransferFailureCode.METADATA_CONFLICT, error.message
    return None


def _is_copy(destination: File, copy: StoredObject | None) -> bool:
    """Whether all that is known of the destination is the copy that was made there, seen before it was recorded."""
    return copy is not None and destination.latest.s3_version_id == copy.s3_version_id


def _arrival(transfer: FileTransfer, end: _Ends, stored: StoredObject, rulebook: Rulebook) -> list[Change]:
    planned = transfer.request.files[end.number]
    crossing = _crossing(transfer, end)
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
    change = end.destination.then(arrived, *entries)
    if not transfer.is_move:
        return [change]
    assert end.source.state is not None
    gone = FileMovedAway(
        **end.source.state.key,
        transfer_id=transfer.request.transfer_id,
        destination=destination,
        metadata_keys=tuple(sorted(end.source.state.metadata)),
        attribute_keys=tuple(sorted(end.source.state.attributes)),
    )
    return [change, end.source.then(gone)]


def _closed(ledger: Ledger, transfer: FileTransfer) -> list[Change]:
    assets = list(dict.fromkeys((transfer.source, transfer.destination)))
    identity = transfer.request.transfer_id
    return [
        stream.then(AssetTransferClosed(database_id=asset[0], asset_id=asset[1], transfer_id=identity))
        for asset, stream in zip(assets, ledger.load_many(OPEN_TRANSFERS, assets), strict=True)
    ]


def _crossing(transfer: FileTransfer, end: _Ends) -> Crossing:
    planned = transfer.request.files[end.number]
    return crossing_of(transfer.source, transfer.destination, planned, transfer.request.metadata_policy)


def _failure(number: int, code: TransferFailureCode, message: str) -> TransferFailure:
    return TransferFailure(number=number, code=code, message=message)
