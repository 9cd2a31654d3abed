"""Where the fields of assets and versions live."""

from __future__ import annotations

from domain.errors import Invalid
from gateway.adoptions.types import ADOPTION_OF_ASSET
from gateway.assets.filters import ASSET_ORDER
from gateway.comments.types import COMMENT_SQL_ORDER, version_conditions
from gateway.events.reads import EVENT_OF_ASSET, EVENT_ORDER
from gateway.files.reads import FILE_ORDER, file_conditions
from gateway.links.reads import ASSET_LINK_FIELDS
from gateway.metadata import metadata_source
from gateway.metadata_schemas.governing import ENTRY, FIELD_ORDER, VERSION_ENTRY
from gateway.object_jobs.types import ASSET_OBJECT_JOBS
from gateway.reads.sources import (
    Column,
    Field,
    Many,
    Narrowing,
    One,
    OrderKey,
    Pages,
    Signed,
    Source,
    global_id,
    timestamp,
)
from gateway.transfers.reads import ASSET_TRANSFERS

KEY = "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id"
VERSION_KEY = f"{KEY} AND {{t}}.asset_version_id = {{p}}.asset_version_id"

NEWEST = (
    "(SELECT max(v.asset_version_id) FROM asset_versions_storage v WHERE v.database_id = {t}.database_id"
    " AND v.asset_id = {t}.asset_id"
)


def _one_version(narrowing: Narrowing) -> list[str]:
    number, alias = (narrowing.arguments.get(name) for name in ("assetVersionId", "alias"))
    if (number is None) == (alias is None):
        raise Invalid("Asset.version takes either assetVersionId or alias.", path=("assetVersionId",))
    if number is not None:
        return [f"{narrowing.row}.asset_version_id::text = {narrowing.bind(number)}"]
    return [f"{narrowing.row}.version_alias = {narrowing.bind(alias)}"]


def _versions(narrowing: Narrowing) -> list[str]:
    return [] if narrowing.arguments.get("includeArchived") else [f"NOT {narrowing.row}.is_archived"]


def _version_path(narrowing: Narrowing) -> list[str]:
    path = narrowing.arguments.get("path")
    return [f"{narrowing.row}.file_path = {narrowing.bind('/' if path is None else path.removeprefix('/'))}"]


ASSET_TYPE_THEN = (
    "(SELECT CASE WHEN count(*) = 0 THEN 'none' WHEN count(*) > 1 THEN 'folder'"
    " WHEN max(x.file_extension) = '' THEN 'unknown' ELSE max(x.file_extension) END"
    " FROM (SELECT f.file_extension FROM asset_files_history f WHERE f.database_id = {t}.database_id"
    " AND f.asset_id = {t}.asset_id AND f.valid_from <= {as_of} AND (f.valid_to IS NULL OR f.valid_to > {as_of})"
    " AND f.archived_at IS NULL AND f.preview_of IS NULL LIMIT 2) x)"
)

PREVIEW = (
    "CASE WHEN {t}.preview_location IS NOT NULL THEN"
    " json_build_array({t}.s3_bucket, {t}.preview_location, {t}.preview_version_id, NULL) END"
)

