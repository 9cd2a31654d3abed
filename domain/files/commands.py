"""Commands on files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.assets.asset import Asset
from domain.assets.commands import load_asset
from domain.cause import Order
from domain.databases.commands import load_database
from domain.errors import Invalid, LimitExceeded
from domain.files.errors import FileBeingErased, FileExtensionRefused, FileNotFound, PrimaryTypeInvalid
from domain.files.events import FileVersionObserved, StoredObject
from domain.files.file import FILES, File
from domain.files.paths import check_path
from domain.files.previews import base_of
from domain.ledger import Ledger
from domain.metadata import MetadataEntry
from domain.owners.commands import change_metadata
from domain.owners.owner import FileOwner, MetadataChange, Removal, Setting
from domain.stream import Decision, Outcome, Stream
from domain.text import is_storable

MAX_FILES = 10_000
PRIMARY_TYPES = ("primary", "lod1", "lod2", "lod3", "lod4", "lod5", "other")
OTHER = "other"
MAX_OTHER_LENGTH = 30


@dataclass(frozen=True)
class ObservedFile:
    """An object in the bucket and the path it is to be known by."""

    path: str
    stored: StoredObject
    deletions: int | None = None
    """How often a file of the path had been deleted when the object was looked up; another number now refuses it."""


def register_files(
    ledger: Ledger, database_id: str, asset_id: str, *, files: Sequence[ObservedFile], order: Order
) -> Outcome:
    """Record object versions that are in the bucket already, all in one transaction, at most 10 000 a call.

    A version that is known already is passed over; the result's `registered` counts the others.
    Raises AssetNotFound, AssetAlreadyArchived, PathInvalid, FileExtensionRefused, FileAlreadyArchived,
    FileBeingErased.
    """
    paths = check_paths([file.path for file in files])

    def decide() -> Decision:
        asset = check_target(ledger, database_id, asset_id, paths)
        streams = ledger.load_many(FILES, [(database_id, asset_id, path) for path in paths])
        changes = tuple(
            stream.then(FileVersionObserved(database_id=database_id, asset_id=asset_id, path=path, stored=file.stored))
            for i, (stream, path, file) in enumerate(zip(streams, paths, files, strict=True))
            if _is_new(stream.state, file, field=("files", str(i), "path"))
        )
        return Decision(changes, {"registered": str(len(changes))}, held=(asset,))

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


def set_primary_type(
    ledger: Ledger, key: tuple[str, str, str], *, primary_type: str, other: str | None = None, order: Order
) -> Outcome:
    """Give a file (database id, asset id, path) a role in its asset; the empty one takes its role away.

    Raises PrimaryTypeInvalid, AssetNotFound, AssetAlreadyArchived, FileNotFound, FileAlreadyArchived, PathInvalid.
    """
    role, text = _checked_role(primary_type, other)
    database_id, asset_id, given_path = key
    path = check_path(given_path)

    def decide() -> Decision:
        asset_stream, asset = load_asset(ledger, database_id, asset_id)
        asset.require_active()
        stream, file = load_file(ledger, (database_id, asset_id, path))
        stream.expect(order)
        file.require_in_work()
        return Decision((stream.then(*file.set_primary_type(role, text)),), held=(asset_stream,))

    return ledger.carry_out(order, decide)


def check_paths(paths: Sequence[str], *, most: int = MAX_FILES, field: str = "files") -> list[str]:
    """The paths in stored form. Raises PathInvalid, LimitExceeded, or Invalid when none or a path twice is given.

    `field` is the input that they were given in: a list of things with a path, or `paths`, which are paths themselves.
    """
    if not paths:
        raise Invalid("At least one file is needed.", path=(field,))
    if len(paths) > most:
        raise LimitExceeded(f"One call takes at most {most} files, not {len(paths)}.", path=(field,))
    inside = () if field == "paths" else ("path",)
    checked = [check_path(path, field=(field, str(i), *inside)) for i, path in enumerate(paths)]
    seen: set[str] = set()
    for i, path in enumerate(checked):
        if path in seen:
            raise Invalid(f"The path {path!r} is given twice.", path=(field, str(i), *inside))
        seen.add(path)
    return checked


def check_target(ledger: Ledger, database_id: str, asset_id: str, paths: Sequence[str]) -> Stream[Asset]:
    """Raise unless the asset exists, is active, and its database takes files of these names.

    The asset's stream is given back for the decision to hold, so that no file comes to an asset that is archived.
    """
    _, database = load_database(ledger, database_id)
    stream, asset = load_asset(ledger, database_id, asset_id)
    asset.require_active()
    for i, path in enumerate(paths):
        if not database.accepts(path) and base_of(path) is None:
            allowed = database.accepted_extensions
            raise FileExtensionRefused(path, allowed, field=("files", str(i), "path"))
    return stream


def load_file(ledger: Ledger, key: tuple[str, str, str]) -> tuple[Stream[File], File]:
    """The stream and state of a file (database id, asset id, checked path).

    Raises FileNotFound, also where it was deleted or moved away.
    """
    stream = ledger.load(FILES, *key)
    if stream.state is None or not stream.state.is_there:
        raise FileNotFound(key[2])
    return stream, stream.state


def _is_new(file: File | None, given: ObservedFile, *, field: tuple[str, ...]) -> bool:
    """Whether the version is to be recorded. Raises FileAlreadyArchived, FileBeingErased."""
    if file is None:
        return True
    if given.stored.s3_version_id in file.versions:
        return False
    file.require_writable(field=field)
    if given.deletions not in (None, file.deletions) or given.stored.s3_version_id in file.erased:
        raise FileBeingErased(file.path, field=field)
    return True


def _checked_role(primary_type: str, other: str | None) -> tuple[str | None, str | None]:
    if primary_type not in ("", *PRIMARY_TYPES):
        raise PrimaryTypeInvalid(
            f"A primary type is empty or one of {', '.join(PRIMARY_TYPES)}; {primary_type[:40]!r} is not.",
            path=("primaryType",),
        )
    if primary_type != OTHER:
        if other:
            raise PrimaryTypeInvalid("Only the type other has a text of its own.", path=("primaryTypeOther",))
        return primary_type or None, None
    if not other or len(other) > MAX_OTHER_LENGTH or not other.strip() or not is_storable(other):
        raise PrimaryTypeInvalid(
            f"The type other needs a text of 1 to {MAX_OTHER_LENGTH} characters.", path=("primaryTypeOther",)
        )
    return OTHER, other
