"""Where the fields of files live."""

from __future__ import annotations

from collections.abc import Iterator

from domain.files.previews import EXTENSIONS, MARK
from gateway.metadata import metadata_source
from gateway.metadata_schemas.governing import ATTRIBUTE_ENTRY, ENTRY, FIELD_ORDER
from gateway.reads.sources import (
    Column,
    Field,
    Many,
    Narrowing,
    One,
    OrderKey,
    Signed,
    Source,
    global_id,
    timestamp,
)
from gateway.transfers.reads import OF_VERSION

FILE_ORDER = (OrderKey('{t}.path COLLATE "C"', "text"),)
FILE_KEY = "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id AND {t}.path = {p}.path"
ENTRY_KEY = "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id AND {t}.file_path = {p}.path"
OBJECT = "{t}.s3_bucket = {p}.s3_bucket AND {t}.s3_key = {p}.s3_key AND {t}.s3_version_id = {p}.s3_version_id"
RENDITION_SOURCE = (
    "{t}.s3_bucket = {p}.s3_bucket AND {t}.source_s3_key = {p}.s3_key AND {t}.source_s3_version_id = {p}.s3_version_id"
)
DOWNLOAD = (
    "CASE WHEN (SELECT a.is_distributable FROM asset_storage a WHERE a.database_id = {t}.database_id"
    " AND a.asset_id = {t}.asset_id) THEN json_build_array({t}.s3_bucket, {t}.s3_key, {t}.s3_version_id,"
    " regexp_replace({t}.path, '^.*/', '')) END"
)
_HOLDING = (
    "(SELECT coalesce(json_agg(v.asset_version_id::text ORDER BY v.asset_version_id), '[]'::json)"
    " FROM asset_file_versions_storage v<then> WHERE v.database_id = {t}.database_id AND v.asset_id = {t}.asset_id"
    " AND v.file_key = {t}.path AND v.version_id = {t}.s3_version_id)"
)
_MADE_BY_THEN = (
    " JOIN asset_versions_storage a ON a.database_id = v.database_id AND a.asset_id = v.asset_id"
    " AND a.asset_version_id = v.asset_version_id AND a.position <= {as_of}"
)
HOLDING_VERSIONS = Column(_HOLDING.replace("<then>", ""), as_of=_HOLDING.replace("<then>", _MADE_BY_THEN))
_LATEST = (
    "EXISTS (SELECT 1 FROM <files> f WHERE f.database_id = {t}.database_id AND f.asset_id = {t}.asset_id"
    " AND f.path = {t}.file_key AND f.s3_version_id = {t}.version_id<then>)"
)
_THEN = " AND f.valid_from <= {as_of} AND (f.valid_to IS NULL OR f.valid_to > {as_of})"
IS_LATEST = Column(
    _LATEST.replace("<files>", "asset_files").replace("<then>", ""),
    as_of=_LATEST.replace("<files>", "asset_files_history").replace("<then>", _THEN),
)


def _is_erased(path: str, version: str) -> Column:
    """Whether the object version that these columns of a row name was permanently deleted."""
    gone = (
        "NOT EXISTS (SELECT 1 FROM file_versions e WHERE e.database_id = {t}.database_id AND e.asset_id = {t}.asset_id"
        f" AND e.path = {{t}}.{path} AND e.s3_version_id = {{t}}.{version} AND <then>)"
    )
    return Column(
        gone.replace("<then>", "e.deleted_position IS NULL"),
        as_of=gone.replace("<then>", "(e.deleted_position IS NULL OR e.deleted_position > {as_of})"),
    )


