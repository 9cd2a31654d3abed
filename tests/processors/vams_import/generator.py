"""A VAMS installation of 50 assets with every quirk that is known of one, by a seed."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.processors.vams_import.dynamodb_writing import write_export, write_lines, write_scan

Row = dict[str, Any]
START = datetime(2024, 3, 5, 10, 11, 12, tzinfo=UTC)
BUCKET = "0d8a6a50-0000-4000-8000-000000000001"
OTHER_BUCKET = "0d8a6a50-0000-4000-8000-000000000002"
TYPES = {
    "string": "a text, with: colons",
    "multiline_string": "two\nlines",
    "number": "3.5",
    "boolean": "true",
    "date": "2024-03-05T10:11:12Z",
    "xyz": '{"x": 1, "y": 2, "z": 3}',
    "wxyz": '{"w": 1, "x": 0, "y": 0, "z": 0}',
    "matrix4x4": "[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]",
    "geopoint": '{"type": "Point", "coordinates": [8.5, 47.4]}',
    "lla": '{"lat": 47.4, "long": 8.5, "alt": 400}',
    "json": '{"any": ["thing", null]}',
    "inline_controlled_list": "night",
    "geojson": '{"type": "Polygon", "coordinates": []}',
}


class Installation:
    """The rows of every table."""

    def __init__(self, seed: int, *, assets: int = 50) -> None:
        self.random = Random(seed)
        self.tables: dict[str, list[Row]] = defaultdict(list)
        self._library()
        for number in range(assets):
            self._asset(number)
        self._broken_assets()
        self._links(assets)
        self._people()
        self._constraints()
        self._leftovers()

    def write(self, folder: Path) -> None:
        """Every table in one of the forms that exports come in, and two files that are none."""
        writers = (write_export, write_scan, write_lines)
        for number, (table, rows) in enumerate(sorted(self.tables.items())):
            self.random.shuffle(rows)
            writers[number % 3](folder, table, rows)
        (folder / "PhysicalTable.json").write_text('{"Items": []}')
        (folder / "TagStorageTable-torn.json").write_text('{"Item": {"tagName": {"S": "to')

    def moment(self, number: int) -> str:
        """A date in one of VAMS's three forms."""
        when = START + timedelta(hours=number)
        forms = (when.isoformat(), when.strftime("%B %d %Y - %H:%M:%S"), str(int(when.timestamp())))
        return self.random.choice(forms)

    def truth(self, value: bool) -> Any:
        """A boolean as one of the ways to write it."""
        return self.random.choice((value, str(value), str(value).lower()))

    def _library(self) -> None:
        for bucket_id, prefix in ((BUCKET, "/"), (OTHER_BUCKET, "/scans/")):
            self.tables["S3AssetBucketsStorageTable"].append(
                {
                    "bucketId": bucket_id,
                    "bucketName:baseAssetsPrefix": f"media{len(prefix)}:{prefix}",
                    "bucketName": f"media{len(prefix)}",
                    "baseAssetsPrefix": prefix,
                    "isVersioningEnabled": "true",
                }
            )
        for database_id, description, more in (
            ("shows", "All the shows", {"restrictFileUploadsToExtensions": ".exr, .JPG", "defaultBucketId": BUCKET}),
            ("props", "x", {"restrictMetadataOutsideSchemas": "False", "defaultBucketId": OTHER_BUCKET}),
            ("old-show#deleted", "A show of old", {"defaultBucketId": "nowhere"}),
            ("shows#deleted", "An earlier one", {"defaultBucketId": BUCKET}),
            ("no", "An id that is too short", {"defaultBucketId": BUCKET}),
        ):
            created = self.moment(0)
            row = {"databaseId": database_id, "description": description, "assetCount": "7", "dateCreated": created}
            self.tables["DatabaseStorageTable"].append(row | more)
        for database_id in ("shows", "props", "gone"):
            self.tables["DatabaseMetadataStorageTableV2"].append(
                self._entry("Location", "lla", TYPES["lla"]) | {"databaseId": database_id}
            )
        for name, required in (("mood", "True"), ("unit", "False")):
            row = {"tagTypeName": name, "description": "", "required": required}
            self.tables["TagTypeStorageTable"].append(row)
        for name, tag_type in (("night", "mood"), ("day", "mood"), ("main", "unit"), ("stray", "vanished")):
            row = {"tagName": name, "description": f"It is {name}", "tagTypeName": tag_type}
            self.tables["TagStorageTable"].append(row)

    def _entry(self, key: str, value_type: str, value: str, *, name: str = "metadata") -> Row:
        return {f"{name}Key": key, f"{name}Value": value, f"{name}ValueType": value_type}

    def _asset(self, number: int) -> None:
        database_id = self.random.choice(("shows", "props", "old-show")) if number > 2 else "shows"
        asset_id = f"x{number:04d}"
        is_archived = database_id == "old-show" or number % 10 == 9
        row: Row = {
            "databaseId": database_id + ("#deleted" if is_archived else ""),
            "assetId": asset_id,
            "assetName": f"Asset {number}",
            "assetType": "folder",
            "description": "What it is" if number % 7 else "no",
            "isDistributable": self.truth(number % 3 == 0),
            "tags": ["night", "main"] if number % 2 else "night, lost,,main",
            "assetLocation": {"Key": f"adopted/{asset_id}/" if number % 11 == 0 else f"{asset_id}/"},
            "bucketId": BUCKET if number % 13 else "unknown-bucket",
            "snsTopic": f"arn:aws:sns:us-west-2:123456789012:AssetTopic{number}",
            "currentVersionId": "3",
            "createdAt": self.moment(number),
        }
        if is_archived:
            row |= {"status": "archived", "archivedBy": "ada@example.org", "archivedReason": "Cut"}
        if number % 17 == 5:
            row["previewLocation"] = {"Key": f"previews/{asset_id}/preview.jpg"}
        self.tables["AssetStorageTable"].append(row)
        self._versions(number, (database_id, asset_id), is_first_table_only=number % 6 == 4)
        self._entries(number, (database_id, asset_id))
        self._comments(number, asset_id)

    def _versions(self, number: int, key: tuple[str, str], *, is_first_table_only: bool) -> None:
        composite = ":".join(key)
        for version in (0, 1, 3, 4) if number % 5 == 0 else (0, 1, 2, 3):
            row: Row = {
                "assetVersionId": str(version),
                "comment": f"Version {version}" if version != 2 else "",
                "versionAlias": "layout" if version in (1, 3) else None,
                "dateCreated": self.moment(number + version),
                "createdBy": "ada@example.org",
                "description": "As it was then",
                "isArchived": self.truth(version == 1),
                "isCurrentVersion": self.truth(version == 3),
                "specifiedPipelines": ["thumbs"],
            }
            if is_first_table_only:
                self.tables["AssetVersionsStorageTable"].append(row | {"assetId": key[1]})
            else:
                more = {"databaseId:assetId": composite, "databaseId": key[0], "assetId": key[1]}
                self.tables["AssetVersionsStorageTableV2"].append(row | more)
            if number == 1:
                self.tables["AssetVersionsStorageTable"].append(row | {"assetId": key[1]})
            if version:
                self._files(number, key, version, is_first_table_only=is_first_table_only)

    def _files(self, number: int, key: tuple[str, str], version: int, *, is_first_table_only: bool) -> None:
        paths = ["plates/a.0001.exr", "notes: first.txt", f"only in {version}.jpg"][: 3 if version > 1 else 2]
        for path in paths:
            row: Row = {
                "fileKey": f"{key[1]}/{path}" if is_first_table_only and number % 11 else f"/{path}",
                "versionId": f"S3-{version}-{path[:4]}",
                "size": self.random.choice((1000 + version, str(1000 + version))),
                "etag": f'"etag-{version}"',
                "lastModified": self.moment(number + version),
            }
            if is_first_table_only:
                more = {"assetId:assetVersionId": f"{key[1]}:{version}"}
                self.tables["AssetFileVersionsStorageTable"].append(row | more)
            else:
                more = {"databaseId:assetId:assetVersionId": f"{':'.join(key)}:{version}"}
                self.tables["AssetFileVersionsStorageTableV2"].append(row | more)
        for kind, path, name in (
            ("metadata", "/", "lens"),
            ("metadata", "/notes: first.txt", "by: whom"),
            ("attribute", "/plates/a.0001.exr", "codec"),
        ):
            self.tables["AssetFileMetadataVersionsStorageTable"].append(
                {
                    "databaseId:assetId:assetVersionId": f"{':'.join(key)}:{version}",
                    "type:filePath:metadataKey": f"{kind}:{path}:{name}",
                    "databaseId:assetId": ":".join(key),
                    "metadataValue": f"{name} in {version}",
                    "metadataValueType": "string",
                }
                | ({"metadataKey": name} if version == 1 or ":" in name else {})
            )

    def _entries(self, number: int, key: tuple[str, str]) -> None:
        composite = ":".join(key)
        for name, (value_type, value) in enumerate(TYPES.items()):
            path = {"databaseId:assetId": composite, "databaseId:assetId:filePath": f"{composite}:/"}
            row = self._entry(f"field {name}", value_type, value) | path
            self.tables["AssetFileMetadataStorageTableV2"].append(row)
        for key_name, value_type, value, file_path in (
            ("take", "number", "third", "/notes: first.txt"),
            ("approved", "boolean", "True", "/notes: first.txt"),
            ("shape", "hexagon", "six", "/"),
            ("lost", "string", "no such file", "/never/seen.exr"),
            ("k" * 300, "string", "too long a key", "/"),
        ):
            where = {"databaseId:assetId": composite, "databaseId:assetId:filePath": f"{composite}:{file_path}"}
            self.tables["AssetFileMetadataStorageTableV2"].append(self._entry(key_name, value_type, value) | where)
        where = {"databaseId:assetId": composite, "databaseId:assetId:filePath": f"{composite}:/plates/a.0001.exr"}
        attribute = self._entry("codec", "string", "piz", name="attribute")
        self.tables["FileAttributeStorageTableV2"].append(attribute | where)

    def _comments(self, number: int, asset_id: str) -> None:
        for version, ending in ((1, ""), (9, ""), (1, "#deleted")):
            self.tables["CommentStorageTable"].append(
                {
                    "assetId": asset_id + ending,
                    "assetVersionId:commentId": f"{version}:x-{number}-{version}{ending[1:]}",
                    "commentBody": "<p>Too dark</p>",
                    "commentOwnerID": "ada@example.org",
                    "commentOwnerUsername": "Ada",
                    "dateCreated": self.moment(number),
                    "dateEdited": self.moment(number + 1),
                }
            )

    def _broken_assets(self) -> None:
        whole = self.tables["AssetStorageTable"][0]
        version = {"assetVersionId": "1", "comment": "c", "isArchived": "false", "dateCreated": self.moment(1)}
        broken: list[Row] = [
            whole | {"databaseId": "shows#deleted", "assetName": "An earlier one"},
            whole | {"assetId": "bad/id", "assetLocation": {"Key": "bad/"}},
            whole | {"assetId": "zz-shares-a-place", "assetLocation": whole["assetLocation"]},
            whole | {"assetId": "no-slash", "assetName": "tab\tbed", "assetLocation": {"Key": "no-slash"}},
            whole | {"databaseId": "nowhere", "assetId": "homeless"},
            whole | {"assetId": "twice", "assetLocation": {"Key": "twice/"}},
            whole | {"databaseId": "props", "assetId": "twice", "assetLocation": {"Key": "props-twice/"}},
        ]
        self.tables["AssetStorageTable"] += broken
        for asset_id in ("twice", "homeless", "never-was"):
            row = {"assetId": asset_id, "assetVersionId:commentId": "1:x", "commentBody": "?", "commentOwnerID": "bob"}
            self.tables["CommentStorageTable"].append(row)
            self.tables["AssetVersionsStorageTable"].append(version | {"assetId": asset_id})
        composite = "shows:no-slash"
        for number in ("1", "latest"):
            self.tables["AssetVersionsStorageTableV2"].append(
                version | {"databaseId:assetId": composite, "assetVersionId": number, "comment": "c" * 1100}
            )
        for file_key, size in (("/folder/", 0), ("/a.exr", 5), ("a.exr", 6), ("/b.exr", "many"), ("/../c.exr", 1)):
            self.tables["AssetFileVersionsStorageTableV2"].append(
                {
                    "databaseId:assetId:assetVersionId": f"{composite}:1",
                    "fileKey": file_key,
                    "versionId": "v1",
                    "size": size,
                }
            )
        orphan = {"databaseId:assetId": "shows:orphan", "databaseId:assetId:filePath": "shows:orphan:/"}
        self.tables["AssetFileMetadataStorageTableV2"].append(self._entry("a", "string", "b") | orphan)

    def _links(self, assets: int) -> None:
        rows = self.tables["AssetStorageTable"][:assets]
        homes = {row["assetId"]: row["databaseId"].removesuffix("#deleted") for row in rows}
        for number in range(1, min(assets, 20)):
            self._link(f"link-{number}", ("x0000", f"x{number:04d}"), homes, alias="left" if number % 2 else None)
        self._link("related", ("x0001", "x0002"), homes, kind="related", alias="needless", tags=["lost", "night"])
        self._link("related-again", ("x0002", "x0001"), homes, kind="related")
        self._link("cycle", ("x0003", "x0000"), homes)
        self._link("self", ("x0003", "x0003"), homes)
        self._link("orphan", ("x0003", "gone"), homes | {"gone": "shows"})
        self._link("odd", ("x0001", "x0004"), homes, kind="sibling")
        for link in ("link-1", "link-2", "orphan"):
            self.tables["AssetLinksMetadataStorageTable"] += [
                self._entry("Translation", "xyz", TYPES["xyz"]) | {"assetLinkId": link},
                self._entry("Rotation", "wxyz", "sideways") | {"assetLinkId": link},
            ]

    def _link(
        self,
        link_id: str,
        ends: tuple[str, str],
        homes: dict[str, str],
        *,
        kind: str = "parentChild",
        alias: str | None = None,
        tags: list[str] | None = None,
    ) -> None:
        row: Row = {"assetLinkId": link_id, "relationshipType": kind, "tags": tags or []}
        for side, asset_id in zip(("from", "to"), ends, strict=True):
            row[f"{side}AssetDatabaseId:{side}AssetId"] = f"{homes[asset_id]}:{asset_id}"
            row |= {f"{side}AssetId": asset_id, f"{side}AssetDatabaseId": homes[asset_id]}
        if alias:
            row["assetLinkAliasId"] = alias
        self.tables["AssetLinksStorageTableV2"].append(row)

    def _people(self) -> None:
        for user_id, email in (("ada@example.org", ""), ("bob", "bob@example.org"), ("eve", "none")):
            self.tables["UserStorageTable"].append({"userId": user_id, "email": email})
        for name in ("admin", "readers"):
            row = {"roleName": name, "description": "They do", "createdOn": self.moment(1), "source": "INTERNAL_SYSTEM"}
            self.tables["RolesStorageTable"].append(row | {"mfaRequired": self.truth(False)})
        for user_id, role in (("ada@example.org", "admin"), ("zoe@example.org", "readers"), ("bob", "ghosts")):
            row = {"userId": user_id, "roleName": role, "createdOn": self.moment(2)}
            self.tables["UserRolesStorageTable"].append(row)
        for number, (user_id, expires) in enumerate(
            (
                ("ada@example.org", ""),
                ("ada@example.org", "2099-12-31"),
                ("ada@example.org", "2020-01-01T00:00:00"),
                ("bob", ""),
            )
        ):
            self.tables["ApiKeyStorageTable"].append(
                {
                    "apiKeyId": f"key-{number}",
                    "apiKeyName": f"Key {number}",
                    "apiKeyHash": f"{number:064x}",
                    "userId": user_id,
                    "description": "",
                    "expiresAt": expires,
                    "isActive": "false" if number == 1 else "true",
                    "createdAt": self.moment(3),
                    "createdBy": "ada@example.org",
                }
            )
        for asset_id in ("x0001", "twice"):
            row = {"eventName": "Asset Version Change", "entityName_entityId": f"Asset#{asset_id}"}
            self.tables["SubscriptionsStorageTable"].append(row | {"subscribers": ["bob", "eve"]})
        self.tables["AppFeatureEnabledStorageTable"].append({"featureName": "GOVCLOUD"})

    def _constraints(self) -> None:
        def criterion(field: str, operator: str, value: str) -> Row:
            return {"field": field, "operator": operator, "value": value}

        shows = criterion("databaseId", "equals", "shows")
        for name, parts in {
            "and-only": {"criteriaAnd": [shows], "criteriaOr": []},
            "or-only": {"criteriaOr": [criterion("assetName", "contains", ".*")]},
            "both": {"criteriaAnd": [shows], "criteriaOr": [criterion("tags", "is_one_of", "night")]},
            "pattern": {"criteriaAnd": [criterion("assetName", "equals", "Shot.*(old)")]},
            "unknown": {"criteriaAnd": [criterion("colour", "equals", "red")]},
        }.items():
            row: Row = {
                "constraintId": name,
                "name": name,
                "description": "Who may what",
                "objectType": "asset",
                "groupPermissions": [{"groupId": "admin", "permission": "GET", "permissionType": "allow"}],
                "dateCreated": self.moment(4),
            } | parts
            copy = row | {"constraintId": f"{name}#group#admin", "groupId": "admin"}
            self.tables["ConstraintsStorageTable"] += [row, copy]
        legacy = {"entityType": "constraint", "sk": "constraint#legacy", "objectType": "tag", "description": "Tags"}
        permissions = [{"userId": "bob", "permission": "GET", "permissionType": "deny"}]
        criteria = [criterion("tagName", "equals", "night")]
        self.tables["AuthEntitiesStorageTable"] += [
            legacy | {"criteriaAnd": criteria, "userPermissions": permissions},
            legacy | {"sk": "constraint#and-only"},
            {"entityType": "allowed-route", "sk": "x"},
        ]

    def _leftovers(self) -> None:
        field = {"metadataFieldKeyName": "lens", "metadataFieldValueType": "string", "required": "true", "sequence": 1}
        for schema_id, fields in (("s1", [field]), ("s2", [field | {"metadataFieldValueType": "number"}]), ("s3", [])):
            self.tables["MetadataSchemaStorageTableV2"].append(
                {
                    "metadataSchemaId": schema_id,
                    "databaseId:metadataEntityType": "GLOBAL:assetMetadata",
                    "schemaName": schema_id,
                    "fields": {"fields": fields},
                    "enabled": "true",
                    "dateCreated": self.moment(5),
                }
            )
        upload = {"uploadId": "y1", "assetId": "x0001", "databaseId": "shows", "status": "initialized"}
        self.tables["AssetUploadsStorageTable"].append(upload)
        self.tables["PipelineStorageTable"].append({"databaseId": "GLOBAL", "pipelineId": "thumbs"})
        self.tables["WorkflowStorageTable"].append({"databaseId": "GLOBAL", "workflowId": "all-thumbs"})
        for composite in ("shows:x0001", "$shows:$x0001"):
            row = {"databaseId:assetId": composite, "executionId": "e1", "workflowId": "all-thumbs"}
            self.tables["WorkflowExecutionsStorageTable"].append(row)
