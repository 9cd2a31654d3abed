"""SQL that was written against VAMS's tables."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection
from psycopg.rows import dict_row

from domain.assets.events import AssetArchived, AssetMetadataSet, AssetVersionArchived, AssetVersionCreated
from domain.comments.events import Anchor, CommentCreated, CommentDeleted
from domain.constraints.events import ConstraintCreated
from domain.databases.events import DatabaseDeleted
from domain.files.events import FileAttributesSet, FileMetadataSet
from domain.links.events import AssetLinkCreated, RelationshipType
from domain.subscriptions.events import Channel, SubscriptionCreated
from domain.tags.events import TagTypeCreated
from tests.domain.sample_people_events import TERMS
from tests.projections.vams.samples import ASSET, BUCKET, DATABASE, asset, entry, observed
from tests.projections.vams.tape import Tape

FILE: Any = {**ASSET, "path": "plates/a.exr"}


@pytest.fixture
def tape() -> Tape:
    """An asset with a file, metadata and a version."""
    tape = Tape()
    tape.add(BUCKET, DATABASE, asset(), observed("plates/a.exr"))
    tape.add(AssetMetadataSet(**ASSET, entries=(entry("lens", "35"),)))
    tape.add(FileMetadataSet(**FILE, entries=(entry("take", "3"),)))
    tape.add(FileAttributesSet(**FILE, entries=(entry("codec", "piz"),)))
    tape.add(AssetVersionCreated(**ASSET, asset_version_id=1, comment="First", version_alias="layout"))
    return tape


def asked(tables: Connection[Any], tape: Tape, query: str) -> list[dict[str, Any]]:
    """What the query finds with the views at the head of the search path, as in `SET search_path TO vams`."""
    tape.fold(tables)
    tables.execute("SET LOCAL search_path TO vams_g1")
    return tables.cursor(row_factory=dict_row).execute(query.encode()).fetchall()


def test_the_versions_of_an_asset(tables: Connection[Any], tape: Tape) -> None:
    tape.add(AssetVersionCreated(**ASSET, asset_version_id=2, comment="Second"))
    tape.add(AssetVersionArchived(**ASSET, asset_version_id=1))
    query = """SELECT "assetVersionId", "versionAlias", "isArchived", "isCurrentVersion", "createdBy", "createdAt"
        FROM "AssetVersionsStorageTableV2" WHERE "databaseId:assetId" = 'shows:shot_010' ORDER BY 1"""
    assert [tuple(row.values()) for row in asked(tables, tape, query)] == [
        ("1", "layout", True, False, "ada", "2026-11-21T09:00:08.000000Z"),
        ("2", None, False, True, "ada", "2026-11-21T09:00:09.000000Z"),
    ]


def test_the_files_of_a_version(tables: Connection[Any], tape: Tape) -> None:
    query = """SELECT * FROM "AssetFileVersionsStorageTableV2"
        WHERE "databaseId:assetId:assetVersionId" = 'shows:shot_010:1' AND "fileKey" = '/plates/a.exr'"""
    assert asked(tables, tape, query) == [
        {
            "databaseId:assetId:assetVersionId": "shows:shot_010:1",
            "fileKey": "/plates/a.exr",
            "databaseId:assetId": "shows:shot_010",
            "relativeKey": "/plates/a.exr",
            "versionId": "v1",
            "size": 1000,
            "etag": "etag-v1",
            "lastModified": "2026-04-01T00:00:00.000000Z",
        }
    ]


def test_the_metadata_snapshot_of_a_version(tables: Connection[Any], tape: Tape) -> None:
    query = """SELECT "type:filePath:metadataKey", "metadataValue", "metadataValueType"
        FROM "AssetFileMetadataVersionsStorageTable"
        WHERE "databaseId:assetId:assetVersionId" = 'shows:shot_010:1' ORDER BY 1"""
    assert [tuple(row.values()) for row in asked(tables, tape, query)] == [
        ("attribute:/plates/a.exr:codec", "piz", "string"),
        ("metadata:/:lens", "35", "string"),
        ("metadata:/plates/a.exr:take", "3", "string"),
    ]


def test_the_metadata_of_an_asset_and_of_a_file(tables: Connection[Any], tape: Tape) -> None:
    query = """SELECT "databaseId:assetId:filePath" AS key, "metadataKey" AS name, "metadataValue" AS value
        FROM "AssetFileMetadataStorageTableV2" WHERE "databaseId:assetId" = 'shows:shot_010'
        UNION ALL SELECT "databaseId:assetId:filePath", "attributeKey", "attributeValue"
        FROM "FileAttributeStorageTableV2" WHERE "databaseId:assetId:filePath" = 'shows:shot_010:/plates/a.exr'
        ORDER BY 1, 2"""
    assert [tuple(row.values()) for row in asked(tables, tape, query)] == [
        ("shows:shot_010:/", "lens", "35"),
        ("shows:shot_010:/plates/a.exr", "codec", "piz"),
        ("shows:shot_010:/plates/a.exr", "take", "3"),
    ]


def test_archived_assets_are_found_under_the_deleted_form_of_their_database(
    tables: Connection[Any], tape: Tape
) -> None:
    tape.add(asset("shot_020"), AssetArchived(**ASSET, reason="Cut"))
    query = """SELECT "databaseId", "assetId", status, "archivedReason", "currentVersionId", "assetLocation", tags
        FROM "AssetStorageTable" WHERE "databaseId" IN ('shows', 'shows#deleted') ORDER BY 1"""
    location = {"Key": "library/shot_010/"}
    assert [tuple(row.values()) for row in asked(tables, tape, query)] == [
        ("shows", "shot_020", "active", None, "0", {"Key": "library/shot_020/"}, ["hero", "night"]),
        ("shows#deleted", "shot_010", "archived", "Cut", "1", location, ["hero", "night"]),
    ]
    versions = """SELECT "databaseId:assetId" FROM "AssetVersionsStorageTableV2" """
    assert tables.execute(versions.encode()).fetchall() == [("shows:shot_010",)]


def test_a_deleted_database(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(BUCKET, DATABASE, DatabaseDeleted(database_id="shows"))
    assert asked(tables, tape, 'SELECT * FROM "DatabaseStorageTable"') == [
        {
            "databaseId": "shows#deleted",
            "description": "All shows",
            "defaultBucketId": "bucket-1",
            "restrictMetadataOutsideSchemas": True,
            "restrictFileUploadsToExtensions": ".exr,.jpg",
            "assetCount": 0,
            "dateCreated": "November 21 2026 - 09:00:02",
        }
    ]
    assert tables.execute('SELECT "bucketName:baseAssetsPrefix" FROM "S3AssetBucketsStorageTable"').fetchone() == (
        "media:library/",
    )


def test_links_by_either_end(tables: Connection[Any], tape: Tape) -> None:
    tape.add(
        AssetLinkCreated(
            asset_link_id="l1",
            from_database_id="shows",
            from_asset_id="shot_010",
            to_database_id="props",
            to_asset_id="chair",
            relationship_type=RelationshipType.PARENT_CHILD,
            asset_link_alias_id="left",
            tags=("hero",),
        )
    )
    query = """SELECT "fromAssetDatabaseId:fromAssetId" AS parent, "relationshipType", "assetLinkAliasId"
        FROM "AssetLinksStorageTableV2" WHERE "toAssetDatabaseId:toAssetId" = 'props:chair'"""
    assert asked(tables, tape, query) == [
        {"parent": "shows:shot_010", "relationshipType": "parentChild", "assetLinkAliasId": "left"}
    ]


def test_comments_by_asset_and_version(tables: Connection[Any], tape: Tape) -> None:
    said: Any = {"comment_owner_id": "user:ada", "thread_id": "x1", "comment_body": "Too dark"}
    tape.add(CommentCreated(**ASSET, comment_id="x1", anchor=Anchor(asset_version_id=1), **said))
    tape.add(CommentCreated(**ASSET, comment_id="x2", anchor=Anchor(), **said))
    tape.add(CommentDeleted(**ASSET, comment_id="x2"))
    query = """SELECT "assetId", "assetVersionId:commentId", "commentOwnerID" FROM "CommentStorageTable" ORDER BY 1"""
    assert [tuple(row.values()) for row in asked(tables, tape, query)] == [
        ("shot_010", "1:x1", "ada"),
        ("shot_010#deleted", "0:x2", "ada"),
    ]


def test_constraints_by_group_and_as_they_were_kept_before(tables: Connection[Any], tape: Tape) -> None:
    tape.add(ConstraintCreated(constraint_id="c1", terms=TERMS), TagTypeCreated(tag_type_name="mood", description="-"))
    query = """SELECT "constraintId", "groupPermissions", "userPermissions" FROM "ConstraintsStorageTable"
        ORDER BY 1"""
    group = [{"groupId": "artists", "permission": "GET", "permissionType": "allow"}]
    user = [{"userId": "ada", "permission": "PUT", "permissionType": "deny"}]
    assert [tuple(row.values()) for row in asked(tables, tape, query)] == [
        ("c1", group, user),
        ("c1#group#artists", group, []),
        ("c1#user#ada", [], user),
    ]
    by_group = tables.execute("""SELECT "constraintId" FROM "ConstraintsStorageTable" WHERE "groupId" = 'artists'""")
    assert by_group.fetchall() == [("c1#group#artists",)]
    entities = """SELECT "userPermissions" FROM "AuthEntitiesStorageTable"
        WHERE "entityType" = 'constraint' AND sk = 'constraint#c1'"""
    assert tables.execute(entities).fetchall() == [(user,)]
    assert tables.execute('SELECT required FROM "TagTypeStorageTable"').fetchall() == [("False",)]


def test_subscribers_of_an_asset(tables: Connection[Any], tape: Tape) -> None:
    for who, asset_id in (("ada", "shot_010"), ("grace", "shot_010"), ("ada", None)):
        tape.add(
            SubscriptionCreated(
                subscription_id=f"{who}-{asset_id}",
                subscriber_id=f"user:{who}",
                entity_database_id="shows",
                entity_asset_id=asset_id,
                topics=(),
                channel=Channel.MAIL,
                target="a@example.org",
            )
        )
    query = """SELECT subscribers FROM "SubscriptionsStorageTable"
        WHERE "eventName" = 'Asset Version Change' AND "entityName_entityId" = 'Asset#shot_010'"""
    assert asked(tables, tape, query) == [{"subscribers": ["ada", "grace"]}]


FILLED = """
INSERT INTO asset_storage SELECT 'shows', 'a' || n, '', '', '', true, '{}', '', '', '', NULL, NULL, now(), now(), NULL,
    NULL, 1, 1, 1 FROM generate_series(1, 300) n;
