"""The versions of one asset, in their order: objects are registered, then each version finds its files and metadata."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice

from domain.assets.asset import Asset
from domain.assets.commands import load_asset
from domain.assets.events import ChosenFile
from domain.assets.versions import archive_asset_version, create_asset_version
from domain.errors import DomainError, Invalid
from domain.files.commands import MAX_FILES, ObservedFile, register_files
from domain.files.events import StoredObject
from domain.files.paths import check_path
from domain.owners.owner import AssetOwner, FileOwner, Owner
from processors.objects.errors import ObjectMissing
from processors.vams_import.entries import Entries, apply_entries, entry_of
from processors.vams_import.session import Session
from processors.vams_import.staging import Row
from processors.vams_import.values import moment, snapshot_key, text, truth

V2, V1 = "AssetVersionsStorageTableV2", "AssetVersionsStorageTable"
FILES_V2, FILES_V1 = "AssetFileVersionsStorageTableV2", "AssetFileVersionsStorageTable"
SNAPSHOTS = "AssetFileMetadataVersionsStorageTable"
CARRIED = {"databaseId:assetId", "databaseId", "assetId", "assetVersionId", "isCurrentVersion", "isArchived"}
LONGEST_COMMENT, LONGEST_ALIAS = 1024, 64
NO_COMMENT = "Imported from VAMS"

Snapshots = dict[str, dict[Owner, Entries]]


@dataclass
class Versions:
    """What became of an asset's versions."""

    numbers: dict[str, int] = field(default_factory=dict)
    """Numbers here by those of VAMS."""
    entries: dict[Owner, Entries] = field(default_factory=dict)
    """What owners have after the last version."""
    aliases: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Content:
    """A file of a version."""

    path: str
    stored: StoredObject
    row: Row


def import_versions(session: Session, key: tuple[str, str]) -> Versions:
    """Every version that has files or a comment, by number; the numbers here count without gaps."""
    rows = _version_rows(session, key)
    contents = _contents(session, key, rows)
    known = _register(session, key, [content for files in contents.values() for content in files])
    snapshots = _snapshots(session, key, rows, contents)
    versions = Versions()
    for number in sorted(rows, key=int):
        files = [
            content for content in contents.get(number, []) if (content.path, content.stored.s3_version_id) in known
        ]
        if number == "0" and not files and not snapshots.get(number):
            session.refuse(rows[number], "version 0 without files is the asset before its first version")
            continue
        _import_snapshot(session, (key, number), snapshots.get(number, {}), versions)
        _import_version(session, rows[number], (key, number), files, versions)
    _archive(session, key, rows, versions)
    return versions


def _version_rows(session: Session, key: tuple[str, str]) -> dict[str, Row]:
    """The rows by number: those of the second table, and of the first what it lacks."""
    found: dict[str, Row] = {}
    for row in (*session.staging.of_asset(V2, ":".join(key)), *_first(session, V1, key)):
        number = text(row.get("assetVersionId")).strip()
        if not number.isdecimal():
            session.refuse(row, f"its version {number!r} is no number")
        elif str(int(number)) in found:
            session.refuse(row, "the second table of versions has it")
        else:
            found[str(int(number))] = row
    return found


def _first(session: Session, table: str, key: tuple[str, str]) -> Iterator[Row]:
    """The rows of a first table, which knows no databases, where only one database has the asset."""
    if session.staging.databases_of(key[1]) == [key[0]]:
        yield from session.staging.of_asset(table, key[1])


def _contents(session: Session, key: tuple[str, str], versions: dict[str, Row]) -> dict[str, list[Content]]:
    """The files of every version by its number, each path once."""
    found: dict[str, dict[str, Content]] = {}
    _, asset = load_asset(session.ledger, *key)
    for row in (*session.staging.of_asset(FILES_V2, ":".join(key)), *_first(session, FILES_V1, key)):
        given = row.key[0].rpartition(":")[2]
        number = str(int(given)) if given.isdecimal() else given
        if number not in versions:
            session.refuse(row, f"its version {number!r} is in no table")
            continue
        content = _content(session, row, versions[number], asset)
        files = found.setdefault(number, {})
        if content and content.path in files:
            session.refuse(row, f"the version has the path {content.path!r} already")
        elif content:
            files[content.path] = content
    return {number: list(files.values()) for number, files in found.items()}


def _content(session: Session, row: Row, version: Row, asset: Asset) -> Content | None:
    """The file of a row; None, and told of the row, when the row does not say which object it is."""
    location = asset.asset_location
    given = text(row.get("fileKey")).removeprefix("/")
    relative = given.removeprefix(location) if given.startswith(location) else given
    written = moment(row.get("lastModified")) or moment(version.get("dateCreated")) or moment(version.get("createdAt"))
    version_id, size = text(row.get("versionId")), text(row.get("size"))
    fault = _fault(relative, version_id, size, written)
    if fault:
        session.refuse(row, fault)
        return None
    assert written is not None
    if moment(row.get("lastModified")) is None:
        session.change(row, "it has no time of writing: that of its version is used")
    path = check_path(relative)
    stored = StoredObject(
        s3_bucket=asset.s3_bucket,
        s3_key=location + path,
        s3_version_id=version_id,
        size_bytes=int(float(size)),
        etag=text(row.get("etag")).strip('"'),
        last_modified=written.replace(microsecond=0),
    )
    return Content(path, stored, row) if _is_there(session, row, stored) else None


def _is_there(session: Session, row: Row, stored: StoredObject) -> bool:
    """Whether the object is in the store, where that is to be looked at. Raises ObjectStoreError when nobody can."""
    if session.objects is None:
        return True
    try:
        session.objects.head(stored.s3_bucket, stored.s3_key, version_id=stored.s3_version_id)
    except ObjectMissing:
        session.refuse(row, f"the store has no version {stored.s3_version_id!r} of {stored.s3_bucket}/{stored.s3_key}")
        return False
    return True


