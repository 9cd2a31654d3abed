"""Commands that bring an older version back: the request, and what the processor records when its files are on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from domain.assets.asset import ASSETS, Asset
from domain.assets.commands import load_asset
from domain.assets.events import (
    AssetEvent,
    AssetReverted,
    AssetRevertFailed,
    AssetRevertRequested,
    AssetVersionCreated,
    ChosenFile,
)
from domain.assets.versions import check_comment
from domain.cause import Order
from domain.files.events import (
    FileEvent,
    FilePermanentlyDeleted,
    FileUnarchived,
    FileVersionObserved,
    FileVersionSeen,
    StoredObject,
)
from domain.files.file import FILES, File
from domain.ledger import Ledger
from domain.stream import Aggregate, Change, Decision, Outcome, Stream


@dataclass(frozen=True)
class FileToRevert:
    """A file of the version to go back to. `latest` is what the file has on top now."""

    path: str
    wanted: StoredObject
    latest: StoredObject | None
    is_deleted: bool = False
    """The wanted bytes were permanently deleted since."""


@dataclass(frozen=True)
class RevertedFile:
    """A file whose wanted bytes are on top, as this object version."""

    path: str
    stored: StoredObject


def revert_asset_version(
    ledger: Ledger, key: tuple[str, str, int], *, comment: str, with_metadata: bool, order: Order
) -> Outcome:
    """Ask for the files of a version (database id, asset id, number) to be put on top again, as a new version.

    The result's `revertId` names the revert, which ends as AssetReverted or AssetRevertFailed.
    Raises AssetNotFound, AssetAlreadyArchived, AssetVersionNotFound, RevertInProgress, Invalid.
    """
    check_comment(comment)
    database_id, asset_id, number = key

    def decide() -> Decision:
        stream, asset = load_asset(ledger, database_id, asset_id)
        stream.expect(order)
        asset.require_active()
        asset.versions.require_revertible(number)
        revision, version = _version(ledger, asset, number)
        event = AssetRevertRequested(
            **asset.key,
            revert_id=asset.versions.reverts + 1,
            asset_version_id=number,
            version_position=ledger.position_of(ASSETS, database_id, asset_id, revision=revision),
            comment=comment,
            with_metadata=with_metadata,
            files=version.files,
        )
        return Decision((stream.then(event),), {"revertId": str(event.revert_id)})

    return ledger.carry_out(order, decide)


def revert_request(ledger: Ledger, database_id: str, asset_id: str, *, revert_id: int) -> AssetRevertRequested:
    """The request of a revert that was asked for."""
    events = ledger.history(ASSETS, database_id, asset_id)
    return next(event for event in events if isinstance(event, AssetRevertRequested) and event.revert_id == revert_id)


def is_open(ledger: Ledger, request: AssetRevertRequested) -> bool:
    """Whether the revert still has to be done."""
    asset = ledger.load(ASSETS, request.database_id, request.asset_id).state
    return asset is not None and not asset.is_deleted and asset.versions.open_revert == request.revert_id


def files_to_revert(ledger: Ledger, request: AssetRevertRequested, *, paths: Sequence[str]) -> list[FileToRevert]:
    """The files of the wanted version, in the order of the paths.

    `paths` are those of every file the asset had at the version's position; they are not needed, and not looked at,
    when the version has an explicit list.
    """
    chosen = {file.path: file.s3_version_id for file in request.files or ()}
    named = paths if request.files is None else list(chosen)
    keys = [(request.database_id, request.asset_id, path) for path in named]
    now = ledger.load_many(FILES, keys)
    wanted = _chosen(ledger, request, keys, chosen) if request.files is not None else _latest(ledger, request, keys)
    return [
        FileToRevert(path, stored, *_present(stream.state, stored))
        for path, stored, stream in zip(named, wanted, now, strict=True)
        if stored is not None
    ]


def record_revert(
    ledger: Ledger,
    request: AssetRevertRequested,
    *,
    files: Sequence[RevertedFile],
    skipped_paths: Sequence[str],
    order: Order,
) -> Outcome:
    """Record the new version of exactly these files, all in one transaction; nothing when the revert is not open.

    Raises AssetNotFound, AssetAlreadyArchived.
    """

    def decide() -> Decision:
        stream, asset = load_asset(ledger, request.database_id, request.asset_id)
        if asset.versions.open_revert != request.revert_id:
            return Decision(())
        asset.require_active()
        kept, gone = _there(ledger, request, files)
        chosen = tuple(ChosenFile(path=file.path, s3_version_id=file.stored.s3_version_id) for file in kept)
        comment = f"{request.comment} (reverted from v{request.asset_version_id})"
        version = asset.create_version(comment=comment, version_alias=None, files=chosen)
        done = AssetReverted(
            **asset.key,
            revert_id=request.revert_id,
            reverted_from=request.asset_version_id,
            asset_version_id=version.asset_version_id,
            skipped_paths=(*skipped_paths, *gone),
        )
        metadata = _asset_metadata(ledger, asset, request)
        result = {"assetVersionId": str(version.asset_version_id)}
        return Decision((*_file_changes(ledger, request, kept), stream.then(*metadata, version, done)), result)

    return ledger.carry_out(order, decide)


def record_revert_failure(ledger: Ledger, request: AssetRevertRequested, *, message: str, order: Order) -> Outcome:
    """Record that the revert was given up; nothing when it is not open. Raises AssetNotFound."""

    def decide() -> Decision:
        stream, asset = load_asset(ledger, request.database_id, request.asset_id)
        if asset.versions.open_revert != request.revert_id:
            return Decision(())
        return Decision((stream.then(AssetRevertFailed(**asset.key, revert_id=request.revert_id, message=message)),))

    return ledger.carry_out(order, decide)


def _version(ledger: Ledger, asset: Asset, number: int) -> tuple[int, AssetVersionCreated]:
    """Revision and event of a version that exists."""
    events = ledger.history(ASSETS, asset.database_id, asset.asset_id)
    return next(
        (revision, event)
        for revision, event in enumerate(events, 1)
        if isinstance(event, AssetVersionCreated) and event.asset_version_id == number
    )


def _there(
    ledger: Ledger, request: AssetRevertRequested, files: Sequence[RevertedFile]
) -> tuple[list[RevertedFile], list[str]]:
    """The files that still exist, and the paths of those that were permanently deleted while bytes were copied."""
    streams = ledger.load_many(FILES, [(request.database_id, request.asset_id, file.path) for file in files])
    gone = {file.path for file, stream in zip(files, streams, strict=True) if stream.state and stream.state.is_deleted}
    return [file for file in files if file.path not in gone], sorted(gone)


def _asset_metadata(ledger: Ledger, asset: Asset, request: AssetRevertRequested) -> tuple[AssetEvent, ...]:
    if not request.with_metadata:
        return ()
    (then,) = ledger.load_many(ASSETS, [(asset.database_id, asset.asset_id)], until=request.version_position)
    assert then.state is not None
    return asset.set_metadata(tuple(then.state.metadata.values()), replace_all=True)


def _file_changes(ledger: Ledger, request: AssetRevertRequested, files: Sequence[RevertedFile]) -> tuple[Change, ...]:
    keys = [(request.database_id, request.asset_id, file.path) for file in files]
    now = ledger.load_many(FILES, keys)
    then: Sequence[Stream[File] | None] = (
        ledger.load_many(FILES, keys, until=request.version_position) if request.with_metadata else [None] * len(keys)
    )
    return tuple(
        stream.then(*chain(_sighting(file, stream.state, request), _file_metadata(stream.state, past)))
        for file, stream, past in zip(files, now, then, strict=True)
    )


def _sighting(file: RevertedFile, now: File | None, request: AssetRevertRequested) -> tuple[FileEvent, ...]:
    if now is not None and now.latest.s3_version_id == file.stored.s3_version_id:
        return (FileUnarchived(**now.key),) if now.is_archived else ()
    key = {"database_id": request.database_id, "asset_id": request.asset_id, "path": file.path}
    return (FileVersionObserved(**key, stored=file.stored),)


def _file_metadata(now: File | None, then: Stream[File] | None) -> tuple[FileEvent, ...]:
    if now is None or then is None or then.state is None:
        return ()
    return (
        *now.set_metadata(tuple(then.state.metadata.values()), replace_all=True, attributes=False),
        *now.set_metadata(tuple(then.state.attributes.values()), replace_all=True, attributes=True),
    )


Sightings = Mapping[str, StoredObject]
"""Every object version that a file has, by its id, the latest last; those of a deleted one are not its any more."""


def _seen(before: Sightings | None, event: FileEvent) -> Sightings:
    if isinstance(event, FilePermanentlyDeleted):
        return {}
    if not isinstance(event, FileVersionSeen):
        return before or {}
    others = {key: stored for key, stored in (before or {}).items() if key != event.stored.s3_version_id}
    return {**others, event.stored.s3_version_id: event.stored}


FileKeys = Sequence[tuple[str, str, str]]


def _chosen(
    ledger: Ledger, request: AssetRevertRequested, keys: FileKeys, chosen: Mapping[str, str]
) -> list[StoredObject | None]:
    then = ledger.load_many(SIGHTINGS, keys, until=request.version_position)
    return [(stream.state or {}).get(chosen[path]) for stream, (*_, path) in zip(then, keys, strict=True)]


def _latest(ledger: Ledger, request: AssetRevertRequested, keys: FileKeys) -> list[StoredObject | None]:
    """What was on top of each file in the working set at the version's position."""
    then = [stream.state for stream in ledger.load_many(FILES, keys, until=request.version_position)]
    return [None if file is None or not file.is_there or file.is_archived else file.latest for file in then]


def _present(file: File | None, wanted: StoredObject) -> tuple[StoredObject | None, bool]:
    if file is None or wanted.s3_version_id not in file.versions:
        return None, True
    return file.latest if file.moved_to is None else None, False


SIGHTINGS: Aggregate[Sightings] = Aggregate(FILES.kind, _seen)
"""The streams of files, folded to what a revert has to know of them."""
