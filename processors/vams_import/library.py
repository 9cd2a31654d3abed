"""Buckets, databases, tag types and tags; and what has to wait until everything is in them."""

from __future__ import annotations

from functools import partial

from domain.assets.commands import archive_asset
from domain.buckets.commands import register_bucket
from domain.databases.commands import create_database, update_database
from domain.databases.deletion import delete_database
from domain.errors import DomainError
from domain.owners.owner import DatabaseOwner
from domain.tags.commands import create_tag, create_tag_type, update_tag_type
from processors.vams_import.entries import Entries, apply_entries, entry_of
from processors.vams_import.session import Session
from processors.vams_import.staging import Row
from processors.vams_import.values import DELETED, active_id, parts, text, texts, truth

IMPORTED_TYPE = "imported"
"""The type of tags that are made because something has them."""


def import_buckets(session: Session) -> None:
    """Register every pair of bucket and prefix; ids here follow from the pair."""
    for row in session.staging.of_table("S3AssetBucketsStorageTable"):
        composite = parts(text(row.get("bucketName:baseAssetsPrefix")), 2) or ["", ""]
        name = text(row.get("bucketName")) or composite[0]
        prefix = _prefix(text(row.get("baseAssetsPrefix")) or composite[1])
        if not name:
            session.refuse(row, "it names no bucket")
            continue
        outcome = session.attempt(row, partial(register_bucket, session.ledger, name, base_assets_prefix=prefix))
        if outcome:
            session.buckets[row.key[0]] = outcome.result["bucketId"]
            if not truth(row.get("isVersioningEnabled"), otherwise=True):
                session.change(row, "it is used as a versioned bucket from now on: switch versioning on in the store")
            session.came_from(row, "bucket", (outcome.result["bucketId"],), BUCKET_ATTRIBUTES)


def import_databases(session: Session) -> None:
    """Create databases without restrictions, which come when everything is in them, and their metadata."""
    rows = list(session.staging.of_table("DatabaseStorageTable"))
    active = {row.key[0] for row in rows if not row.key[0].endswith(DELETED)}
    for row in rows:
        database_id, is_deleted = active_id(row.key[0])
        if is_deleted and database_id in active:
            session.refuse(row, "it was deleted, and an active database has its id")
        else:
            _import_database(session, row, database_id, is_deleted=is_deleted)
    _import_database_metadata(session)


def _import_database(session: Session, row: Row, database_id: str, *, is_deleted: bool) -> None:
    bucket_id = session.buckets.get(text(row.get("defaultBucketId")))
    if bucket_id is None:
        if not session.buckets:
            session.refuse(row, "there is no bucket to put its assets in")
            return
        bucket_id = next(iter(session.buckets.values()))
        session.change(row, f"its default bucket {text(row.get('defaultBucketId'))!r} is in no table: {bucket_id} is")
    description = session.description(row)
    made = session.attempt(
        row,
        partial(create_database, session.ledger, database_id, description=description, default_bucket_id=bucket_id),
        may_exist=True,
    )
    if made is None:
        return
    session.databases[database_id] = bucket_id
    if is_deleted:
        session.deleted_databases.append(database_id)
    session.came_from(row, "database", (database_id,), DATABASE_ATTRIBUTES)


def _import_database_metadata(session: Session) -> None:
    owners: dict[str, Entries] = {}
    for row in session.staging.of_table("DatabaseMetadataStorageTableV2"):
        database_id, _ = active_id(text(row.get("databaseId")))
        if database_id not in session.databases:
            session.refuse(row, f"the database {database_id!r} was not imported")
        elif entry := entry_of(session, row, "metadata"):
            owners.setdefault(database_id, {})[entry.key] = (entry, row)
    for database_id, entries in owners.items():
        apply_entries(session, [(DatabaseOwner(database_id), {}, entries)], seed=("database-metadata", database_id))


