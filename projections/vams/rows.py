"""The rows of the print, one class a table: their fields are the table's columns in order, its key first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple


class BucketRow(NamedTuple):
    """A registered bucket."""

    bucket_id: str
    bucket_name: str
    base_assets_prefix: str
    is_versioning_enabled: bool
    sync_database_id: str | None


class DatabaseRow(NamedTuple):
    """A database; `revision` and `position` are of the last event of its own stream."""

    database_id: str
    description: str
    default_bucket_id: str
    restrict_metadata_outside_schemas: bool
    restrict_file_uploads_to_extensions: list[str]
    blocked_file_extensions: list[str]
    asset_count: int
    created_at: datetime
    archived_at: datetime | None
    revision: int
    position: int


class DatabaseMetadataRow(NamedTuple):
    """A metadata entry of a database."""

    database_id: str
    metadata_key: str
    metadata_value: str
    metadata_value_type: str
    position: int


class AssetRow(NamedTuple):
    """An asset; `updated_at`, `revision` and `position` are of the last event of its own stream."""

    database_id: str
    asset_id: str
    asset_name: str
    asset_type: str
    description: str
    is_distributable: bool
    tags: list[str]
    bucket_id: str
    s3_bucket: str
    asset_location: str
    preview_location: str | None
    preview_version_id: str | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    archived_reason: str | None
    current_version: int | None
    revision: int
    position: int


class FileRow(NamedTuple):
    """The latest version of a file; `revision` and `position` are of the last event of its own stream."""

    database_id: str
    asset_id: str
    path: str
    s3_bucket: str
    s3_key: str
    s3_version_id: str
    size_bytes: int
    etag: str
    content_type: str
    content_sha256: str | None
    last_modified: datetime
    archived_at: datetime | None
    primary_type: str | None
    primary_type_other: str | None
    preview_of: str | None
    file_extension: str
    sequence_pattern: str | None
    frame_number: int | None
    revision: int
    position: int


class FileVersionRow(NamedTuple):
    """An object version seen at a path; `position` is of its latest sighting.

    One that was permanently deleted stays, with the position of that, so that old lists can say so.
    """

    database_id: str
    asset_id: str
    path: str
    s3_version_id: str
    s3_bucket: str
    s3_key: str
    size_bytes: int
    etag: str
    content_type: str
    content_sha256: str | None
    last_modified: datetime
    archived_at: datetime | None
    position: int
    deleted_position: int | None


class FileCountRow(NamedTuple):
    """How many files of the working set decide the type of an asset."""

    database_id: str
    asset_id: str
    file_count: int


class FileRevertRow(NamedTuple):
    """A wanted return of a file; `s3_version_id` is the copy it made, None until then."""

    database_id: str
    asset_id: str
    path: str
    revert_id: int
    reverted_from: str
    state: str
    s3_version_id: str | None
    failure: str | None
    requested_at: datetime
    requested_by: str
    ended_at: datetime | None
    position: int


class FolderRow(NamedTuple):
    """A folder that somebody made."""

    database_id: str
    asset_id: str
    path: str
    created_at: datetime
    created_by: str
    position: int


class MetadataRow(NamedTuple):
    """A metadata entry of an asset (file path "/") or of a file."""

    database_id: str
    asset_id: str
    file_path: str
    metadata_key: str
    metadata_value: str
    metadata_value_type: str
    position: int


class AttributeRow(NamedTuple):
    """An attribute of a file."""

    database_id: str
    asset_id: str
    file_path: str
    attribute_key: str
    attribute_value: str
    attribute_value_type: str
    position: int


class AssetVersionRow(NamedTuple):
    """A version of an asset; what it holds has tables of its own, and `position` is of the event that made it."""

    database_id: str
    asset_id: str
    asset_version_id: int
    version_alias: str | None
    comment: str
    is_archived: bool
    created_at: datetime
    created_by: str
    position: int


class AssetRevertRow(NamedTuple):
    """A wanted return to an older version; `asset_version_id` is the version it made, None until then."""

    database_id: str
    asset_id: str
    revert_id: int
    reverted_from: int
    comment: str
    with_metadata: bool
    state: str
    asset_version_id: int | None
    skipped_paths: list[str]
    failure: str | None
    requested_at: datetime
    requested_by: str
    ended_at: datetime | None
    position: int


class UploadRow(NamedTuple):
    """An upload session; `files` is JSON text."""

    upload_id: str
    database_id: str
    asset_id: str
    user_id: str
    upload_type: str
    s3_bucket: str
    state: str
    created_at: datetime
    expires_at: datetime
    files: str
    revision: int
    position: int


class MediaRow(NamedTuple):
    """What inspection found in an object version; `parts` and `attributes` are JSON text."""

    s3_bucket: str
    s3_key: str
    s3_version_id: str
    file_id: str
    is_deep: bool
    frame_number: int | None
    parts: str
    attributes: str
    position: int


class RenditionRow(NamedTuple):
    """A wanted picture; from `s3_key` to `view` it is the last one made, whatever became of later attempts."""

    s3_bucket: str
    source_s3_key: str
    source_s3_version_id: str
    kind: str
    state: str
    s3_key: str | None
    s3_version_id: str | None
    content_type: str | None
    width: int | None
    height: int | None
    size_bytes: int | None
    color_space: str | None
    source_color_space: str | None
    color_rule: str | None
    view: str | None
    failure: str | None
    failure_code: str | None
    attempts: int
    produced_at: datetime | None
    position: int


class TagTypeRow(NamedTuple):
    """A tag type; `revision` counts its own events since it was created."""

    tag_type_name: str
    description: str
    required: bool
    revision: int
    position: int


class TagRow(NamedTuple):
    """A tag; `revision` counts its own events since it was created."""

    tag_name: str
    tag_type_name: str
    description: str
    revision: int
    position: int


class AssetLinkRow(NamedTuple):
    """A link; `updated_at`, `revision` and `position` are of the last event of its own stream."""

    asset_link_id: str
    from_asset_database_id: str
    from_asset_id: str
    to_asset_database_id: str
    to_asset_id: str
    relationship_type: str
    asset_link_alias_id: str | None
    tags: list[str]
    created_at: datetime
    updated_at: datetime
    revision: int
    position: int


class AssetLinkMetadataRow(NamedTuple):
    """A metadata entry of a link."""

    asset_link_id: str
    metadata_key: str
    metadata_value: str
    metadata_value_type: str
    position: int


class LogRow(NamedTuple):
    """One event of the log, without its payload."""

    position: int
    event_type: str
    recorded_at: datetime
    actor: str
    correlation_id: str
    causation_position: int | None
    database_id: str | None
    asset_id: str | None
    path: str | None
    clock: datetime
    late_by: timedelta


class LiftedRow(NamedTuple):
    """An event in its current class version, which is not the one that the log has."""

    position: int
    event: str


class LogOtherRow(NamedTuple):
    """The row of an event by a second asset that it is about; the columns of LogRow come after the asset's ids."""

    other_database_id: str
    other_asset_id: str
    position: int
    event_type: str
    recorded_at: datetime
    actor: str
    correlation_id: str
    causation_position: int | None
    database_id: str | None
    asset_id: str | None
    path: str | None
    clock: datetime
    late_by: timedelta
