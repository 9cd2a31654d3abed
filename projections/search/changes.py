"""What a batch of events changes in the tables of the search projection: one row a key, whatever the batch holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.assets.events import (
    AssetArchived,
    AssetCreated,
    AssetDescribed,
    AssetDistributionSet,
    AssetErased,
    AssetEvent,
    AssetMetadataRemoved,
    AssetMetadataSet,
    AssetPermanentlyDeleted,
    AssetPreviewDeleted,
    AssetPreviewSet,
    AssetRenamed,
    AssetRetagged,
    AssetUnarchived,
    AssetVersionAliased,
    AssetVersionCreated,
    AssetVersionDescribed,
)
from domain.buckets.events import BucketRegistered
from domain.event import Recorded
from domain.files.events import (
    FileArchived,
    FileAttributesRemoved,
    FileAttributesSet,
    FileErased,
    FileEvent,
    FileMetadataRemoved,
    FileMetadataSet,
    FileMovedAway,
    FilePermanentlyDeleted,
    FileUnarchived,
    FileVersionSeen,
)
from domain.files.paths import extension
from domain.files.previews import base_of
from domain.links.events import AssetLinkCreated, AssetLinkDeleted
from domain.media.events import RenditionKind, RenditionsProduced
from domain.metadata import MetadataEntry, MetadataValueType
from projections.search.comparable import comparable
from projections.search.words import path_vector, searchable, title, vector

Row: TypeAlias = dict[str, object]
AssetKey: TypeAlias = tuple[str, str]

EXCLUDED_KEYS = ("VAMS_", "_")
"""Prefixes of metadata keys that are internal and never indexed (the seed's rule)."""

NO_WORDS = frozenset(
    {
        MetadataValueType.XYZ,
        MetadataValueType.WXYZ,
        MetadataValueType.MATRIX4X4,
        MetadataValueType.GEOPOINT,
        MetadataValueType.GEOJSON,
        MetadataValueType.LLA,
    }
)
"""Types whose values are heaps of coordinates: stored and compared, but no words to look for."""


@dataclass
class Changes:
    """Rows by key. A column that a row lacks keeps its value in the table."""

    buckets: dict[str, Row] = field(default_factory=dict)
    new_assets: dict[AssetKey, Row] = field(default_factory=dict)
    assets: dict[AssetKey, Row] = field(default_factory=dict)
    versions: dict[tuple[str, str, int], Row] = field(default_factory=dict)
    """What versions are called now, by asset and number; of interest where it is the asset's current version."""
    files: dict[str, Row] = field(default_factory=dict)
    """By document id, as the next."""
    file_positions: dict[str, Row] = field(default_factory=dict)
    previews: dict[tuple[str, str], Row] = field(default_factory=dict)
    """By document id and object version."""
    metadata: dict[tuple[str, str, str], Row | None] = field(default_factory=dict)
    """By document id, kind and key; None removes the row."""
    links: dict[str, Row | None] = field(default_factory=dict)
    """By link id; None removes the row."""
    linked: set[AssetKey] = field(default_factory=set)
    """Assets at an end of a link that came or went."""
    inherited: set[AssetKey] = field(default_factory=set)
    """Assets whose files show something that changed."""
    assets_files_came_to: set[AssetKey] = field(default_factory=set)
    """Assets that a file was stored in, or unarchived."""
    assets_files_left: set[AssetKey] = field(default_factory=set)
    """Assets that a file was taken from, or archived."""
    gone: set[str] = field(default_factory=set)
    """Documents of files that went, with all that belongs to them; where another came since, it is in `files`."""
    gone_assets: set[AssetKey] = field(default_factory=set)
    """Assets that were permanently deleted, with all their files."""


def changes(batch: Iterable[Recorded]) -> Changes:
    """The rows of the batch, later events over earlier ones."""
    found = Changes()
    for recorded in (entry for entry in batch if not isinstance(entry.event, AssetErased | FileErased)):
        match recorded.event:
            case AssetPermanentlyDeleted() as event:
                _leave_asset(found, (event.database_id, event.asset_id))
            case AssetEvent() as event:
                _asset(found, event, recorded)
            case FileEvent() as event:
                _file(found, event, recorded.position)
            case AssetLinkCreated() | AssetLinkDeleted() as event:
                _link(found, event)
            case RenditionsProduced() as event:
                _previews(found, event)
            case BucketRegistered() as event:
                found.buckets[event.bucket_id] = {
                    "bucket_id": event.bucket_id,
                    "bucket_name": event.bucket_name,
                    "base_assets_prefix": event.base_assets_prefix,
                }
    return found


def document_id(*key: str) -> str:
    """Of an asset from (database id, asset id), of a file from (database id, asset id, path)."""
    return ":".join(key)


def _asset(found: Changes, event: AssetEvent, recorded: Recorded) -> None:
    key = (event.database_id, event.asset_id)
    if isinstance(event, AssetCreated):
        found.new_assets[key] = _new_asset(event)
        _set(found, document_id(*key), "MD", event.metadata)
    row = found.new_assets.get(key)
    if row is None:
        row = found.assets.setdefault(key, {"database_id": event.database_id, "asset_id": event.asset_id})
    row["position"] = recorded.position
    _asset_fields(found, event, row)
    match event:
        case AssetVersionCreated():
            row["version_name"] = _version_name(event)
            row["version_comment"] = event.comment
            row["comment_words"] = vector(event.comment, "C")
            row["version_created_at"] = recorded.cause.at
        case AssetVersionAliased():
            _version(found, event)["version_name"] = _version_name(event)
        case AssetVersionDescribed():
            _version(found, event).update(version_comment=event.comment, comment_words=vector(event.comment, "C"))
        case AssetMetadataSet():
            _set(found, document_id(*key), "MD", event.entries)
        case AssetMetadataRemoved():
            _remove(found, document_id(*key), "MD", event.keys)


def _version(found: Changes, event: AssetVersionAliased | AssetVersionDescribed) -> Row:
    key = (event.database_id, event.asset_id, event.asset_version_id)
    return found.versions.setdefault(key, dict(zip(("database_id", "asset_id", "number"), key, strict=True)))


def _version_name(event: AssetVersionCreated | AssetVersionAliased) -> str:
    alias = f" ({event.version_alias})" if event.version_alias else ""
    return f"v{event.asset_version_id}{alias}"


def _asset_fields(found: Changes, event: AssetEvent, row: Row) -> None:
    match event:
        case AssetRenamed():
            row["asset_name"] = event.asset_name
            row["title"] = title(event.asset_name)
            row["name_words"] = vector(event.asset_name, "A")
        case AssetDescribed():
            row["description"] = event.description
            row["description_words"] = vector(event.description, "C")
        case AssetRetagged():
            row["tags"] = event.tags
            row["tag_words"] = _tag_words(event.tags)
        case AssetDistributionSet():
            row["is_distributable"] = event.is_distributable
        case AssetArchived() | AssetUnarchived():
            row["is_archived"] = isinstance(event, AssetArchived)
        case AssetPreviewSet() | AssetPreviewDeleted():
            row["preview_key"] = event.stored.s3_key if isinstance(event, AssetPreviewSet) else ""
    if isinstance(event, AssetRenamed | AssetRetagged | AssetArchived | AssetUnarchived):
        found.inherited.add((event.database_id, event.asset_id))


def _new_asset(event: AssetCreated) -> Row:
    return {
        "database_id": event.database_id,
        "asset_id": event.asset_id,
        "asset_name": event.asset_name,
        "title": title(event.asset_name),
        "description": event.description,
        "is_distributable": event.is_distributable,
        "is_archived": False,
        "tags": event.tags,
        "bucket_id": event.bucket_id,
        "s3_bucket": event.s3_bucket,
        "asset_location": event.asset_location,
        "name_words": vector(event.asset_name, "A"),
        "id_words": vector(event.asset_id, "B"),
        "tag_words": _tag_words(event.tags),
        "description_words": vector(event.description, "C"),
        "comment_words": "",
    }


def _tag_words(tags: tuple[str, ...]) -> str:
    return vector("\n".join(tags), "B")


def _file(found: Changes, event: FileEvent, position: int) -> None:
    document = document_id(event.database_id, event.asset_id, event.path)
    row = found.files.get(document)
    match event:
        case FileVersionSeen():
            row = found.files[document] = _stored_file(event)
            found.file_positions.pop(document, None)
            found.assets_files_came_to.add((event.database_id, event.asset_id))
        case FileMovedAway() | FilePermanentlyDeleted():
            _leave(found, document)
            found.assets_files_left.add((event.database_id, event.asset_id))
            return
        case FileArchived() | FileUnarchived():
            row = row or found.file_positions.setdefault(document, {"document_id": document})
            row["is_archived"] = isinstance(event, FileArchived)
            moved = found.assets_files_left if isinstance(event, FileArchived) else found.assets_files_came_to
            moved.add((event.database_id, event.asset_id))
        case _:
            _file_entries(found, event, document)
    if row is None:
        row = found.file_positions.setdefault(document, {"document_id": document})
    row["position"] = position


def _file_entries(found: Changes, event: FileEvent, document: str) -> None:
    match event:
        case FileMetadataSet():
            _set(found, document, "MD", event.entries)
        case FileAttributesSet():
            _set(found, document, "AB", event.entries)
        case FileMetadataRemoved():
            _remove(found, document, "MD", event.keys)
        case FileAttributesRemoved():
            _remove(found, document, "AB", event.keys)


def _leave(found: Changes, document: str) -> None:
    """Forget what the batch did to the document, and what there was of it before."""
    found.files.pop(document, None)
    found.file_positions.pop(document, None)
    for key in [key for key in found.metadata if key[0] == document]:
        del found.metadata[key]
    for preview in [preview for preview in found.previews if preview[0] == document]:
        del found.previews[preview]
    found.gone.add(document)


def _leave_asset(found: Changes, asset: AssetKey) -> None:
    """Forget what the batch did to the asset and its files, and what there was of them before; none comes back."""
    for rows in (found.new_assets, found.assets):
        rows.pop(asset, None)
    for version in [key for key in found.versions if key[:2] == asset]:
        del found.versions[version]
    below = document_id(*asset, "")
    documents = {key for key in (*found.files, *found.file_positions) if key.startswith(below)}
    documents |= {key[0] for key in (*found.metadata, *found.previews) if f"{key[0]}:".startswith(below)}
    for document in documents:
        _leave(found, document)
    for assets in (found.inherited, found.assets_files_came_to, found.assets_files_left):
        assets.discard(asset)
    found.gone_assets.add(asset)


def _stored_file(event: FileVersionSeen) -> Row:
    stored = event.stored
    return {
        "document_id": document_id(event.database_id, event.asset_id, event.path),
        "database_id": event.database_id,
        "asset_id": event.asset_id,
        "path": event.path,
        "title": title(event.path.rpartition("/")[2]),
        "s3_bucket": stored.s3_bucket,
        "s3_key": stored.s3_key,
        "s3_version_id": stored.s3_version_id,
        "etag": stored.etag,
        "size_bytes": stored.size_bytes,
        "last_modified": stored.last_modified,
        "file_extension": extension(event.path) or None,
        "path_words": path_vector(event.path),
        "is_archived": False,
        "is_preview": base_of(event.path) is not None,
    }


def _link(found: Changes, event: AssetLinkCreated | AssetLinkDeleted) -> None:
    ends = {
        "from_database_id": event.from_database_id,
        "from_asset_id": event.from_asset_id,
        "to_database_id": event.to_database_id,
        "to_asset_id": event.to_asset_id,
    }
    found.linked |= {(event.from_database_id, event.from_asset_id), (event.to_database_id, event.to_asset_id)}
    found.links[event.asset_link_id] = None
    if isinstance(event, AssetLinkCreated):
        kind = event.relationship_type
        found.links[event.asset_link_id] = {"asset_link_id": event.asset_link_id, "relationship_type": kind, **ends}


def _previews(found: Changes, event: RenditionsProduced) -> None:
    document = document_id(event.database_id, event.asset_id, event.path)
    for rendition in event.renditions:
        if rendition.kind is RenditionKind.THUMBNAIL:
            found.previews[document, event.s3_version_id] = {
                "document_id": document,
                "s3_version_id": event.s3_version_id,
                "preview_key": rendition.s3_key,
            }


def _set(found: Changes, owner: str, kind: str, entries: tuple[MetadataEntry, ...]) -> None:
    for entry in entries:
        if not entry.key.startswith(EXCLUDED_KEYS):
            found.metadata[owner, kind, entry.key] = _metadata(owner, kind, entry)


def _remove(found: Changes, owner: str, kind: str, keys: tuple[str, ...]) -> None:
    for key in keys:
        found.metadata[owner, kind, key] = None


def _metadata(owner: str, kind: str, entry: MetadataEntry) -> Row:
    words = "" if entry.value_type in NO_WORDS else vector(entry.value, "D")
    value = comparable(entry)
    return {
        "document_id": owner,
        "kind": kind,
        "key": entry.key,
        "value": entry.value,
        "searchable": searchable(entry.value),
        "number": value.number,
        "moment": value.moment,
        "latitude": value.latitude,
        "longitude": value.longitude,
        "words": words,
        "word_bytes": len(words.encode()),
    }
