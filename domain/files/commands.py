"""Commands on files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.assets.commands import load_asset
from domain.cause import Order
from domain.databases.commands import load_database
from domain.errors import Invalid, LimitExceeded
from domain.files.errors import FileExtensionRefused
from domain.files.events import FileVersionObserved, StoredObject
from domain.files.file import FILES
from domain.files.paths import check_path
from domain.ledger import Ledger
from domain.metadata import MetadataEntry
from domain.owners.commands import change_metadata
from domain.owners.owner import FileOwner, MetadataChange, Removal, Setting
from domain.stream import Decision, Outcome

MAX_FILES = 10_000


@dataclass(frozen=True)
class ObservedFile:
    """An object in the bucket and the path it is to be known by."""

    path: str
    stored: StoredObject


def register_files(
    ledger: Ledger, database_id: str, asset_id: str, *, files: Sequence[ObservedFile], order: Order
) -> Outcome:
    """Record object versions that are in the bucket already, all in one transaction, at most 10 000 a call.

    A version that is known already is passed over; the result's `registered` counts the others.
    Raises AssetNotFound, AssetAlreadyArchived, PathInvalid, FileExtensionRefused.
    """
    paths = check_paths([file.path for file in files])

    def decide() -> Decision:
        check_target(ledger, database_id, asset_id, paths)
        streams = ledger.load_many(FILES, [(database_id, asset_id, path) for path in paths])
        changes = tuple(
            stream.then(FileVersionObserved(database_id=database_id, asset_id=asset_id, path=path, stored=file.stored))
            for stream, path, file in zip(streams, paths, files, strict=True)
            if stream.state is None or file.stored.s3_version_id not in stream.state.versions
        )
        return Decision(changes, {"registered": str(len(changes))})

    return ledger.carry_out(order, decide)


def set_file_metadata(
    ledger: Ledger,
    key: tuple[str, str, str],
    *,
    entries: Sequence[MetadataEntry],
    replace_all: bool = False,
    attributes: bool = False,
    order: Order,
) -> Outcome:
    """Add or replace entries of the file (database id, asset id, path); `attributes` are the machine-written ones.

    Raises what change_metadata does.
    """
    owner = FileOwner(*key, attributes=attributes)
    return change_metadata(ledger, MetadataChange(owner, Setting(entries, replace_all)), order=order)


def remove_file_metadata(
    ledger: Ledger, key: tuple[str, str, str], *, keys: Sequence[str], attributes: bool = False, order: Order
) -> Outcome:
    """Remove entries by key; keys that do not exist are passed over. Raises what change_metadata does."""
    owner = FileOwner(*key, attributes=attributes)
    return change_metadata(ledger, MetadataChange(owner, Removal(keys)), order=order)


def check_paths(paths: Sequence[str], *, most: int = MAX_FILES) -> list[str]:
    """The paths in stored form. Raises PathInvalid, LimitExceeded, or Invalid when none or a path twice is given."""
    if not paths:
        raise Invalid("At least one file is needed.", path=("files",))
    if len(paths) > most:
        raise LimitExceeded(f"One call takes at most {most} files, not {len(paths)}.", path=("files",))
    checked = [check_path(path, field=("files", str(i), "path")) for i, path in enumerate(paths)]
    seen: set[str] = set()
    for i, path in enumerate(checked):
        if path in seen:
            raise Invalid(f"The path {path!r} is given twice.", path=("files", str(i), "path"))
        seen.add(path)
    return checked


def check_target(ledger: Ledger, database_id: str, asset_id: str, paths: Sequence[str]) -> None:
    """Raise unless the asset exists, is active, and its database takes files of these names."""
    _, database = load_database(ledger, database_id)
    _, asset = load_asset(ledger, database_id, asset_id)
    asset.require_active()
    for i, path in enumerate(paths):
        if not database.accepts(path):
            allowed = database.restrict_file_uploads_to_extensions
            raise FileExtensionRefused(path, allowed, field=("files", str(i), "path"))
