"""What keeps a file of a transfer from being at its destination, as things are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.assets.asset import ASSETS, Asset
from domain.errors import DomainError
from domain.files.events import StoredObject
from domain.files.file import FILES, File
from domain.ledger import Ledger
from domain.schemas.rulebook import Rulebook
from domain.stream import Stream
from domain.transfers.commands import crossing_of, is_hidden, is_there, load_transfer
from domain.transfers.entries import Crossing, entry_events
from domain.transfers.events import PlannedTransfer, TransferFailure, TransferFailureCode
from domain.transfers.transfer import TRANSFERS, FileTransfer

Copies = Mapping[int, StoredObject]
"""Object versions that were made at destinations, by the file's place in the request."""


@dataclass(frozen=True)
class Ends:
    """Both ends of one file of a transfer, as they are now."""

    number: int
    source: Stream[File]
    destination: Stream[File]
    taken: File | None
    """The source as its entries are taken: of a copy as it was when it was asked for, like its bytes."""


def obstacles(ledger: Ledger, transfer_id: str, numbers: Sequence[int], copies: Copies) -> dict[int, TransferFailure]:
    """Why some of these files can't be at their destination now, by number; `copies` are there already.

    Raises FileTransferNotFound.
    """
    _, transfer = load_transfer(ledger, transfer_id)
    assets = ledger.load_many(ASSETS, [transfer.source, transfer.destination])
    return obstacles_of(transfer, assets, ends_of(ledger, transfer, numbers), copies, Rulebook(ledger))


def ends_of(ledger: Ledger, transfer: FileTransfer, numbers: Sequence[int]) -> list[Ends]:
    """Both ends of these files, by a few reads for all of them."""
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
        Ends(n, source, destination, then.state)
        for n, source, destination, then in zip(numbers, sources, destinations, taken, strict=True)
    ]


def obstacles_of(
    transfer: FileTransfer, assets: Sequence[Stream[Asset]], ends: Sequence[Ends], copies: Copies, rulebook: Rulebook
) -> dict[int, TransferFailure]:
    """Why some of these files can't be at their destination; `assets` are those of source and destination."""
    found: dict[int, TransferFailure] = {}
    archived = _archived_end(transfer, assets)
    for end in ends:
        base = transfer.request.files[end.number].previews
        if archived:
            found[end.number] = failure_of(end.number, TransferFailureCode.ASSET_ARCHIVED, archived)
        elif base is not None and (base in transfer.failed or base in found):
            message = "The file that this is a preview of stayed where it was."
            found[end.number] = failure_of(end.number, TransferFailureCode.PREVIEWED_FILE_STAYED, message)
        elif obstacle := _obstacle(transfer, end, copies.get(end.number), rulebook):
            found[end.number] = failure_of(end.number, *obstacle)
    return found


def _archived_end(transfer: FileTransfer, assets: Sequence[Stream[Asset]]) -> str | None:
    concerned = assets if transfer.is_move else assets[1:]
    for stream in concerned:
        if stream.state is None or stream.state.is_archived or stream.state.is_deleted:
            name = stream.state.asset_id if stream.state else "of one end"
            return f"The asset {name!r} was archived or deleted meanwhile: unarchive it if you can, and ask again."
    return None


def crossing_of_end(transfer: FileTransfer, end: Ends) -> Crossing:
    """The file on its way."""
    planned = transfer.request.files[end.number]
    return crossing_of(transfer.source, transfer.destination, planned, transfer.request.metadata_policy)


def _obstacle(
    transfer: FileTransfer, end: Ends, copy: StoredObject | None, rulebook: Rulebook
) -> tuple[TransferFailureCode, str] | None:
    planned = transfer.request.files[end.number]
    at_source = _at_source(end.source.state, planned) if transfer.is_move else None
    obstacle = at_source or _at_destination(end.destination.state, planned, copy)
    if obstacle:
        return obstacle
    try:
        entry_events(rulebook, crossing_of_end(transfer, end), end.taken, end.destination.state)
    except DomainError as error:
        return TransferFailureCode.METADATA_CONFLICT, error.message
    return None


def _at_source(source: File | None, planned: PlannedTransfer) -> tuple[TransferFailureCode, str] | None:
    path = planned.source_path
    if source is None or not is_there(source):
        return TransferFailureCode.SOURCE_NOT_FOUND, f"{path!r} is not there any more."
    if is_hidden(source):
        return TransferFailureCode.SOURCE_ARCHIVED, f"{path!r} was archived meanwhile: unarchive it and ask again."
    if source.latest.s3_version_id != planned.s3_version_id:
        message = f"{path!r} got another version meanwhile, which stays with it: ask again."
        return TransferFailureCode.SOURCE_CHANGED, message
    return None


def _at_destination(
    destination: File | None, planned: PlannedTransfer, copy: StoredObject | None
) -> tuple[TransferFailureCode, str] | None:
    path = planned.destination_path
    if destination is None:
        return None
    if destination.is_being_erased:
        message = f"The bytes of the file that was deleted at {path!r} are still being erased: ask again."
        return TransferFailureCode.DESTINATION_OCCUPIED, message
    if is_there(destination) and not _is_copy(destination, copy):
        return TransferFailureCode.DESTINATION_EXISTS, f"{path!r} was made meanwhile by somebody else."
    return None


def _is_copy(destination: File, copy: StoredObject | None) -> bool:
    """Whether all that is known of the destination is the copy that was made there, seen before it was recorded."""
    return copy is not None and destination.latest.s3_version_id == copy.s3_version_id


def failure_of(number: int, code: TransferFailureCode, message: str) -> TransferFailure:
    """A file that stays where it is."""
    return TransferFailure(number=number, code=code, message=message)