def _fault(path: str, version_id: str, size: str, written: datetime | None) -> str | None:
    if path.endswith("/"):
        return "a folder's marker is no file"
    try:
        check_path(path)
    except Invalid as error:
        return error.message
    if not version_id:
        return "it names no object version"
    if not size.replace(".0", "").isdecimal():
        return f"its size {size!r} is no number of bytes"
    return "neither it nor its version has a time" if written is None else None


def _register(session: Session, key: tuple[str, str], contents: list[Content]) -> set[tuple[str, str]]:
    """Register every object version once, the oldest of each path first, and return those that are known now."""
    waiting: dict[str, dict[str, Content]] = {}
    for content in contents:
        waiting.setdefault(content.path, {}).setdefault(content.stored.s3_version_id, content)
    queues = [sorted(of.values(), key=lambda one: one.stored.last_modified) for of in waiting.values()]
    known: set[tuple[str, str]] = set()
    while queues:
        heads = iter([queue.pop(0) for queue in queues])
        while batch := list(islice(heads, MAX_FILES)):
            if _register_batch(session, key, batch):
                known |= {(content.path, content.stored.s3_version_id) for content in batch}
        queues = [queue for queue in queues if queue]
    return known


def _register_batch(session: Session, key: tuple[str, str], batch: list[Content]) -> bool:
    files = [ObservedFile(content.path, content.stored) for content in batch]
    order = session.order("register", *key, [repr(file) for file in files])
    try:
        register_files(session.ledger, *key, files=files, order=order)
    except DomainError as error:
        session.refuse_all([content.row for content in batch], error.message)
        return False
    return True


def _snapshots(
    session: Session, key: tuple[str, str], versions: dict[str, Row], contents: dict[str, list[Content]]
) -> Snapshots:
    """The entries that every version found, by its number and then by their owner."""
    found: Snapshots = {}
    paths = {f"/{content.path}" for files in contents.values() for content in files} | {"/"}
    for row in session.staging.of_asset(SNAPSHOTS, ":".join(key)):
        given = row.key[0].rpartition(":")[2]
        number = str(int(given)) if given.isdecimal() else given
        composite = snapshot_key(row.key[1], key=row.get("metadataKey"), paths=paths)
        if number not in versions or composite is None:
            session.refuse(row, "its version is in no table, or its key has no three parts")
            continue
        kind, path, name = composite
        owner = _snapshot_owner(session, row, key, kind, path)
        if owner and (entry := entry_of(session, row, "metadata", key=name)):
            found.setdefault(number, {}).setdefault(owner, {})[name] = (entry, row)
    return found


def _snapshot_owner(session: Session, row: Row, key: tuple[str, str], kind: str, path: str) -> Owner | None:
    relative = path.removeprefix("/")
    if kind not in ("metadata", "attribute") or (kind == "attribute" and not relative):
        session.refuse(row, f"it is neither metadata nor an attribute of a file: {kind!r} of {path!r}")
        return None
    return FileOwner(*key, relative, attributes=kind == "attribute") if relative else AssetOwner(*key)


def _import_snapshot(
    session: Session, version: tuple[tuple[str, str], str], snapshot: dict[Owner, Entries], versions: Versions
) -> None:
    """Bring all entries to what they were when the version was made."""
    owners = dict.fromkeys([*versions.entries, *snapshot])
    items = [(owner, versions.entries.get(owner, {}), snapshot.get(owner, {})) for owner in owners]
    refused = apply_entries(session, items, seed=("snapshot", *version))
    versions.entries = {owner: entries for owner, entries in snapshot.items() if owner not in refused}


def _import_version(
    session: Session, row: Row, version: tuple[tuple[str, str], str], files: list[Content], versions: Versions
) -> None:
    key, number = version
    alias = _alias(session, row, versions)
    command = partial(
        create_asset_version,
        session.ledger,
        *key,
        comment=_comment(session, row),
        version_alias=alias,
        files=tuple(ChosenFile(path=one.path, s3_version_id=one.stored.s3_version_id) for one in files),
    )
    made = session.attempt(row, command)
    if made is None:
        return
    created = int(made.result["assetVersionId"])
    versions.numbers[number] = created
    if str(created) != number:
        session.change(row, f"version {number} is number {created} here")
    carried = CARRIED | {name for name in ("comment", "versionAlias") if text(row.get(name)).strip()}
    session.came_from(row, "asset-version", (*key, str(created)), carried)


def _comment(session: Session, row: Row) -> str:
    given = text(row.get("comment")).replace("\x00", "\ufffd")
    if given.strip() and len(given) <= LONGEST_COMMENT:
        return given
    stored = given[:LONGEST_COMMENT] if given.strip() else NO_COMMENT
    session.change(row, f"its comment of {len(given)} characters became {stored[:40]!r}")
    return stored


def _alias(session: Session, row: Row, versions: Versions) -> str | None:
    given = text(row.get("versionAlias")).strip()
    if not given:
        return None
    if given in versions.aliases or len(given) > LONGEST_ALIAS:
        session.change(row, f"its alias {given[:80]!r} is that of an earlier version, or too long, and was left out")
        return None
    versions.aliases.add(given)
    return given


def _archive(session: Session, key: tuple[str, str], rows: dict[str, Row], versions: Versions) -> None:
    for number, row in rows.items():
        if number in versions.numbers and truth(row.get("isArchived")):
            session.amend(
                row,
                partial(archive_asset_version, session.ledger, (*key, versions.numbers[number])),
                otherwise="it is not archived here",
            )
