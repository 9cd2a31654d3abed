"""Commands that ask for transfers: everything that can be refused is refused before anything is copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.assets.commands import load_asset
from domain.cause import Order
from domain.databases.commands import load_database
from domain.errors import DomainError, Invalid, LimitExceeded
from domain.files.commands import MAX_FILES
from domain.files.errors import FileAlreadyArchived, FileExtensionRefused, FileRevertInProgress
from domain.files.events import FilePlace
from domain.files.file import FILES, File
from domain.files.paths import check_key, check_path
from domain.files.previews import base_of, candidates
from domain.ledger import Ledger
from domain.schemas.rulebook import Rulebook
from domain.stream import Decision, Outcome, Stream
from domain.text import check_text
from domain.transfers.entries import Crossing, entry_events
from domain.transfers.errors import (
    DestinationClaimed,
    DestinationExists,
    FileTransferNotFound,
    PathGivenTwice,
    PreviewFollowsFile,
    SourceLeaving,
    SourceNotFound,
    TransferOntoItself,
)
from domain.transfers.events import (
    AssetTransferOpened,
    FileTransferRequested,
    MetadataPolicy,
    PlannedTransfer,
    TransferKind,
)
from domain.transfers.transfer import OPEN_TRANSFERS, TRANSFERS, FileTransfer, OpenTransfers

AssetKey = tuple[str, str]
"""Database id and asset id."""


@dataclass(frozen=True)
class FilePair:
    """A file to transfer, and the path that it is to have."""

    source_path: str
    destination_path: str


@dataclass(frozen=True)
class WantedTransfer:
    """What is asked for; both assets as (database id, asset id)."""

    kind: TransferKind
    source: AssetKey
    destination: AssetKey
    files: Sequence[FilePair]
    metadata_policy: MetadataPolicy = MetadataPolicy.KEEP_SOURCE
    reason: str | None = None


def request_transfer(ledger: Ledger, transfer_id: str, wanted: WantedTransfer, *, order: Order) -> Outcome:
    """Ask for files to be moved or copied, at most 10 000 with their previews; the result has `transferId`.

    Raises AssetNotFound, AssetAlreadyArchived, SourceNotFound, SourceLeaving, DestinationExists, DestinationClaimed,
    FileAlreadyArchived, FileBeingErased, FileRevertInProgress, TransferOntoItself, PathGivenTwice,
    PreviewFollowsFile, PathInvalid, FileExtensionRefused, MetadataConflict, MetadataNotCompliant,
    TooManyMetadataEntries, LimitExceeded, Invalid.
    """
    check_text(wanted.reason, name="reason", longest=256)
    pairs = _checked_pairs(wanted)
    assets = list(dict.fromkeys((wanted.source, wanted.destination)))

    def decide() -> Decision:
        _check_assets(ledger, wanted, pairs)
        listed = ledger.load_many(OPEN_TRANSFERS, assets)
        sources = dict(zip(pairs, _sources(ledger, wanted, pairs), strict=True))
        files = _planned(sources, _previews(ledger, wanted, pairs))
        if len(files) > MAX_FILES:
            raise LimitExceeded(
                f"One transfer takes at most {MAX_FILES} files, not {len(files)} with their previews: ask in parts.",
                path=("files",),
            )
        _check_claims(ledger, wanted, files, listed)
        _check_destinations(ledger, wanted, files, list(sources.values()))
        opened = [
            stream.then(AssetTransferOpened(database_id=asset[0], asset_id=asset[1], transfer_id=transfer_id))
            for asset, stream in zip(assets, listed, strict=True)
        ]
        event = _requested(transfer_id, wanted, files)
        return Decision((ledger.load(TRANSFERS, transfer_id).then(event), *opened), {"transferId": transfer_id})

    return ledger.carry_out(order, decide)


def load_transfer(ledger: Ledger, transfer_id: str) -> tuple[Stream[FileTransfer], FileTransfer]:
    """The stream and state of a transfer. Raises FileTransferNotFound."""
    stream = ledger.load(TRANSFERS, transfer_id)
    if stream.state is None:
        raise FileTransferNotFound(transfer_id)
    return stream, stream.state


def crossing_of(source: AssetKey, destination: AssetKey, file: PlannedTransfer, policy: MetadataPolicy) -> Crossing:
    """Where a file of a transfer between these assets comes from and goes to."""
    return Crossing(_place(source, file.source_path), _place(destination, file.destination_path), policy)


def is_hidden(file: File) -> bool:
    """Whether the file is out of the working set: archived, or below a delete marker that others put on it."""
    return file.is_archived or file.delete_marker is not None


def is_there(file: File | None) -> bool:
    """Whether the path has a file, archived or not."""
    return file is not None and file.is_there


def _checked_pairs(wanted: WantedTransfer) -> list[FilePair]:
    if not wanted.files:
        raise Invalid("At least one file is needed.", path=("files",))
    if len(wanted.files) > MAX_FILES:
        raise LimitExceeded(
            f"One transfer takes at most {MAX_FILES} files, not {len(wanted.files)}: ask in parts.", path=("files",)
        )
    pairs = [
        FilePair(
            check_path(pair.source_path, field=_field(i, "sourcePath")),
            check_path(pair.destination_path, field=_field(i, "destinationPath")),
        )
        for i, pair in enumerate(wanted.files)
    ]
    for i, pair in enumerate(pairs):
        if wanted.source == wanted.destination and pair.source_path == pair.destination_path:
            raise TransferOntoItself(pair.source_path, field=_field(i, "destinationPath"))
    if wanted.kind is TransferKind.MOVE:
        _check_unique((pair.source_path for pair in pairs), "sourcePath")
    _check_unique((pair.destination_path for pair in pairs), "destinationPath")
    return pairs


def _check_unique(paths: Iterable[str], name: str) -> None:
    seen: set[str] = set()
    for i, path in enumerate(paths):
        if path in seen:
            raise PathGivenTwice(path, field=_field(i, name))
        seen.add(path)


def _check_assets(ledger: Ledger, wanted: WantedTransfer, pairs: Sequence[FilePair]) -> None:
    load_asset(ledger, *wanted.source)[1].require_active()
    _, destination = load_asset(ledger, *wanted.destination)
    destination.require_active()
    _, database = load_database(ledger, wanted.destination[0])
    for i, pair in enumerate(pairs):
        field = _field(i, "destinationPath")
        if not database.accepts(pair.destination_path):
            allowed = database.accepted_extensions
            raise FileExtensionRefused(pair.destination_path, allowed, field=field)
        check_key(f"{destination.asset_location}{pair.destination_path}", field=field)


def _sources(ledger: Ledger, wanted: WantedTransfer, pairs: Sequence[FilePair]) -> list[File]:
    states = [s.state for s in ledger.load_many(FILES, [(*wanted.source, pair.source_path) for pair in pairs])]
    based = _based(ledger, wanted, pairs)
    found = []
    for i, (pair, file) in enumerate(zip(pairs, states, strict=True)):
        field = _field(i, "sourcePath")
        if file is None or not is_there(file):
            raise SourceNotFound(pair.source_path, field=field)
        file.require_in_work(field=field)
        if pair.source_path in based:
            raise PreviewFollowsFile(pair.source_path, field=field)
        if is_hidden(file):
            raise FileAlreadyArchived(pair.source_path, field=field)
        if wanted.kind is TransferKind.MOVE and file.open_revert is not None:
            raise FileRevertInProgress
        found.append(file)
    return found


def _based(ledger: Ledger, wanted: WantedTransfer, pairs: Sequence[FilePair]) -> set[str]:
    """Those of the sources that are previews of files that are there."""
    named = {pair.source_path: base for pair in pairs if (base := base_of(pair.source_path))}
    streams = ledger.load_many(FILES, [(*wanted.source, base) for base in named.values()])
    return {path for path, stream in zip(named, streams, strict=True) if is_there(stream.state)}


def _previews(ledger: Ledger, wanted: WantedTransfer, pairs: Sequence[FilePair]) -> dict[FilePair, list[File]]:
    """The previews of each source, which go with it."""
    named = [(pair, path) for pair in pairs for path in candidates(pair.source_path)]
    streams = ledger.load_many(FILES, [(*wanted.source, path) for _, path in named])
    found: dict[FilePair, list[File]] = {}
    for (pair, _), stream in zip(named, streams, strict=True):
        if stream.state is not None and is_there(stream.state) and not is_hidden(stream.state):
            found.setdefault(pair, []).append(stream.state)
    return found


def _planned(sources: dict[FilePair, File], previews: dict[FilePair, list[File]]) -> tuple[PlannedTransfer, ...]:
    """The named files in their order, then the previews that follow them."""
    named = [_plan(pair.destination_path, file) for pair, file in sources.items()]
    following = [
        _plan(f"{pair.destination_path}{preview.path.removeprefix(pair.source_path)}", preview, previews=number)
        for number, pair in enumerate(sources)
        for preview in previews.get(pair, ())
    ]
    return (*named, *following)


def _plan(destination_path: str, file: File, *, previews: int | None = None) -> PlannedTransfer:
    return PlannedTransfer(
        source_path=file.path,
        destination_path=destination_path,
        s3_version_id=file.latest.s3_version_id,
        previews=previews,
    )


def _check_claims(
    ledger: Ledger, wanted: WantedTransfer, files: Sequence[PlannedTransfer], listed: Sequence[Stream[OpenTransfers]]
) -> None:
    """Raise when another open transfer brings a file to a destination, or moves a source away."""
    others = {identity for stream in listed for identity in stream.state or ()}
    for stream in ledger.load_many(TRANSFERS, [(identity,) for identity in sorted(others)]):
        assert stream.state is not None
        claimed, leaving = stream.state.claims(wanted.destination), stream.state.empties(wanted.source)
        identity = stream.state.request.transfer_id
        for i, file in enumerate(files):
            if file.destination_path in claimed:
                raise DestinationClaimed(file.destination_path, identity, field=_of(file, i, "destinationPath"))
            if wanted.kind is TransferKind.MOVE and file.source_path in leaving:
                raise SourceLeaving(file.source_path, identity, field=_of(file, i, "sourcePath"))


def _check_destinations(
    ledger: Ledger, wanted: WantedTransfer, files: Sequence[PlannedTransfer], sources: Sequence[File]
) -> None:
    streams = ledger.load_many(FILES, [(*wanted.destination, file.destination_path) for file in files])
    seen: set[str] = set()
    for i, (file, stream) in enumerate(zip(files, streams, strict=True)):
        _check_destination(file, stream.state, seen, field=_of(file, i, "destinationPath"))
        seen.add(file.destination_path)
    rulebook = Rulebook(ledger)
    for i, (file, source, stream) in enumerate(zip(files, sources, streams, strict=False)):
        crossing = crossing_of(wanted.source, wanted.destination, file, wanted.metadata_policy)
        try:
            entry_events(rulebook, crossing, source, stream.state)
        except DomainError as error:
            error.path = _of(file, i, "destinationPath")
            raise


def _check_destination(file: PlannedTransfer, there: File | None, seen: set[str], *, field: tuple[str, ...]) -> None:
    check_path(file.destination_path, field=field)
    if file.destination_path in seen:
        raise PathGivenTwice(file.destination_path, field=field)
    if is_there(there):
        raise DestinationExists(file.destination_path, field=field)
    if there is not None:
        there.require_writable(field=field)


def _requested(transfer_id: str, wanted: WantedTransfer, files: tuple[PlannedTransfer, ...]) -> FileTransferRequested:
    return FileTransferRequested(
        transfer_id=transfer_id,
        database_id=wanted.source[0],
        asset_id=wanted.source[1],
        destination_database_id=wanted.destination[0],
        destination_asset_id=wanted.destination[1],
        kind=wanted.kind,
        metadata_policy=wanted.metadata_policy,
        files=files,
        reason=wanted.reason,
    )


def _place(asset: AssetKey, path: str) -> FilePlace:
    return FilePlace(database_id=asset[0], asset_id=asset[1], path=path)


def _field(index: int, name: str) -> tuple[str, ...]:
    return "files", str(index), name


def _of(file: PlannedTransfer, index: int, name: str) -> tuple[str, ...]:
    """The input field that a planned file comes from; a preview comes from that of its file."""
    return _field(index if file.previews is None else file.previews, name)