def file_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the arguments `prefix` and `includeArchived`."""
    prefix = narrowing.arguments.get("prefix")
    if prefix:
        yield f"starts_with({narrowing.row}.path, {narrowing.bind(prefix.removeprefix('/'))})"
    if not narrowing.arguments.get("includeArchived"):
        yield f"{narrowing.row}.archived_at IS NULL"


FILE_OF_ASSET = "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id"
PREVIEW_PATHS = "ARRAY[" + ", ".join(f"{{f}}.path || '{MARK}.{extension}'" for extension in EXTENSIONS) + "]"
PREVIEW = (
    "SELECT json_build_array(v.s3_bucket, v.s3_key, v.s3_version_id, NULL) FROM asset_files v"
    " WHERE v.database_id = {t}.database_id AND v.asset_id = {t}.asset_id AND v.archived_at IS NULL"
    f" AND v.path = ANY({PREVIEW_PATHS.format(f='{t}')}) ORDER BY v.path LIMIT 1"
)


def _first_preview(narrowing: Narrowing) -> list[str]:
    """The first preview by its path that is in the working set, at the moment that is read."""
    then = narrowing.as_of
    table, moment = ("asset_files", "")
    if then:
        table, moment = (
            "asset_files_history",
            f" AND v.valid_from <= {then} AND (v.valid_to IS NULL OR v.valid_to > {then})",
        )
    parent = narrowing.parent
    return [
        f"{narrowing.row}.path = (SELECT min(v.path) FROM {table} v WHERE v.database_id = {parent}.database_id"
        f" AND v.asset_id = {parent}.asset_id AND v.archived_at IS NULL"
        f" AND v.path = ANY({PREVIEW_PATHS.format(f=parent)}){moment})"
    ]


def _kind(narrowing: Narrowing) -> list[str]:
    kind = narrowing.arguments["kind"]
    return [f"{narrowing.row}.kind = {narrowing.bind(str(kind))}"]


FILE_FIELDS: dict[str, Field] = {
    "id": global_id("File", "{t}.database_id", "{t}.asset_id", "{t}.path"),
    "databaseId": Column("{t}.database_id"),
    "assetId": Column("{t}.asset_id"),
    "path": Column("{t}.path"),
    "sizeBytes": Column("{t}.size_bytes"),
    "etag": Column("{t}.etag"),
    "contentType": Column("{t}.content_type"),
    "contentSha256": Column("{t}.content_sha256"),
    "s3Bucket": Column("{t}.s3_bucket"),
    "s3Key": Column("{t}.s3_key"),
    "s3VersionId": Column("{t}.s3_version_id"),
    "lastModified": timestamp("{t}.last_modified"),
    "archived": Column("{t}.archived_at IS NOT NULL"),
    "permanentlyDeleted": _is_erased("path", "s3_version_id"),
    "primaryType": Column("{t}.primary_type"),
    "primaryTypeOther": Column("{t}.primary_type_other"),
    "previewOf": Column("{t}.preview_of"),
    "previewFile": One("File", FILE_OF_ASSET, _first_preview),
    "previewUrl": Signed(PREVIEW),
    "reverts": Many("FileRevert", FILE_KEY, "{t}.revert_id DESC"),
    "revision": Column("{t}.revision"),
    "versions": Many("FileVersion", FILE_KEY, "{t}.position DESC"),
    "metadata": Many("FileMetadata", ENTRY_KEY, "{t}.metadata_key"),
    "attributes": Many("FileAttribute", ENTRY_KEY, "{t}.attribute_key"),
    "metadataFields": Many("FileFields", "true", FIELD_ORDER),
    "attributeFields": Many("FileAttributeFields", "true", FIELD_ORDER),
    "renditions": Many("Rendition", RENDITION_SOURCE, "{t}.kind DESC"),
    "rendition": One("Rendition", RENDITION_SOURCE, _kind),
    "media": One("Media", OBJECT),
    "origin": One("FileOrigin", OF_VERSION),
    "downloadUrl": Signed(DOWNLOAD),
}

AT_VERSION = (
    "(SELECT v.database_id, v.asset_id, v.path, v.s3_bucket, v.s3_key, v.s3_version_id, v.size_bytes, v.etag,"
    " v.content_type, v.content_sha256, v.last_modified, v.archived_at, coalesce(f.primary_type, h.primary_type)"
    " AS primary_type, coalesce(f.primary_type_other, h.primary_type_other) AS primary_type_other,"
    " coalesce(f.preview_of, h.preview_of) AS preview_of, coalesce(f.file_extension, h.file_extension)"
    " AS file_extension, coalesce(f.revision, h.revision) AS revision, v.position FROM file_versions v"
    " LEFT JOIN asset_files f USING (database_id, asset_id, path) LEFT JOIN LATERAL"
    " (SELECT l.primary_type, l.primary_type_other, l.preview_of, l.file_extension, l.revision"
    " FROM asset_files_history l"
    " WHERE f.path IS NULL AND l.database_id = v.database_id AND l.asset_id = v.asset_id AND l.path = v.path"
    " ORDER BY l.valid_from DESC LIMIT 1) h ON true WHERE v.deleted_position IS NULL)"
)

_SEQUENCES = (
    "(SELECT s.sequence_pattern, min(s.frame_number) AS first_frame, max(s.frame_number) AS last_frame,"
    " count(*) AS frame_count, coalesce(json_agg(json_build_object('firstFrame', s.previous + 1, 'lastFrame',"
    " s.frame_number - 1) ORDER BY s.frame_number) FILTER (WHERE s.frame_number > s.previous + 1), '[]'::json)"
    " AS missing FROM (SELECT f.sequence_pattern, f.frame_number, lag(f.frame_number) OVER (PARTITION BY"
    " f.sequence_pattern ORDER BY f.frame_number) AS previous FROM <files> f WHERE f.database_id = {p}.database_id"
    " AND f.asset_id = {p}.asset_id AND f.sequence_pattern IS NOT NULL AND f.archived_at IS NULL<then>) s"
    " GROUP BY s.sequence_pattern HAVING count(*) > 1)"
)

_FOLDERS_OF_FILES = (
    "SELECT {p} || split_part(substr(f.path, length({p}) + 1), '/', 1) AS path, 1 AS files, f.size_bytes AS bytes,"
    " false AS is_made FROM {files} f WHERE {here} AND starts_with(f.path, {p})"
    " AND strpos(substr(f.path, length({p}) + 1), '/') > 0{active}{then}"
)
_MADE_FOLDERS = (
    "SELECT {p} || split_part(substr(f.path, length({p}) + 1), '/', 1), 0, 0,"
    " strpos(substr(f.path, length({p}) + 1), '/') = 0 FROM {folders} f WHERE {here} AND starts_with(f.path, {p}){then}"
)


def _folders(narrowing: Narrowing) -> str:
    """FROM item of the folders directly below the prefix: those of files, and those that somebody made."""
    prefix = (narrowing.arguments.get("prefix") or "").strip("/")
    parts = {
        "p": narrowing.bind(f"{prefix}/" if prefix else ""),
        "here": f"f.database_id = {narrowing.parent}.database_id AND f.asset_id = {narrowing.parent}.asset_id",
        "active": "" if narrowing.arguments.get("includeArchived") else " AND f.archived_at IS NULL",
        "files": "asset_files",
        "folders": "asset_folders",
        "then": "",
    }
    if narrowing.as_of:
        parts["files"], parts["folders"] = "asset_files_history", "asset_folders_history"
        parts["then"] = (
            f" AND f.valid_from <= {narrowing.as_of} AND (f.valid_to IS NULL OR f.valid_to > {narrowing.as_of})"
        )
    both = f"{_FOLDERS_OF_FILES.format(**parts)} UNION ALL {_MADE_FOLDERS.format(**parts)}"
    return (
        "(SELECT g.path, sum(g.files)::integer AS file_count, coalesce(sum(g.bytes), 0)::bigint AS size_bytes,"
        f" bool_or(g.is_made) AS is_made FROM ({both}) g GROUP BY g.path)"
    )


SOURCES = {
    "Folder": Source(
        "Folder",
        "",
        {
            "path": Column("{t}.path"),
            "name": Column("regexp_replace({t}.path, '^.*/', '')"),
            "fileCount": Column("{t}.file_count"),
            "sizeBytes": Column("{t}.size_bytes"),
            "isMade": Column("{t}.is_made"),
        },
        rows=_folders,
    ),
    "FileRevert": Source(
        "FileRevert",
        "file_reverts",
        {
            "revertId": Column("{t}.revert_id"),
            "revertedFrom": Column("{t}.reverted_from"),
            "state": Column("{t}.state"),
            "s3VersionId": Column("{t}.s3_version_id"),
            "failure": Column("{t}.failure"),
            "requestedAt": timestamp("{t}.requested_at"),
            "requestedBy": Column("{t}.requested_by"),
            "endedAt": timestamp("{t}.ended_at"),
        },
    ),
    "File": Source("File", "asset_files", FILE_FIELDS, history="asset_files_history"),
    "FileAtVersion": Source("File", AT_VERSION, FILE_FIELDS),
    "FileVersion": Source(
        "FileVersion",
        "(SELECT * FROM file_versions WHERE deleted_position IS NULL)",
        {
            "s3VersionId": Column("{t}.s3_version_id"),
            "sizeBytes": Column("{t}.size_bytes"),
            "etag": Column("{t}.etag"),
            "lastModified": timestamp("{t}.last_modified"),
            "archived": Column("{t}.archived_at IS NOT NULL"),
            "assetVersionIds": HOLDING_VERSIONS,
            "origin": One("FileOrigin", OF_VERSION),
        },
        past="(SELECT * FROM file_versions WHERE position <= {as_of}"
        " AND (deleted_position IS NULL OR deleted_position > {as_of}))",
    ),
    "VersionFile": Source(
        "VersionFile",
        "asset_file_versions_storage",
        {
            "path": Column("{t}.file_key"),
            "s3VersionId": Column("{t}.version_id"),
            "sizeBytes": Column("{t}.size_bytes"),
            "etag": Column("{t}.etag"),
            "permanentlyDeleted": _is_erased("file_key", "version_id"),
            "isLatest": IS_LATEST,
        },
    ),
    "FrameSequence": Source(
        "FrameSequence",
        _SEQUENCES.replace("<files>", "asset_files").replace("<then>", ""),
        {
            "pattern": Column("{t}.sequence_pattern"),
            "firstFrame": Column("{t}.first_frame"),
            "lastFrame": Column("{t}.last_frame"),
            "frameCount": Column("{t}.frame_count"),
            "missing": Many("FrameRange", "true", "{t}.ordinality"),
            "proxy": Column("NULL::json"),
        },
        past=_SEQUENCES.replace("<files>", "asset_files_history").replace("<then>", _THEN),
    ),
    "FrameRange": Source(
        "FrameRange",
        "json_array_elements({p}.missing) WITH ORDINALITY",
        {"firstFrame": Column("{t}.value -> 'firstFrame'"), "lastFrame": Column("{t}.value -> 'lastFrame'")},
    ),
    **metadata_source("FileMetadata", ENTRY),
    **metadata_source("FileAttribute", ATTRIBUTE_ENTRY),
}
