"""Events of one small library."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from domain.assets.events import AssetCreated
from domain.buckets.events import BucketRegistered
from domain.databases.events import DatabaseCreated
from domain.files.events import FileUploaded, FileVersionObserved, StoredObject
from domain.metadata import MetadataEntry, MetadataValueType

WRITTEN = datetime(2026, 4, 1, tzinfo=UTC)
ASSET: Any = {"database_id": "shows", "asset_id": "shot_010"}
BUCKET = BucketRegistered(
    bucket_id="bucket-1", bucket_name="media", base_assets_prefix="library/", is_versioning_enabled=True
)
DATABASE = DatabaseCreated(
    database_id="shows",
    description="All shows",
    default_bucket_id="bucket-1",
    restrict_metadata_outside_schemas=True,
    restrict_file_uploads_to_extensions=(".exr", ".jpg"),
)


def asset(asset_id: str = "shot_010", **values: Any) -> AssetCreated:
    """An asset without metadata, but for the given values."""
    given: dict[str, Any] = {
        "asset_name": "Shot 10",
        "description": "The opening",
        "is_distributable": True,
        "tags": ("hero", "night"),
        "bucket_id": "bucket-1",
        "s3_bucket": "media",
        "asset_location": f"library/{asset_id}/",
    }
    return AssetCreated(database_id="shows", asset_id=asset_id, **(given | values))


def stored(path: str, version: str = "v1", **values: Any) -> StoredObject:
    """An object version at the key of a path of the asset."""
    given: dict[str, Any] = {
        "size_bytes": 1000,
        "etag": f"etag-{version}",
        "last_modified": WRITTEN,
        "content_type": "image/x-exr",
    }
    key = f"library/shot_010/{path}"
    return StoredObject(s3_bucket="media", s3_key=key, s3_version_id=version, **(given | values))


def uploaded(path: str, version: str = "v1", *, asset_id: str = "shot_010") -> FileUploaded:
    """An upload ended at this path."""
    return FileUploaded(
        database_id="shows", asset_id=asset_id, path=path, stored=stored(path, version), upload_id="upload-1"
    )


def observed(path: str, version: str = "v1", *, asset_id: str = "shot_010") -> FileVersionObserved:
    """A version was registered at this path."""
    return FileVersionObserved(database_id="shows", asset_id=asset_id, path=path, stored=stored(path, version))


def entry(key: str, value: str, value_type: MetadataValueType = MetadataValueType.STRING) -> MetadataEntry:
    """A metadata entry."""
    return MetadataEntry(key=key, value=value, value_type=value_type)
