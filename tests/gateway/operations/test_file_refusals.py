"""Refusals about files, and about what works on them. No job runs here, so whatever was asked for goes on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.operations.scene import SHOT, Scene
from tests.gateway.product import Product

PREVIEW = "b.txt.previewFile.png"
FAR = {"destinationDatabaseId": "only-exr", "destinationAssetId": "new"}
MANY = [{"sourcePath": f"{n}", "destinationPath": f"to/{n}"} for n in range(10_001)]
NOTE = [{"key": "note", "value": "x"}]


def _files(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"files": [{"sourcePath": source, "destinationPath": destination} for source, destination in pairs]}


OF_TRANSFERS: list[tuple[dict[str, Any], str]] = [
    (_files(("archived.txt", "c.txt")), "FILE_ALREADY_ARCHIVED"),
    (_files(("a.txt", "gone.txt")), "FILE_BEING_ERASED"),
    (_files(("a.txt", "a.txt")), "TRANSFER_ONTO_ITSELF"),
    (_files(("a.txt", "b.txt")), "DESTINATION_EXISTS"),
    (_files(("a.txt", "c.txt"), ("b.txt", "c.txt")), "PATH_GIVEN_TWICE"),
    (_files(("a.txt", "../c.txt")), "PATH_INVALID"),
    (_files((PREVIEW, "c.txt.previewFile.png")), "PREVIEW_FOLLOWS_FILE"),
    (_files(("never.txt", "c.txt")), "NOT_FOUND"),
    (_files(("a.txt", "claimed.txt")), "DESTINATION_CLAIMED"),
    (_files(("a.txt", "graded.exr")), "METADATA_NOT_COMPLIANT"),
    ({**_files(("a.txt", "c.txt")), **FAR}, "FILE_EXTENSION_REFUSED"),
    ({"files": MANY}, "LIMIT_EXCEEDED"),
]
OF_ONE_ITEM: list[tuple[dict[str, Any], str]] = [
    ({"owner": {"databaseId": "shows", "assetId": "old"}}, "ASSET_ALREADY_ARCHIVED"),
    ({"owner": {"databaseId": "gone"}}, "DATABASE_IS_DELETED"),
    ({"owner": {**SHOT, "path": "archived.txt"}}, "FILE_ALREADY_ARCHIVED"),
    ({"owner": {**SHOT, "path": "never.txt"}}, "NOT_FOUND"),
    ({"owner": {**SHOT, "path": "../a.txt"}}, "PATH_INVALID"),
]
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("createAsset", {"bucketExistingKey": "a//b/"}, "ADOPTED_PREFIX_INVALID"),
    ("startUpload", {"files": [{"path": "gone.txt", "sizeBytes": 1}]}, "FILE_BEING_ERASED"),
    ("registerFiles", {"files": [{"path": "archived.txt"}]}, "FILE_ALREADY_ARCHIVED"),
    ("registerFiles", {"files": [{"path": "gone.txt"}]}, "FILE_BEING_ERASED"),
    ("moveFiles", _files(("twice.txt", "c.txt")), "FILE_REVERT_IN_PROGRESS"),
    ("revertFile", {"path": "twice.txt", "s3VersionId": "first"}, "FILE_REVERT_IN_PROGRESS"),
    ("unarchiveFiles", {"paths": [f"{n}" for n in range(10_001)]}, "LIMIT_EXCEEDED"),
    ("unarchiveFiles", {"paths": ["../a.txt"]}, "PATH_INVALID"),
    ("deleteFilesPermanently", {"paths": [f"{n}" for n in range(10_001)]}, "LIMIT_EXCEEDED"),
    ("setPrimaryType", {"path": "../a.txt"}, "PATH_INVALID"),
    ("setMetadata", {"owner": {**SHOT, "path": "archived.txt"}}, "FILE_ALREADY_ARCHIVED"),
    ("removeMetadata", {"owner": {**SHOT, "path": "archived.txt"}}, "FILE_ALREADY_ARCHIVED"),
    ("createMetadataSchema", {"databaseId": "gone"}, "DATABASE_IS_DELETED"),
    (
        "updateMetadataSchema",
        {"metadataSchemaId": "grades", "fields": [{"key": "take", "valueType": "NUMBER"}]},
        "METADATA_SCHEMAS_DISAGREE",
    ),
    ("createWorkflow", {"databaseId": "gone"}, "DATABASE_IS_DELETED"),
    ("runWorkflow", {"paths": ["archived.txt"]}, "FILE_ALREADY_ARCHIVED"),
    ("createPipeline", {"pipelineExecutionType": "HTTP", "resource": "http://localhost/"}, "PIPELINE_RESOURCE_INVALID"),
    ("updatePipeline", {"pipelineId": "farm", "resource": "http://localhost/"}, "PIPELINE_RESOURCE_INVALID"),
    (
        "setMetadataInBulk",
        {"items": [{"owner": SHOT, "entries": [{"key": "n", "value": "x", "valueType": "NUMBER"}]}]},
        "METADATA_INVALID",
    ),
    (
        "setMetadataInBulk",
        {"items": [{"owner": SHOT, "entries": [{"key": "fixed", "value": "1", "valueType": "NUMBER"}]}]},
        "METADATA_VALUE_TYPE_FIXED",
    ),
]


@pytest.fixture(scope="module")
def scene(library: Product) -> Scene:
    scene = Scene(library)
    client = scene.client
    shot = ("shows", "shot_010")
    first = client.upload(shot, {"twice.txt": b"1", PREVIEW: b"p", "gone.txt": b"g"})["files"]
    scene.ids["first"] = next(file["s3VersionId"] for file in first if file["path"] == "twice.txt")
    client.upload(shot, {"twice.txt": b"2"})
    scene.done("revertFile", **SHOT, path="twice.txt", s3VersionId=scene.ids["first"])
    scene.done("deleteFilesPermanently", **SHOT, paths=["gone.txt"], confirmPermanentDelete=True)
    scene.put("shot_010", "archived.txt")
    scene.done("copyFiles", **SHOT, **_files(("b.txt", "claimed.txt")))
    scene.done("setMetadata", owner={**SHOT, "path": "a.txt"}, entries=[{"key": "grade", "value": "rough"}])
    scene.done("setMetadata", owner=SHOT, entries=[{"key": "fixed", "value": "x"}])
    schema = {"databaseId": "shows", "entityType": "FILE_METADATA", "fileKeyTypeRestriction": [".exr"]}
    grade = [{"key": "grade", "valueType": "NUMBER"}]
    scene.done("createMetadataSchema", **schema, schemaName="Grades", metadataSchemaId="grades", fields=grade)
    scene.done("createMetadataSchema", **schema, schemaName="Takes", fields=[{"key": "take"}])
    only = {"databaseId": "only-exr", "description": "Only EXR", "restrictFileUploadsToExtensions": [".exr"]}
    scene.done("createDatabase", **only)
    scene.done("createAsset", **scene.input("createAsset", databaseId="only-exr"))
    farm = {"pipelineId": "farm", "pipelineExecutionType": "HTTP", "resource": "https://farm.example/"}
    scene.done("createPipeline", **scene.input("createPipeline", **farm))
    return scene


@pytest.mark.parametrize("name", ["moveFiles", "copyFiles"])
@pytest.mark.parametrize(("changed", "code"), OF_TRANSFERS, ids=[code for _, code in OF_TRANSFERS])
def test_what_cannot_be_moved_or_copied_is_named(scene: Scene, name: str, changed: dict[str, Any], code: str) -> None:
    assert scene.refused(name, **scene.input(name, **changed))[0] == code


@pytest.mark.parametrize("item", OF_ONE_ITEM, ids=[code for _, code in OF_ONE_ITEM])
def test_a_request_whose_only_item_is_refused_is_refused(scene: Scene, item: tuple[dict[str, Any], str]) -> None:
    owner, code = item
    assert scene.refused("setMetadataInBulk", items=[{**owner, "entries": NOTE}])[0] == code
    assert scene.refused("removeMetadataInBulk", items=[{**owner, "keys": ["note"]}])[0] == code


def test_all_items_are_refused_with_one_where_that_is_wanted(scene: Scene) -> None:
    owners = [{"owner": SHOT}, OF_ONE_ITEM[0][0]]
    for name, given in (("setMetadataInBulk", {"entries": NOTE}), ("removeMetadataInBulk", {"keys": ["fixed"]})):
        refused = scene.refused(name, items=[{**one, **given} for one in owners], allOrNothing=True)
        assert (refused[0], refused[1][:2]) == ("ASSET_ALREADY_ARCHIVED", ["items", "1"])


@pytest.mark.parametrize(("name", "changed", "code"), CASES, ids=[f"{name}-{code}" for name, _, code in CASES])
def test_what_is_in_the_way_is_named(scene: Scene, name: str, changed: dict[str, Any], code: str) -> None:
    assert scene.refused(name, **scene.input(name, **changed))[0] == code


def test_what_goes_on_is_listed_with_its_asset(scene: Scene) -> None:
    document = """{ asset(databaseId: "shows", assetId: "shot_010") { transfers { edges { node {
      kind state files { edges { node { sourcePath destinationPath state } } } } } } } }"""
    (edge,) = scene.client.one(document)["transfers"]["edges"]
    assert (edge["node"]["kind"], edge["node"]["state"]) == ("COPY", "REQUESTED")
    assert [file["node"] for file in edge["node"]["files"]["edges"]] == [
        {"sourcePath": f"b.txt{end}", "destinationPath": f"claimed.txt{end}", "state": "WAITING"}
        for end in ("", ".previewFile.png")
    ]


def test_an_execution_is_not_retried_on_an_archived_asset(scene: Scene) -> None:
    scene.client.create_asset("shows", "short")
    scene.client.upload(("shows", "short"), {"a.txt": b"a"})
    given = scene.input("runWorkflow", assetId="short", paths=["a.txt"])
    execution = scene.done("runWorkflow", **given)["workflowExecution"]["executionId"]
    scene.done("cancelWorkflowExecution", executionId=execution)
    scene.done("archiveAsset", databaseId="shows", assetId="short")
    assert scene.refused("retryWorkflowExecution", executionId=execution)[0] == "ASSET_ALREADY_ARCHIVED"
