"""VAMS's tables: their names, their keys, and which files of an export hold them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

KEYS: Mapping[str, tuple[str, ...]] = {
    "S3AssetBucketsStorageTable": ("bucketId", "bucketName:baseAssetsPrefix"),
    "DatabaseStorageTable": ("databaseId",),
    "DatabaseMetadataStorageTableV2": ("metadataKey", "databaseId"),
    "TagTypeStorageTable": ("tagTypeName",),
    "TagStorageTable": ("tagName",),
    "AssetStorageTable": ("databaseId", "assetId"),
    "AssetVersionsStorageTableV2": ("databaseId:assetId", "assetVersionId"),
    "AssetVersionsStorageTable": ("assetId", "assetVersionId"),
    "AssetFileVersionsStorageTableV2": ("databaseId:assetId:assetVersionId", "fileKey"),
    "AssetFileVersionsStorageTable": ("assetId:assetVersionId", "fileKey"),
    "AssetFileMetadataVersionsStorageTable": ("databaseId:assetId:assetVersionId", "type:filePath:metadataKey"),
    "AssetFileMetadataStorageTableV2": ("metadataKey", "databaseId:assetId:filePath"),
    "FileAttributeStorageTableV2": ("attributeKey", "databaseId:assetId:filePath"),
    "AssetLinksStorageTableV2": ("assetLinkId",),
    "AssetLinksMetadataStorageTable": ("assetLinkId", "metadataKey"),
    "MetadataSchemaStorageTableV2": ("metadataSchemaId", "databaseId:metadataEntityType"),
    "CommentStorageTable": ("assetId", "assetVersionId:commentId"),
    "UserStorageTable": ("userId",),
    "RolesStorageTable": ("roleName",),
    "UserRolesStorageTable": ("userId", "roleName"),
    "ConstraintsStorageTable": ("constraintId",),
    "AuthEntitiesStorageTable": ("entityType", "sk"),
    "ApiKeyStorageTable": ("apiKeyId",),
    "SubscriptionsStorageTable": ("eventName", "entityName_entityId"),
    "AppFeatureEnabledStorageTable": ("featureName",),
    "AssetUploadsStorageTable": ("uploadId", "assetId"),
    "PipelineStorageTable": ("databaseId", "pipelineId"),
    "WorkflowStorageTable": ("databaseId", "workflowId"),
    "WorkflowExecutionsStorageTable": ("databaseId:assetId", "executionId"),
}
"""Key attributes by table; with V1 of the two tables whose rows VAMS may not have migrated."""

SUFFIXES = (".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")


def table_of(name: str) -> str | None:
    """The table in a name that CloudFormation or a person gave: the longest one it contains; None for none."""
    plain = _plain(name)
    found = [table for table in KEYS if _plain(table) in plain]
    return max(found, key=len) if found else None


def export_files(directory: Path) -> Iterator[tuple[str | None, Path]]:
    """Every data file below the directory with the table it is of, by its path or by the manifest of its export."""
    for path in sorted(directory.rglob("*")):
        if not path.is_file() or not path.name.endswith(SUFFIXES) or path.name.startswith("manifest"):
            continue
        yield _table_by_path(path, directory) or _table_by_manifest(path, directory), path


def _table_by_path(path: Path, directory: Path) -> str | None:
    parts = path.relative_to(directory).parts
    return next((table for part in reversed(parts) if (table := table_of(part))), None)


def _table_by_manifest(path: Path, directory: Path) -> str | None:
    """An export of AWS is a folder of its own, which names its table in `manifest-summary.json` above the data."""
    for folder in (path.parent, *path.parent.parents):
        summary = folder / "manifest-summary.json"
        if summary.is_file():
            return table_of(str(_json(summary).get("tableArn", "")))
        if folder == directory:
            return None
    return None


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