def import_tags(session: Session) -> None:
    """Create tag types, not required yet, and tags; a type that only tags name is made for them."""
    for row in session.staging.of_table("TagTypeStorageTable"):
        _create_type(session, row, row.key[0], text(row.get("description")))
    for row in session.staging.of_table("TagStorageTable"):
        tag_type = text(row.get("tagTypeName")) or IMPORTED_TYPE
        if tag_type not in session.tag_types:
            if not _create_type(session, row, tag_type, ""):
                continue
            session.change(row, f"its tag type {tag_type!r} is in no table and was made")
        _create_tag(session, row, row.key[0], tag_type)


def create_dangling_tag(session: Session, row: Row, tag: str) -> bool:
    """Make a tag that something has and no table: whether it exists now."""
    if IMPORTED_TYPE not in session.tag_types and not _create_type(session, row, IMPORTED_TYPE, ""):
        return False
    try:
        create_tag(session.ledger, tag, tag_type_name=IMPORTED_TYPE, order=session.order("dangling-tag", tag))
    except DomainError:
        return False
    session.tags.add(tag)
    session.change(row, f"its tag {tag!r} is in no table and was made, with the type {IMPORTED_TYPE!r}")
    return True


def _create_type(session: Session, row: Row, name: str, description: str) -> bool:
    made = session.attempt(
        row,
        partial(create_tag_type, session.ledger, name, description=description[:256]),
        may_exist=True,
    )
    if made:
        session.tag_types.add(name)
    return made is not None


def _create_tag(session: Session, row: Row, name: str, tag_type: str) -> None:
    description = text(row.get("description"))[:256]
    made = session.attempt(
        row,
        partial(create_tag, session.ledger, name, tag_type_name=tag_type, description=description),
        may_exist=True,
    )
    if made:
        session.tags.add(name)


def finish(session: Session) -> None:
    """Switch on what would have been in the way: required types, restrictions, archived assets, deleted databases."""
    for row in session.staging.of_table("TagTypeStorageTable"):
        if row.key[0] in session.tag_types and truth(row.get("required")):
            session.amend(
                row,
                partial(update_tag_type, session.ledger, row.key[0], is_required=True),
                otherwise="it is not required here",
            )
    _archive(session)
    for row in session.staging.of_table("DatabaseStorageTable"):
        _restrict(session, row)
    _delete(session)


def _archive(session: Session) -> None:
    for (database_id, asset_id), reason in session.archived.items():
        archive_asset(
            session.ledger,
            database_id,
            asset_id,
            reason=reason[:256] or None,
            order=session.order("archive", database_id, asset_id),
        )


def _restrict(session: Session, row: Row) -> None:
    database_id, is_deleted = active_id(row.key[0])
    extensions = tuple(texts(row.get("restrictFileUploadsToExtensions")))
    restricts = truth(row.get("restrictMetadataOutsideSchemas"))
    if database_id not in session.databases or is_deleted != (database_id in session.deleted_databases):
        return
    if extensions or restricts:
        session.amend(
            row,
            partial(
                update_database,
                session.ledger,
                database_id,
                restrict_metadata_outside_schemas=restricts,
                restrict_file_uploads_to_extensions=extensions,
            ),
            otherwise="its restrictions were not taken over",
        )


def _delete(session: Session) -> None:
    for row in session.staging.of_table("DatabaseStorageTable"):
        database_id, is_deleted = active_id(row.key[0])
        if is_deleted and database_id in session.deleted_databases:
            session.amend(
                row,
                partial(delete_database, session.ledger, database_id, with_archived_assets=True),
                otherwise="it is not deleted here",
            )


def _prefix(given: str) -> str:
    """The base prefix in its form here: "/" or `a/b/`."""
    inner = given.strip("/")
    return f"{inner}/" if inner else "/"


BUCKET_ATTRIBUTES = {"bucketName", "baseAssetsPrefix", "bucketName:baseAssetsPrefix", "isVersioningEnabled"}
DATABASE_ATTRIBUTES = {
    "databaseId",
    "description",
    "assetCount",
    "dateCreated",
    "restrictMetadataOutsideSchemas",
    "restrictFileUploadsToExtensions",
}
