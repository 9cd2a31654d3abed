"""A whole import, told by what the log holds afterwards and by what was told of rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.api_keys.api_key import API_KEYS
from domain.assets.asset import ASSETS
from domain.assets.events import AssetVersionCreated, ChosenFile
from domain.comments.comment import COMMENTS
from domain.constraints.commands import CONSTRAINTS
from domain.databases.database import DATABASES
from domain.files.file import FILES
from domain.imports.commands import ORIGINS
from domain.rehearsal import Rehearsal
from domain.tags.use import load_vocabulary
from processors.objects.local import LocalObjectStore
from processors.vams_import.report import Fate
from processors.vams_import.run import NothingToImport
from processors.vams_import.session import AndOr, DanglingTags, Rules
from tests.processors.vams_import.conftest import Importing
from tests.processors.vams_import.generator import Installation

Library = Callable[..., Importing]
COMPOSITE = "shows:x1"


def version(number: str, **values: Any) -> dict[str, Any]:
    return {"databaseId:assetId": COMPOSITE, "assetVersionId": number, "comment": f"Version {number}"} | values


def file(number: str, path: str, object_version: str, **values: Any) -> dict[str, Any]:
    row = {"databaseId:assetId:assetVersionId": f"{COMPOSITE}:{number}", "fileKey": path, "versionId": object_version}
    return row | {"size": 7, "etag": "e", "lastModified": "2024-03-05T10:11:12+00:00"} | values


def snapshot(number: str, composite: str, value: str) -> dict[str, Any]:
    row = {"databaseId:assetId:assetVersionId": f"{COMPOSITE}:{number}", "type:filePath:metadataKey": composite}
    return row | {"metadataValue": value, "metadataValueType": "string"}


def test_an_installation_with_every_quirk_is_told_of_alike_in_a_dry_run_and_imported_once(importing: Importing) -> None:
    Installation(7, assets=12).write(importing.folder)
    rehearsed = importing.run(Rehearsal(importing.ledger))
    told = importing.told
    assert importing.ledger.head() == 0
    first = importing.run()
    assert importing.told == told
    assert (first.summary(), first.recorded) == (rehearsed.summary(), importing.ledger.head())
    assert first.recorded > 500
    again = importing.run()
    assert (again.recorded, importing.told) == (0, told)


def test_an_asset_keeps_its_place_and_what_has_no_field_here(library: Library) -> None:
    importing = library(snsTopic="arn:x", createdAt="March 05 2024 - 10:11:12", assetLocation={"Key": "adopted/here/"})
    importing.run()
    asset = importing.ledger.load(ASSETS, "shows", "x1").state
    assert asset
    assert (asset.asset_location, asset.s3_bucket, asset.is_distributable) == ("adopted/here/", "media", True)
    origin = importing.ledger.load(ORIGINS, "vams", "asset", "shows", "x1").state
    assert origin
    assert (origin.source_key, origin.attributes["snsTopic"]) == (("shows", "x1"), "arn:x")
    assert str(origin.made_at) == "2024-03-05 10:11:12+00:00"
    assert importing.told == []


def test_versions_hold_their_files_and_what_metadata_was_then(library: Library) -> None:
    importing = library()
    importing.write(
        AssetVersionsV2=[version("0"), version("2", versionAlias="final"), version("1", isArchived="true")],
        AssetFileVersionsV2=[file("1", "/a: b.exr", "v1"), file("2", "/a: b.exr", "v2"), file("2", "/c.exr", "v1")],
        AssetFileMetadataVersions=[
            snapshot("1", "metadata:/a: b.exr:take", "1"),
            snapshot("2", "metadata:/:lens", "35"),
        ],
        AssetFileMetadataV2=[
            {"metadataKey": "lens", "metadataValue": "50", "databaseId:assetId:filePath": f"{COMPOSITE}:/"}
        ],
    )
    importing.run()
    events = importing.ledger.history(ASSETS, "shows", "x1")
    created = [event for event in events if isinstance(event, AssetVersionCreated)]
    assert [(one.asset_version_id, one.comment, one.version_alias) for one in created] == [
        (1, "Version 1", None),
        (2, "Version 2", "final"),
    ]
    assert created[1].files == (
        ChosenFile(path="a: b.exr", s3_version_id="v2"),
        ChosenFile(path="c.exr", s3_version_id="v1"),
    )
    positions = [importing.ledger.position_of(ASSETS, "shows", "x1", revision=events.index(one) + 1) for one in created]
    then = [importing.ledger.load_many(FILES, [("shows", "x1", "a: b.exr")], until=at)[0].state for at in positions]
    assert [list(state.metadata) for state in then if state] == [["take"], []]
    asset = importing.ledger.load(ASSETS, "shows", "x1").state
    assert asset
    assert asset.versions.archived == {1}
    assert asset.metadata["lens"].value == "50"
    assert importing.reasons("AssetVersions") == [
        f"{COMPOSITE}/0: version 0 without files is the asset before its first version"
    ]


def test_a_gap_in_the_numbers_is_told(library: Library) -> None:
    importing = library()
    importing.write(AssetVersionsV2=[version("3"), version("7")])
    importing.run()
    assert importing.reasons("AssetVersions") == [
        f"{COMPOSITE}/3: version 3 is number 1 here",
        f"{COMPOSITE}/7: version 7 is number 2 here",
    ]


def test_versions_of_the_first_tables_are_those_of_the_only_asset_of_their_id(library: Library) -> None:
    importing = library()
    first = {"assetId": "x1", "assetVersionId": "1", "comment": "Before"}
    key = {"assetId:assetVersionId": "x1:1", "fileKey": "x1/a.exr", "versionId": "v1", "size": "7"}
    importing.write(AssetVersions=[first], AssetFileVersions=[key | {"lastModified": "1709633472"}])
    importing.run()
    stored = importing.ledger.load(FILES, "shows", "x1", "a.exr").state
    assert stored
    assert (stored.latest.s3_key, str(stored.latest.last_modified)) == ("x1/a.exr", "2024-03-05 10:11:12+00:00")


def test_a_file_whose_object_is_not_in_the_store_is_left_out_where_that_is_looked_at(
    library: Library, tmp_path: Path
) -> None:
    importing = library()
    store = LocalObjectStore(tmp_path.parent / f"{tmp_path.name}-objects", "http://store.test", b"s" * 32)
    store.ensure_bucket("media")
    there = store.put("media", "x1/a.exr", b"bytes", content_type="image/x-exr", metadata={}).version_id
    importing.write(
        AssetVersionsV2=[version("1")], AssetFileVersionsV2=[file("1", "/a.exr", there), file("1", "/b.exr", "v9")]
    )
    importing.run(objects=store)
    store.close()
    states = importing.ledger.load_many(FILES, [("shows", "x1", "a.exr"), ("shows", "x1", "b.exr")])
    assert [stream.state is not None for stream in states] == [True, False]
    assert importing.reasons("AssetFileVersions") == [
        f"{COMPOSITE}:1//b.exr: the store has no version 'v9' of media/x1/b.exr"
    ]


def test_an_archived_asset_is_archived_with_its_reason_after_everything_is_in_it(library: Library) -> None:
    importing = library(databaseId="shows#deleted", archivedReason="Cut")
    importing.write(AssetVersionsV2=[version("1")])
    importing.run()
    asset = importing.ledger.load(ASSETS, "shows", "x1").state
    assert asset
    assert (asset.is_archived, asset.versions.newest) == (True, 1)


def test_a_tag_that_is_in_no_table_is_dropped_or_made(library: Library) -> None:
    importing = library(tags="lost, night")
    importing.write(Tag=[{"tagName": "night", "tagTypeName": "mood"}])
    rehearsal = Rehearsal(importing.ledger)
    importing.run(rehearsal)
    asset = rehearsal.load(ASSETS, "shows", "x1").state
    assert asset
    assert asset.tags == ("night",)
    importing.run(rules=Rules(dangling_tags=DanglingTags.CREATE))
    asset = importing.ledger.load(ASSETS, "shows", "x1").state
    assert asset
    assert asset.tags == ("lost", "night")
    assert importing.reasons("Asset") == [
        "shows/x1: its tag 'lost' is in no table and was made, with the type 'imported'"
    ]


def test_a_required_type_is_required_when_the_assets_are_in(library: Library) -> None:
    importing = library()
    importing.write(
        TagType=[{"tagTypeName": "mood", "required": "True"}], Tag=[{"tagName": "night", "tagTypeName": "mood"}]
    )
    importing.run()
    assert load_vocabulary(importing.ledger)[1].types["mood"].is_required
    assert importing.told == []


def test_restrictions_come_after_what_breaks_them(library: Library) -> None:
    importing = library()
    importing.write(
        Database=[
            {"databaseId": "props", "description": "Props", "defaultBucketId": "b1"}
            | {"restrictFileUploadsToExtensions": ".exr,.jpg", "restrictMetadataOutsideSchemas": "true"}
        ]
    )
    importing.run()
    database = importing.ledger.load(DATABASES, "props").state
    assert database
    assert database.restrict_file_uploads_to_extensions == (".exr", ".jpg")
    assert database.restrict_metadata_outside_schemas


def test_a_deleted_database_is_deleted(library: Library) -> None:
    importing = library(databaseId="old#deleted")
    importing.write(Database=[{"databaseId": "old#deleted", "description": "Of old", "defaultBucketId": "b1"}])
    importing.run()
    database = importing.ledger.load(DATABASES, "old").state
    assert database
    assert database.is_deleted
    assert importing.told == []


@pytest.mark.parametrize(
    ("rule", "made"), [(AndOr.ALTERNATIVES, ["con1", "con1-or"]), (AndOr.ALL, ["con1"]), (None, [])]
)
def test_a_constraint_with_criteria_of_both_kinds_is_read_as_the_rule_says(
    library: Library, rule: AndOr | None, made: list[str]
) -> None:
    importing = library()
    criterion = [{"field": "databaseId", "operator": "equals", "value": "shows"}]
    row = {"constraintId": "con1", "description": "Shows", "objectType": "asset", "criteriaAnd": criterion}
    importing.write(Constraints=[row | {"criteriaOr": criterion}])
    importing.run(rules=Rules(and_or=rule))
    assert [name for name in ("con1", "con1-or") if importing.ledger.load(CONSTRAINTS, name).state] == made


def test_a_comment_stays_with_its_owner_and_its_version(library: Library) -> None:
    importing = library()
    row = {"assetId": "x1", "assetVersionId:commentId": "4:c9", "commentBody": "Dark", "commentOwnerID": "ada"}
    importing.write(AssetVersionsV2=[version("4")], Comment=[row])
    importing.run()
    comment = importing.ledger.load(COMMENTS, "shows", "x1", "c9").state
    assert comment
    assert (comment.comment_owner_id, comment.anchor.asset_version_id) == ("user:ada", 1)


def test_a_key_is_good_with_the_hash_it_had(library: Library) -> None:
    importing = library()
    importing.write(
        User=[{"userId": "ada", "email": "ada@example.org"}],
        Roles=[{"roleName": "admin", "description": "Admins"}],
        UserRoles=[{"userId": "ada", "roleName": "admin"}],
        ApiKey=[{"apiKeyId": "k1", "apiKeyName": "Farm", "apiKeyHash": "ab" * 32, "userId": "ada", "isActive": "true"}],
    )
    importing.run()
    key = importing.ledger.load(API_KEYS, "k1").state
    assert key
    assert key.user_id == "ada"
    assert importing.told == []


def test_what_is_changed_later_here_is_not_changed_back_by_a_second_run(library: Library) -> None:
    importing = library()
    importing.run()
    importing.write(AssetVersionsV2=[version("1")])
    assert importing.run().recorded > 0
    assert importing.run().recorded == 0


def test_files_that_are_no_export_are_told_of(importing: Importing) -> None:
    (importing.folder / "notes.json").write_text("{}")
    with pytest.raises(NothingToImport, match="is an export of a VAMS table: name each file or folder"):
        importing.run()
    assert [(one.key, one.fate) for one in importing.told] == [(("notes.json",), Fate.NOT_IMPORTED)]