INSERT INTO asset_versions_storage SELECT 'shows', 'a' || n, 1, NULL, '', false, now(), '', 1
    FROM generate_series(1, 300) n;
INSERT INTO asset_file_versions_storage SELECT 'shows', 'a' || n, 1, f || '.exr', '', 0, '', now()
    FROM generate_series(1, 300) n, generate_series(1, 100) f;
INSERT INTO asset_file_metadata_storage SELECT 'shows', 'a' || n, f || '.exr', 'take', '', '', 1
    FROM generate_series(1, 300) n, generate_series(1, 100) f;
ANALYZE asset_storage, asset_versions_storage, asset_file_versions_storage, asset_file_metadata_storage;
"""


@pytest.mark.parametrize(
    ("view", "key", "value", "rows"),
    [
        ("AssetFileVersionsStorageTableV2", "databaseId:assetId:assetVersionId", "shows:a7:1", 100),
        ("AssetFileVersionsStorageTableV2", "databaseId:assetId", "shows:a7", 100),
        ("AssetFileMetadataStorageTableV2", "databaseId:assetId", "shows:a7", 100),
        ("AssetFileMetadataStorageTableV2", "databaseId:assetId:filePath", "shows:a7:/5.exr", 1),
    ],
)
def test_composite_keys_of_large_tables_are_found_by_index(
    tables: Connection[Any], view: str, key: str, value: str, rows: int
) -> None:
    tables.execute(FILLED)
    query = f"""SELECT * FROM vams_g1."{view}" WHERE "{key}" = '{value}'"""
    assert len(tables.execute(query.encode()).fetchall()) == rows
    plan = "\n".join(line for (line,) in tables.execute(f"EXPLAIN {query}".encode()))
    assert "Seq Scan" not in plan