ASSET_FIELDS: dict[str, Field] = {
    "id": global_id("Asset", "{t}.database_id", "{t}.asset_id"),
    "databaseId": Column("{t}.database_id"),
    "assetId": Column("{t}.asset_id"),
    "assetName": Column("{t}.asset_name"),
    "assetType": Column("{t}.asset_type", as_of=ASSET_TYPE_THEN),
    "description": Column("{t}.description"),
    "isDistributable": Column("{t}.is_distributable"),
    "tags": Column("to_json({t}.tags)"),
    "archived": Column("{t}.archived_at IS NOT NULL"),
    "archivedAt": timestamp("{t}.archived_at"),
    "archivedReason": Column("{t}.archived_reason"),
    "createdAt": timestamp("{t}.created_at"),
    "updatedAt": timestamp("{t}.updated_at"),
    "revision": Column("{t}.revision"),
    "database": One("Database", "{t}.database_id = {p}.database_id"),
    "bucket": One("Bucket", "{t}.bucket_id = {p}.bucket_id", present=True),
    "assetLocation": Column("{t}.asset_location"),
    "previewUrl": Signed(PREVIEW),
    "currentVersion": One("AssetVersion", f"{KEY} AND {{t}}.asset_version_id = {{p}}.current_version"),
    "version": One("AssetVersion", KEY, _one_version),
    "reverts": Many("AssetRevert", KEY, "{t}.revert_id DESC"),
    "versions": Pages("AssetVersion", KEY, (OrderKey("{t}.asset_version_id", "integer", True),), _versions),
    "files": Pages("File", KEY, FILE_ORDER, file_conditions),
    "sequences": Many("FrameSequence", "true", "{t}.sequence_pattern"),
    "metadata": Many("AssetMetadata", f"{KEY} AND {{t}}.file_path = '/'", "{t}.metadata_key"),
    "metadataFields": Many("AssetFields", "true", FIELD_ORDER),
    "comments": Many("Comment", KEY, COMMENT_SQL_ORDER, version_conditions),
    "transfers": ASSET_TRANSFERS,
    "objectJobs": ASSET_OBJECT_JOBS,
    "folders": Many("Folder", "true", '{t}.path COLLATE "C"'),
    "adoption": ADOPTION_OF_ASSET,
    "history": Pages("AssetEvent", EVENT_OF_ASSET, EVENT_ORDER, plain_cursor=True),
    **ASSET_LINK_FIELDS,
}

VERSION_FIELDS: dict[str, Field] = {
    "id": global_id("AssetVersion", "{t}.database_id", "{t}.asset_id", "{t}.asset_version_id"),
    "assetVersionId": Column("{t}.asset_version_id::text"),
    "versionAlias": Column("{t}.version_alias"),
    "comment": Column("{t}.comment"),
    "isArchived": Column("{t}.is_archived"),
    "isCurrent": Column(
        f"{{t}}.asset_version_id = {NEWEST})", as_of=f"{{t}}.asset_version_id = {NEWEST} AND v.position <= {{as_of}})"
    ),
    "createdAt": timestamp("{t}.created_at"),
    "createdBy": Column("{t}.created_by"),
    "position": Column("{t}.position::text"),
    "files": Pages("VersionFile", VERSION_KEY, (OrderKey("{t}.file_key", "text"),)),
    "metadata": Many(
        "VersionMetadata", f"{VERSION_KEY} AND {{t}}.type = 'metadata'", "{t}.metadata_key", _version_path
    ),
}

REVERT_FIELDS: dict[str, Field] = {
    "revertId": Column("{t}.revert_id"),
    "revertedFrom": Column("{t}.reverted_from::text"),
    "comment": Column("{t}.comment"),
    "withMetadata": Column("{t}.with_metadata"),
    "state": Column("{t}.state"),
    "assetVersion": One("AssetVersion", f"{KEY} AND {{t}}.asset_version_id = {{p}}.asset_version_id"),
    "skippedPaths": Column("to_json({t}.skipped_paths)"),
    "failure": Column("{t}.failure"),
    "requestedAt": timestamp("{t}.requested_at"),
    "requestedBy": Column("{t}.requested_by"),
    "endedAt": timestamp("{t}.ended_at"),
}

SOURCES = {
    "Asset": Source("Asset", "asset_storage", ASSET_FIELDS, history="asset_storage_history"),
    "AssetVersion": Source(
        "AssetVersion", "asset_versions_storage", VERSION_FIELDS, history="asset_versions_storage_history"
    ),
    "AssetRevert": Source("AssetRevert", "asset_reverts", REVERT_FIELDS),
    **metadata_source("AssetMetadata", ENTRY),
    **metadata_source("VersionMetadata", VERSION_ENTRY),
}

ASSETS_ORDER = ASSET_ORDER
