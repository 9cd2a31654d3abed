"""One asset after the other: the asset, its objects, versions with their snapshots, present metadata, comments."""

from __future__ import annotations

from functools import partial

from domain.assets.rules import check_asset_name
from domain.errors import Invalid
from domain.imports.commands import ImportedAsset, import_asset
from domain.owners.owner import AssetOwner, FileOwner, Owner
from domain.tags.rules import MAX_TAGS, check_tags
from processors.vams_import.comments import import_comments
from processors.vams_import.entries import Entries, apply_entries, entry_of
from processors.vams_import.library import create_dangling_tag
from processors.vams_import.session import Session
from processors.vams_import.staging import OF_ASSET_IDS, OF_ASSETS, Row
from processors.vams_import.values import active_id, parts, text, texts, truth
from processors.vams_import.versions import Versions, import_versions

CARRIED = {
    "databaseId",
    "assetId",
    "assetName",
    "isDistributable",
    "assetLocation",
    "archivedReason",
    "status",
}
"""Attributes that the events of an asset hold; its description and tags are here too unless they were changed."""


def import_assets(session: Session) -> None:
    """Every asset, and what belongs to one that is not there."""
    for name in session.staging.assets():
        database_id, asset_id = parts(name, 2) or ("", name)
        rows = list(session.staging.of_asset("AssetStorageTable", name))
        chosen = _chosen(session, rows)
        if chosen and _import_asset(session, chosen, (database_id, asset_id)):
            _import_contents(session, chosen, (database_id, asset_id))
            session.flush()
        else:
            _refuse_contents(session, name)


def _chosen(session: Session, rows: list[Row]) -> Row | None:
    """The row of the active asset, or of the archived one where no active one has its id."""
    ordered = sorted(rows, key=lambda row: active_id(row.key[0])[1])
    for row in ordered[1:]:
        session.refuse(row, "it was archived, and an active asset of the same database has its id")
    return ordered[0] if ordered else None


def _refuse_contents(session: Session, name: str) -> None:
    reason = f"the asset {name!r} was not imported"
    for table in OF_ASSETS - {"AssetStorageTable"}:
        session.refuse_all(session.staging.of_asset(table, name), reason)
    database_id, _, asset_id = name.partition(":")
    if session.staging.databases_of(asset_id) == [database_id]:
        for table in OF_ASSET_IDS:
            session.refuse_all(session.staging.of_asset(table, asset_id), reason)


def _import_asset(session: Session, row: Row, key: tuple[str, str]) -> bool:
    database_id, asset_id = key
    if database_id not in session.databases:
        session.refuse(row, f"the database {database_id!r} was not imported")
        return False
    bucket_id = _bucket(session, row, database_id)
    asset = ImportedAsset(
        database_id=database_id,
        asset_id=asset_id,
        asset_name=_name(session, row, asset_id),
        description=session.description(row),
        is_distributable=truth(row.get("isDistributable")),
        tags=_tags(session, row),
        bucket_id=bucket_id,
        asset_location=_location(session, row, asset_id),
    )
    if session.attempt(row, partial(import_asset, session.ledger, asset)) is None:
        return False
    if active_id(row.key[0])[1] or text(row.get("status")) == "archived":
        session.archived[key] = text(row.get("archivedReason"))
    if row.get("previewLocation"):
        session.change(row, "its preview image stays in the bucket; it is named in the asset's origin")
    carried = CARRIED | {name for name in ("description",) if row.get(name) == asset.description}
    carried |= {name for name in ("tags",) if tuple(texts(row.get(name))) == asset.tags}
    carried |= {"bucketId"} if text(row.get("bucketId")) in session.buckets else set()
    session.came_from(row, "asset", key, carried)
    return True


def _bucket(session: Session, row: Row, database_id: str) -> str:
    given = text(row.get("bucketId"))
    if given not in session.buckets:
        session.change(row, f"its bucket {given!r} is in no table: that of its database is used")
    return session.buckets.get(given, session.databases[database_id])


def _name(session: Session, row: Row, asset_id: str) -> str:
    given = text(row.get("assetName"))
    try:
        check_asset_name(given)
    except Invalid:
        kept = "".join(character for character in given if character.isprintable())[:256].strip() or asset_id
        session.change(row, f"its name {given[:80]!r} became {kept[:80]!r}")
        return kept
    return given


def _tags(session: Session, row: Row) -> tuple[str, ...]:
    given: list[str] = []
    for tag in texts(row.get("tags")):
        try:
            given += check_tags((tag,))
        except Invalid as error:
            session.change(row, f"a tag was left out: {error.message}")
    for tag in given[MAX_TAGS:]:
        session.change(row, f"its tag {tag!r} is over the {MAX_TAGS} that an asset may have and was left out")
    return session.tags_of(row, given[:MAX_TAGS], lambda row, tag: create_dangling_tag(session, row, tag))


def _location(session: Session, row: Row, asset_id: str) -> str:
    location = row.get("assetLocation")
    key = text(location.get("Key") if isinstance(location, dict) else location).lstrip("/")
    if key and key.endswith("/"):
        return key
    stored = f"{key or asset_id}/"
    session.change(row, f"its location {key!r} became {stored!r}")
    return stored


def _import_contents(session: Session, row: Row, key: tuple[str, str]) -> None:
    versions = import_versions(session, key)
    current, newest = text(row.get("currentVersionId")), max(versions.numbers.values(), default=0)
    if current not in ("", "0") and versions.numbers.get(current) != newest:
        session.change(row, f"its current version was {current!r}; here the newest is, number {newest}")
    _import_present_entries(session, key, versions)
    import_comments(session, key, versions.numbers)


def _import_present_entries(session: Session, key: tuple[str, str], versions: Versions) -> None:
    """What the asset and its files have now, after the snapshots of its versions."""
    wanted: dict[Owner, Entries] = {}
    for table, name in (("AssetFileMetadataStorageTableV2", "metadata"), ("FileAttributeStorageTableV2", "attribute")):
        for row in session.staging.of_asset(table, ":".join(key)):
            owner = _owner(session, row, key, attributes=name == "attribute")
            if owner and (entry := entry_of(session, row, name)):
                wanted.setdefault(owner, {})[entry.key] = (entry, row)
    owners = dict.fromkeys([*versions.entries, *wanted])
    items = [(owner, versions.entries.get(owner, {}), wanted.get(owner, {})) for owner in owners]
    apply_entries(session, items, seed=("present", *key, len(versions.numbers)))


def _owner(session: Session, row: Row, key: tuple[str, str], *, attributes: bool) -> Owner | None:
    path = (parts(text(row.get("databaseId:assetId:filePath")), 3) or ["", "", ""])[2].removeprefix("/")
    if path:
        return FileOwner(*key, path, attributes=attributes)
    if attributes:
        session.refuse(row, "an asset has no attributes, only its files have")
        return None
    return AssetOwner(*key)
