"""A small log with every event that changes something, and what each of them changes."""

from __future__ import annotations

from typing import Any, TypeAlias

from domain.assets.events import (
    AssetArchived,
    AssetDescribed,
    AssetDistributionSet,
    AssetMetadataRemoved,
    AssetMetadataSet,
    AssetPermanentlyDeleted,
    AssetPreviewDeleted,
    AssetPreviewSet,
    AssetRenamed,
    AssetRetagged,
    AssetReverted,
    AssetRevertFailed,
    AssetRevertRequested,
    AssetUnarchived,
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionUnarchived,
)
from domain.comments.events import Anchor, CommentCreated, CommentDeleted, CommentEdited
from domain.databases.events import (
    DatabaseBucketSet,
    DatabaseDeleted,
    DatabaseDescribed,
    DatabaseExtensionsBlocked,
    DatabaseMetadataRemoved,
    DatabaseMetadataSet,
    DatabaseRestored,
    DatabaseRestrictionsSet,
)
from domain.event import Event, Recorded
from domain.files.events import (
    FileArchived,
    FileAttributesRemoved,
    FileAttributesSet,
    FileCopied,
    FileMetadataRemoved,
    FileMetadataSet,
    FileMoved,
    FileMovedAway,
    FilePermanentlyDeleted,
    FilePlace,
    FilePrimaryTypeSet,
    FileReverted,
    FileRevertFailed,
    FileRevertRequested,
    FileUnarchived,
    FileVersionVanished,
)
from domain.folders.events import FolderCreated, FolderDeleted
from domain.links.events import (
    AssetLinkAliasSet,
    AssetLinkCreated,
    AssetLinkDeleted,
    AssetLinkMetadataRemoved,
    AssetLinkMetadataSet,
    AssetLinkRetagged,
    RelationshipType,
)
from domain.metadata import MetadataValueType
from tests.projections.vams.samples import ASSET, BUCKET, DATABASE, asset, entry, observed, stored, uploaded
from tests.projections.vams.tape import Tape

Row: TypeAlias = tuple[str, str | None, str, str | None, Any, Any]
STRING = "STRING"
WRITTEN = "2026-04-01T00:00:00.000000Z"
A: Any = {**ASSET, "path": "a.exr"}
HERE = FilePlace(database_id="shows", asset_id="shot_010", path="a.exr")
LINK: Any = {
    "asset_link_id": "link-1",
    "from_database_id": "shows",
    "from_asset_id": "shot_010",
    "to_database_id": "props",
    "to_asset_id": "lamp",
}
ENDS = {
    "from": {"databaseId": "shows", "assetId": "shot_010"},
    "to": {"databaseId": "props", "assetId": "lamp"},
}
COMMENT: Any = {**ASSET, "comment_id": "c1"}


def _value(value: str | None, value_type: str = STRING) -> Any:
    return None if value is None else {"value": value, "valueType": value_type}


def _all(entity: str, identity: str | None, values: dict[str, Any], *, is_gone: bool = False) -> list[Row]:
    """Every field of something that comes to be, or is gone."""
    return [
        (entity, identity, field, None, value if is_gone else None, None if is_gone else value)
        for field, value in values.items()
    ]


def _one(entity: str, identity: str | None, field: str, before: Any, after: Any) -> Row:
    return (entity, identity, field, None, before, after)


def _entry(entity: str, identity: str | None, key: str, before: str | None, after: str | None) -> Row:
    return (entity, identity, "metadata", key, _value(before), _value(after))


def _file(path: str, version: str) -> dict[str, Any]:
    return {
        "s3VersionId": version,
        "s3Bucket": "media",
        "s3Key": f"library/shot_010/{path}",
        "sizeBytes": 1000,
        "etag": f"etag-{version}",
        "contentType": "image/x-exr",
        "lastModified": WRITTEN,
        "archived": False,
    }


