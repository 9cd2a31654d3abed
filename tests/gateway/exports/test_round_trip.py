"""What VAMS had is in the manifests afterwards, or in the report of the import: row by row, attribute by attribute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from gateway.exports.manifest import Export
from gateway.exports.options import ExportOptions
from processors.vams_import.report import Entry, Fate
from processors.vams_import.run import import_vams
from processors.vams_import.session import Rules
from processors.vams_import.tables import KEYS
from processors.vams_import.values import active_id, moment, snapshot_key, text, texts, truth
from tests.gateway.exports.conftest import await_tables
from tests.gateway.exports.manifests import Manifest, Record
from tests.gateway.product import Product
from tests.processors.vams_import.conftest import CAUSE
from tests.processors.vams_import.generator import Installation, Row

SEED = 2026
WHOLE = ExportOptions(include_archived_files=True, include_parent_relationships=True)


WORDS = {
    "assetVersionId": "version",
    "assetName": "its name",
    "description": "its description",
    "tags": "tag",
    "assetLocation": "its location",
    "bucketName": "its bucket",
    "comment": "its comment",
    "versionAlias": "its alias",
    "assetLinkAliasId": "its alias",
    "writtenAt": "no time of writing",
    "value": "here",
    "valueType": "it is a string here",
    "tagTypeName": "its tag type",
    "email": "no address",
}
"""What the report says, at least, when this attribute is not what it was; others may not change."""


class RoundTrip:
    """The installation, what the import told of it, and what was exported afterwards."""

    def __init__(self, installation: Installation, told: list[Entry], manifest: Manifest, product: Product) -> None:
        self.installation = installation
        self.manifest = manifest
        self.product = product
        self._told: dict[tuple[str, tuple[str, ...]], list[Entry]] = defaultdict(list)
        for entry in told:
            self._told[entry.table, entry.key].append(entry)
        self.assets = {(one["databaseId"], one["assetId"]): one for one in manifest["asset"]}
        self.versions = {
            (one["databaseId"], one["assetId"], one["origin"]["key"][1]): one for one in manifest["assetVersion"]
        }
        self.lost: list[str] = []

    def rows(self, table: str) -> list[Row]:
        """The rows that the report does not name as left out."""
        rows = self.installation.tables[table]
        return [row for row in rows if not any(one.fate is Fate.NOT_IMPORTED for one in self.told(table, row))]

    def told(self, table: str, row: Row) -> list[Entry]:
        return self._told[table, tuple(text(row.get(name)) for name in KEYS[table])]

    def compare(self, table: str, row: Row, expected: Mapping[str, Any], found: Mapping[str, Any] | None) -> None:
        """Note what differs, unless the report says that the row was changed."""
        if found is None:
            self.lost.append(f"{table} {row}: not there")
            return
        reasons = [entry.reason for entry in self.told(table, row)]
        for name, value in expected.items():
            told = any(WORDS[name] in reason for reason in reasons) if name in WORDS else False
            if found.get(name) != value and not told:
                self.lost.append(f"{table} {row}: {name} is {found.get(name)!r}")

    def compare_rest(self, table: str, row: Row, compared: set[str], origin: Record | None) -> None:
        """Everything that was not compared is in the origin as it was written."""
        rest = {name: value for name, value in row.items() if name not in compared and value not in (None, "")}
        self.compare(table, row, rest, origin["attributes"] if origin else None)

    def version_of(self, composite: str, number: str) -> Record | None:
        database_id, asset_id = composite.split(":")[:2]
        return self.versions.get((database_id, asset_id, number))

    def asset_of(self, row: Row, name: str) -> tuple[str, str]:
        """The asset in a composite key, or the only one of the bare id that a first table knows."""
        parts = row[name].split(":")
        if name.startswith("databaseId"):
            return parts[0], parts[1]
        (found,) = [key for key in self.assets if key[1] == parts[0].removesuffix("#deleted")]
        return found


@pytest.fixture
def trip(shown: Product, tmp_path: Path) -> RoundTrip:
    folder = tmp_path / "vams"
    folder.mkdir()
    installation = Installation(SEED)
    installation.write(folder)
    told: list[Entry] = []
    with psycopg.connect(shown.parts.database_url, autocommit=True) as connection:
        import_vams(shown.ledger, connection, folder, rules=Rules(), cause=CAUSE, sink=told.append)
    await_tables(shown)
    manifest = Manifest()
    with shown.parts.pool.connection() as connection:
        keys = connection.execute("SELECT database_id, asset_id FROM tables.asset_storage ORDER BY 1, 2").fetchall()
    for key in keys:
        manifest.add(Export(shown.parts.pool, shown.parts.objects, key, WHOLE).lines())
    return RoundTrip(installation, told, manifest, shown)


def instant(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def test_nothing_is_lost_that_the_report_does_not_name(trip: RoundTrip) -> None:
    for compare in (
        compare_assets,
        compare_versions,
        compare_version_files,
        compare_snapshots,
        compare_entries,
        compare_links,
        compare_comments,
    ):
        compare(trip)
    compare_the_rest(trip)
    assert trip.lost == []
    assert all(line["isComplete"] for line in trip.manifest["end"])
    assert (len(trip.assets), len(trip.manifest["end"])) == (53, 53)


def compare_assets(trip: RoundTrip) -> None:
    table = "AssetStorageTable"
    buckets = {row["bucketId"]: row["bucketName"] for row in trip.installation.tables["S3AssetBucketsStorageTable"]}
    for row in trip.rows(table):
        database_id, is_archived = active_id(row["databaseId"])
        expected = {
            "assetName": row["assetName"],
            "description": row["description"],
            "isDistributable": truth(row["isDistributable"]),
            "tags": texts(row["tags"]),
            "assetLocation": row["assetLocation"]["Key"],
            "bucketName": buckets.get(row["bucketId"]),
            "isArchived": is_archived,
            "archivedReason": row.get("archivedReason"),
        }
        found = trip.assets.get((database_id, row["assetId"]))
        trip.compare(table, row, expected, found and found | {"isArchived": bool(found["archivedAt"])})
        compared = {"databaseId", "assetId", "status", "bucketId", *expected}
        trip.compare_rest(table, row, compared, found and found["origin"])


def compare_versions(trip: RoundTrip) -> None:
    for table, name in (
        ("AssetVersionsStorageTableV2", "databaseId:assetId"),
        ("AssetVersionsStorageTable", "assetId"),
    ):
        for row in trip.rows(table):
            found = trip.versions.get((*trip.asset_of(row, name), row["assetVersionId"]))
            expected = {
                "comment": row["comment"],
                "versionAlias": row.get("versionAlias") or None,
                "isArchived": truth(row["isArchived"]),
                "assetVersionId": row["assetVersionId"],
            }
            trip.compare(table, row, expected, found)
            kept = {"databaseId:assetId", "databaseId", "assetId", "isCurrentVersion", *expected}
            trip.compare_rest(table, row, kept, found and found["origin"])
            assert found
            assert instant(found["origin"]["madeAt"]) == moment(row["dateCreated"])
            assert found["origin"]["madeBy"] == row.get("createdBy")


def compare_version_files(trip: RoundTrip) -> None:
    files = {
        (one["databaseId"], one["assetId"], one["assetVersionId"], one["relativePath"]): one
        for one in trip.manifest["assetVersionFile"]
    }
    for table, name in (
        ("AssetFileVersionsStorageTableV2", "databaseId:assetId:assetVersionId"),
        ("AssetFileVersionsStorageTable", "assetId:assetVersionId"),
    ):
        for row in trip.rows(table):
            key = trip.asset_of(row, name)
            version = trip.versions[(*key, row[name].rpartition(":")[2])]
            location = trip.assets[key]["assetLocation"]
            path = "/" + row["fileKey"].removeprefix("/").removeprefix(location)
            found = files.get((*key, version["assetVersionId"], path))
            expected = {
                "versionId": row["versionId"],
                "size": int(row["size"]),
                "etag": row.get("etag", "").strip('"'),
                "writtenAt": moment(row.get("lastModified")),
            }
            trip.compare(table, row, expected, found and found | {"writtenAt": instant(found["lastModified"])})


def compare_snapshots(trip: RoundTrip) -> None:
    table = "AssetFileMetadataVersionsStorageTable"
    entries = {
        tuple(
            one[name] for name in ("databaseId", "assetId", "assetVersionId", "type", "relativePath", "metadataKey")
        ): one
        for one in trip.manifest["assetVersionMetadata"]
    }
    paths = {"/", *(one["relativePath"] for one in trip.manifest["file"])}
    for row in trip.rows(table):
        key = trip.asset_of(row, "databaseId:assetId")
        number = row["databaseId:assetId:assetVersionId"].rpartition(":")[2]
        composite = snapshot_key(row["type:filePath:metadataKey"], key=row.get("metadataKey"), paths=paths)
        assert composite
        found = entries.get((*key, trip.versions[(*key, number)]["assetVersionId"], *composite))
        expected = {"metadataValue": row["metadataValue"], "metadataValueType": row["metadataValueType"]}
        trip.compare(table, row, expected, found)


def compare_entries(trip: RoundTrip) -> None:
    files = {(one["databaseId"], one["assetId"], one["relativePath"]): one for one in trip.manifest["file"]}
    for table, name, place in (
        ("AssetFileMetadataStorageTableV2", "metadata", "metadata"),
        ("FileAttributeStorageTableV2", "attribute", "attributes"),
    ):
        for row in trip.rows(table):
            key = trip.asset_of(row, "databaseId:assetId")
            path = row["databaseId:assetId:filePath"].split(":", 2)[2]
            owner = trip.assets[key] if path == "/" else files[(*key, path)]
            expected = {"value": row[f"{name}Value"], "valueType": row[f"{name}ValueType"]}
            trip.compare(table, row, expected, owner[place].get(row[f"{name}Key"]))


def compare_links(trip: RoundTrip) -> None:
    table = "AssetLinksStorageTableV2"
    links = {one["assetLinkId"]: one for one in trip.manifest["relationship"]}
    for row in trip.rows(table):
        names = ("fromAssetId", "fromAssetDatabaseId", "toAssetId", "toAssetDatabaseId", "relationshipType")
        expected = {name: row[name] for name in names}
        more = {"assetLinkAliasId": row.get("assetLinkAliasId"), "tags": row["tags"]}
        trip.compare(table, row, expected | more, links.get(row["assetLinkId"]))
    table = "AssetLinksMetadataStorageTable"
    assert trip.rows(table)
    for row in trip.rows(table):
        found = links[row["assetLinkId"]]["metadata"].get(row["metadataKey"])
        trip.compare(table, row, {"value": row["metadataValue"], "valueType": row["metadataValueType"]}, found)


def compare_comments(trip: RoundTrip) -> None:
    table = "CommentStorageTable"
    comments = {(one["databaseId"], one["assetId"], one["commentId"]): one for one in trip.manifest["comment"]}
    for row in trip.rows(table):
        key = trip.asset_of(row, "assetId")
        number, _, comment_id = row["assetVersionId:commentId"].partition(":")
        version = trip.versions.get((*key, number))
        expected = {
            "commentBody": row["commentBody"],
            "commentOwnerId": f"user:{row['commentOwnerID']}",
            "assetVersionId": version and version["assetVersionId"],
        }
        found = comments.get((*key, comment_id))
        trip.compare(table, row, expected, found)
        kept = {"assetId", "assetVersionId:commentId", "commentBody", "commentOwnerID"}
        trip.compare_rest(table, row, kept, found and found["origin"])


def same(value: Any) -> Any:
    return value


REST: dict[str, tuple[tuple[str, ...], dict[str, Callable[[Any], Any]]]] = {
    "S3AssetBucketsStorageTable": (("bucketName",), {"bucketName": same}),
    "DatabaseStorageTable": (("databaseId",), {"description": same}),
    "DatabaseMetadataStorageTableV2": (("metadataKey", "databaseId"), {"metadataValue": same}),
    "TagTypeStorageTable": (("tagTypeName",), {"required": same}),
    "TagStorageTable": (("tagName",), {"tagTypeName": same, "description": same}),
    "UserStorageTable": (("userId",), {"email": same}),
    "RolesStorageTable": (("roleName",), {"description": same, "mfaRequired": truth}),
    "UserRolesStorageTable": (("userId", "roleName"), {}),
    "ConstraintsStorageTable": (("constraintId",), {"name": same, "objectType": same, "groupPermissions": same}),
    "ApiKeyStorageTable": (("apiKeyId",), {"apiKeyHash": same, "isActive": same, "userId": same}),
    "AppFeatureEnabledStorageTable": (("featureName",), {}),
    "MetadataSchemaStorageTableV2": (("metadataSchemaId",), {"schemaName": same, "enabled": truth}),
}
"""Tables of no asset: the attributes to find a row by in the view of the same name, and those to compare."""


def compare_the_rest(trip: RoundTrip) -> None:
    with trip.product.parts.pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        for table, (keys, attributes) in REST.items():
            assert trip.rows(table)
            for row in trip.rows(table):
                conditions = SQL(" AND ").join(SQL("{} = %s").format(Identifier(key)) for key in keys)
                query = SQL("SELECT * FROM {} WHERE {}").format(Identifier("vams", table), conditions)
                found = cursor.execute(query, [row[key] for key in keys]).fetchone()
                expected = {name: read(row[name]) for name, read in attributes.items() if name in row}
                trip.compare(table, row, expected, found)