ASSET_VALUES = {
    "assetName": "Shot 10",
    "assetType": "none",
    "description": "The opening",
    "isDistributable": True,
    "tags": ["hero", "night"],
    "archived": False,
    "bucketId": "bucket-1",
    "assetLocation": "library/shot_010/",
}
LAST_VALUES = {
    "assetName": "Opening",
    "assetType": ".exr",
    "description": "d",
    "isDistributable": False,
    "tags": ["day"],
    "archived": False,
    "currentVersion": "1",
    "bucketId": "bucket-1",
    "assetLocation": "library/shot_010/",
}
PREVIEW = stored(".previews/p.jpg", "p1")
PREVIEW_VALUES = {"previewLocation": "library/shot_010/.previews/p.jpg", "previewVersionId": "p1"}
DATABASE_VALUES = {
    "description": "All shows",
    "defaultBucketId": "bucket-1",
    "restrictMetadataOutsideSchemas": True,
    "restrictFileUploadsToExtensions": [".exr", ".jpg"],
    "blockedFileExtensions": [],
    "archived": False,
}
MOVED: Any = {"transfer_id": "t", "source": HERE, "source_version_id": "v2"}

TAPE: list[tuple[Event, list[Row]]] = [
    (BUCKET, []),
    (DATABASE, _all("DATABASE", None, DATABASE_VALUES)),
    (
        DatabaseDescribed(database_id="shows", description="Shows"),
        [_one("DATABASE", None, "description", "All shows", "Shows")],
    ),
    (
        DatabaseBucketSet(database_id="shows", default_bucket_id="bucket-2"),
        [_one("DATABASE", None, "defaultBucketId", "bucket-1", "bucket-2")],
    ),
    (
        DatabaseRestrictionsSet(
            database_id="shows", restrict_metadata_outside_schemas=False, restrict_file_uploads_to_extensions=()
        ),
        [
            _one("DATABASE", None, "restrictMetadataOutsideSchemas", True, False),
            _one("DATABASE", None, "restrictFileUploadsToExtensions", [".exr", ".jpg"], []),
        ],
    ),
    (
        DatabaseExtensionsBlocked(database_id="shows", blocked_file_extensions=(".exe",)),
        [_one("DATABASE", None, "blockedFileExtensions", [], [".exe"])],
    ),
    (
        DatabaseMetadataSet(database_id="shows", entries=(entry("unit", "A"), entry("lead", "ada"))),
        [_entry("DATABASE", None, "lead", None, "ada"), _entry("DATABASE", None, "unit", None, "A")],
    ),
    (
        DatabaseMetadataRemoved(database_id="shows", keys=("unit",)),
        [_entry("DATABASE", None, "unit", "A", None)],
    ),
    (DatabaseDeleted(database_id="shows"), [_one("DATABASE", None, "archived", False, True)]),
    (DatabaseRestored(database_id="shows"), [_one("DATABASE", None, "archived", True, False)]),
    (
        asset(metadata=(entry("lens", "35"),)),
        [*_all("ASSET", None, ASSET_VALUES), _entry("ASSET", None, "lens", None, "35")],
    ),
    (AssetRenamed(**ASSET, asset_name="Opening"), [_one("ASSET", None, "assetName", "Shot 10", "Opening")]),
    (AssetRenamed(**ASSET, asset_name="Opening"), []),
    (AssetDescribed(**ASSET, description="d"), [_one("ASSET", None, "description", "The opening", "d")]),
    (AssetRetagged(**ASSET, tags=("day",)), [_one("ASSET", None, "tags", ["hero", "night"], ["day"])]),
    (
        AssetDistributionSet(**ASSET, is_distributable=False),
        [_one("ASSET", None, "isDistributable", True, False)],
    ),
    (
        AssetArchived(**ASSET, reason="Cut"),
        [_one("ASSET", None, "archived", False, True), _one("ASSET", None, "archivedReason", None, "Cut")],
    ),
    (
        AssetUnarchived(**ASSET),
        [_one("ASSET", None, "archived", True, False), _one("ASSET", None, "archivedReason", "Cut", None)],
    ),
    (
        AssetMetadataSet(**ASSET, entries=(entry("lens", "50", MetadataValueType.NUMBER), entry("note", "x"))),
        [
            ("ASSET", None, "metadata", "lens", _value("35"), _value("50", "NUMBER")),
            _entry("ASSET", None, "note", None, "x"),
        ],
    ),
    (AssetMetadataRemoved(**ASSET, keys=("note",)), [_entry("ASSET", None, "note", "x", None)]),
    (AssetPreviewSet(**ASSET, stored=PREVIEW), _all("ASSET", None, PREVIEW_VALUES)),
    (AssetPreviewDeleted(**ASSET), _all("ASSET", None, PREVIEW_VALUES, is_gone=True)),
    (
        uploaded("a.exr"),
        [_one("ASSET", None, "assetType", "none", ".exr"), *_all("FILE", "a.exr", _file("a.exr", "v1"))],
    ),
    (
        observed("a.exr", "v2"),
        [_one("FILE", "a.exr", "s3VersionId", "v1", "v2"), _one("FILE", "a.exr", "etag", "etag-v1", "etag-v2")],
    ),
    (FileMetadataSet(**A, entries=(entry("take", "1"),)), [_entry("FILE", "a.exr", "take", None, "1")]),
    (FileMetadataSet(**A, entries=(entry("take", "2"),)), [_entry("FILE", "a.exr", "take", "1", "2")]),
    (FileMetadataRemoved(**A, keys=("take",)), [_entry("FILE", "a.exr", "take", "2", None)]),
    (FileMetadataSet(**A, entries=(entry("take", "3"),)), [_entry("FILE", "a.exr", "take", None, "3")]),
    (
        FileAttributesSet(**A, entries=(entry("fps", "24"), entry("hash", "h"))),
        [("FILE", "a.exr", "attributes", key, None, _value(value)) for key, value in (("fps", "24"), ("hash", "h"))],
    ),
    (
        FileAttributesRemoved(**A, keys=("hash",)),
        [("FILE", "a.exr", "attributes", "hash", _value("h"), None)],
    ),
    (
        FilePrimaryTypeSet(**A, primary_type="other", primary_type_other="matte"),
        [_one("FILE", "a.exr", "primaryType", None, "other"), _one("FILE", "a.exr", "primaryTypeOther", None, "matte")],
    ),
    (FileRevertRequested(**A, revert_id=1, reverted_from="v1"), [_one("REVERT", "1", "state", None, "REQUESTED")]),
    (
        FileReverted(**A, revert_id=1, reverted_from="v1", s3_version_id="v2"),
        [_one("REVERT", "1", "state", "REQUESTED", "DONE")],
    ),
    (FileRevertRequested(**A, revert_id=2, reverted_from="v1"), [_one("REVERT", "2", "state", None, "REQUESTED")]),
    (
        FileRevertFailed(**A, revert_id=2, message="Away."),
        [_one("REVERT", "2", "state", "REQUESTED", "FAILED")],
    ),
    (
        AssetVersionCreated(**ASSET, asset_version_id=1, comment="first", version_alias="one"),
        [
            _one("ASSET", None, "currentVersion", None, "1"),
            *_all("VERSION", "1", {"versionAlias": "one", "comment": "first", "isArchived": False}),
        ],
    ),
    (
        AssetVersionDescribed(**ASSET, asset_version_id=1, comment="The first"),
        [_one("VERSION", "1", "comment", "first", "The first")],
    ),
    (
        AssetVersionAliased(**ASSET, asset_version_id=1, version_alias=None),
        [_one("VERSION", "1", "versionAlias", "one", None)],
    ),
    (AssetVersionArchived(**ASSET, asset_version_id=1), [_one("VERSION", "1", "isArchived", False, True)]),
    (AssetVersionUnarchived(**ASSET, asset_version_id=1), [_one("VERSION", "1", "isArchived", True, False)]),
    (
        AssetRevertRequested(
            **ASSET, revert_id=1, asset_version_id=1, version_position=30, comment="back", with_metadata=False
        ),
        [_one("REVERT", "1", "state", None, "REQUESTED")],
    ),
    (
        AssetReverted(**ASSET, revert_id=1, reverted_from=1, asset_version_id=1),
        [_one("REVERT", "1", "state", "REQUESTED", "DONE")],
    ),
    (
        AssetRevertRequested(
            **ASSET, revert_id=2, asset_version_id=1, version_position=30, comment="back", with_metadata=False
        ),
        [_one("REVERT", "2", "state", None, "REQUESTED")],
    ),
    (
        AssetRevertFailed(**ASSET, revert_id=2, message="Away."),
        [_one("REVERT", "2", "state", "REQUESTED", "FAILED")],
    ),
    (FileVersionVanished(**A, s3_version_id="v1"), [("FILE", "a.exr", "versions", "v1", "v1", None)]),
    (
        FileArchived(**A),
        [_one("ASSET", None, "assetType", ".exr", "none"), _one("FILE", "a.exr", "archived", False, True)],
    ),
    (
        FileUnarchived(**A),
        [_one("ASSET", None, "assetType", "none", ".exr"), _one("FILE", "a.exr", "archived", True, False)],
    ),
    (
        FileMoved(**ASSET, path="b.exr", stored=stored("b.exr", "v3"), **MOVED),
        [_one("ASSET", None, "assetType", ".exr", "folder"), *_all("FILE", "b.exr", _file("b.exr", "v3"))],
    ),
    (
        FileMovedAway(
            **A,
            transfer_id="t",
            destination=HERE,
            metadata_keys=("take",),
            attribute_keys=("fps",),
        ),
        [
            _one("ASSET", None, "assetType", "folder", ".exr"),
            *_all("FILE", "a.exr", {**_file("a.exr", "v2"), "primaryType": "other"}, is_gone=True),
            _one("FILE", "a.exr", "primaryTypeOther", "matte", None),
            _entry("FILE", "a.exr", "take", "3", None),
            ("FILE", "a.exr", "attributes", "fps", _value("24"), None),
        ],
    ),
    (
        FileCopied(**A, stored=stored("a.exr", "v4"), **MOVED),
        [_one("ASSET", None, "assetType", ".exr", "folder"), *_all("FILE", "a.exr", _file("a.exr", "v4"))],
    ),
    (FileMetadataSet(**A, entries=(entry("take", "4"),)), [_entry("FILE", "a.exr", "take", None, "4")]),
    (
        FilePermanentlyDeleted(**A),
        [
            _one("ASSET", None, "assetType", "folder", ".exr"),
            *_all("FILE", "a.exr", _file("a.exr", "v4"), is_gone=True),
            _entry("FILE", "a.exr", "take", "4", None),
        ],
    ),
    (FolderCreated(**ASSET, path="maps"), [_one("FOLDER", "maps", "isMade", None, True)]),
    (FolderDeleted(**ASSET, path="maps"), [_one("FOLDER", "maps", "isMade", True, None)]),
    (
        AssetLinkCreated(**LINK, relationship_type=RelationshipType.PARENT_CHILD, tags=("set",)),
        _all("LINK", "link-1", {"relationshipType": "PARENT_CHILD", **ENDS, "tags": ["set"]}),
    ),
    (
        AssetLinkAliasSet(**LINK, asset_link_alias_id="left"),
        [_one("LINK", "link-1", "assetLinkAliasId", None, "left")],
    ),
    (AssetLinkRetagged(**LINK, tags=()), [_one("LINK", "link-1", "tags", ["set"], [])]),
    (
        AssetLinkMetadataSet(**LINK, entries=(entry("scale", "2"),)),
        [_entry("LINK", "link-1", "scale", None, "2")],
    ),
    (AssetLinkMetadataRemoved(**LINK, keys=("scale",)), [_entry("LINK", "link-1", "scale", "2", None)]),
    (
        AssetLinkDeleted(**LINK),
        _all(
            "LINK",
            "link-1",
            {"relationshipType": "PARENT_CHILD", **ENDS, "assetLinkAliasId": "left", "tags": []},
            is_gone=True,
        ),
    ),
    (
        CommentCreated(**COMMENT, comment_body="Nice", comment_owner_id="user:ada", anchor=Anchor(), thread_id="c1"),
        [_one("COMMENT", "c1", "commentBody", None, "Nice")],
    ),
    (CommentEdited(**COMMENT, comment_body="Good"), [_one("COMMENT", "c1", "commentBody", "Nice", "Good")]),
    (CommentDeleted(**COMMENT), [_one("COMMENT", "c1", "commentBody", "Good", None)]),
    (
        AssetPermanentlyDeleted(**ASSET, reason="Made in error"),
        _all("ASSET", None, LAST_VALUES, is_gone=True),
    ),
]


def expected() -> tuple[list[Recorded], dict[int, list[Row]]]:
    """The log, and what the event at each position changes."""
    tape = Tape()
    told = {tape.add(event).position: rows for event, rows in TAPE}
    return tape.entries, told
