"""What holds for every mutation alike: its idempotency key, its expected revision, and what it names must exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema

from tests.gateway.operations.scene import INPUTS, OLD, SHOT, Scene, document
from tests.gateway.product import Product

SCHEMA = build_schema((Path(__file__).parents[3] / "gateway" / "schema.graphql").read_text())
MUTATIONS = list(INPUTS)
NOBODY = "00000000-0000-0000-0000-000000000000"
GONE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "setBucketSyncDatabase": ({"bucketId": NOBODY}, ["bucketId"]),
    "createDatabase": ({"defaultBucketId": NOBODY}, ["defaultBucketId"]),
    "updateDatabase": ({"databaseId": "nowhere"}, ["databaseId"]),
    "deleteDatabase": ({"databaseId": "nowhere"}, ["databaseId"]),
    "restoreDatabase": ({"databaseId": "nowhere"}, ["databaseId"]),
    "createAsset": ({"databaseId": "nowhere"}, ["databaseId"]),
    **{
        name: ({"assetId": "nothing"}, ["assetId"])
        for name in (
            "updateAsset",
            "archiveAsset",
            "unarchiveAsset",
            "createAssetVersion",
            "startUpload",
            "registerFiles",
            "createComment",
        )
    },
    **{
        name: ({"assetVersionId": "99"}, ["assetVersionId"])
        for name in ("updateAssetVersion", "archiveAssetVersion", "unarchiveAssetVersion", "revertAssetVersion")
    },
    "completeUpload": ({"uploadId": NOBODY}, ["uploadId"]),
    "abortUpload": ({"uploadId": NOBODY}, ["uploadId"]),
    "setMetadata": ({"owner": {**SHOT, "path": "never.txt"}}, ["path"]),
    "removeMetadata": ({"owner": {**SHOT, "path": "never.txt"}}, ["path"]),
    "createMetadataSchema": ({"databaseId": "nowhere"}, ["databaseId"]),
    **{
        name: ({"metadataSchemaId": NOBODY}, ["metadataSchemaId"])
        for name in ("updateMetadataSchema", "enableMetadataSchema", "disableMetadataSchema", "deleteMetadataSchema")
    },
    "moveFiles": ({"assetId": "nothing"}, ["assetId"]),
    "copyFiles": ({"destinationAssetId": "nothing"}, ["assetId"]),
    "requestRenditions": ({"path": "never.txt"}, ["path"]),
    "archiveFiles": ({"paths": ["never.txt"]}, ["paths", "0"]),
    "unarchiveFiles": ({"paths": ["never.txt"]}, ["paths", "0"]),
    "deleteFilesPermanently": ({"paths": ["never.txt"]}, ["paths", "0"]),
    "deleteAssetPermanently": ({"assetId": "nothing"}, ["assetId"]),
    "deleteAssetPreview": ({"assetId": "nothing"}, ["assetId"]),
    "revertFile": ({"s3VersionId": "never"}, ["s3VersionId"]),
    "setPrimaryType": ({"path": "never.txt"}, ["path"]),
    "createFolder": ({"assetId": "nothing"}, ["assetId"]),
    "deleteFolder": ({"path": "never/"}, ["path"]),
    "rollbackProjection": ({"name": "nothing"}, ["name"]),
    "skipEvent": ({"name": "nothing"}, ["name"]),
    "rebuildProjection": ({"name": "nothing"}, ["name"]),
    "updateTagType": ({"tagTypeName": "none"}, ["tagTypeName"]),
    "deleteTagType": ({"tagTypeName": "none"}, ["tagTypeName"]),
    "createTag": ({"tagTypeName": "none"}, ["tagTypeName"]),
    "updateTag": ({"tagName": "none"}, ["tagName"]),
    "deleteTag": ({"tagName": "none"}, ["tagName"]),
    "createAssetLink": ({"toAssetId": "nothing"}, ["toAssetId"]),
    "updateAssetLink": ({"assetLinkId": NOBODY}, ["assetLinkId"]),
    "deleteAssetLink": ({"assetLinkId": NOBODY}, ["assetLinkId"]),
    "updateComment": ({"commentId": NOBODY}, ["commentId"]),
    "deleteComment": ({"commentId": NOBODY}, ["commentId"]),
    "deleteFeature": ({"featureName": "NEVER"}, ["featureName"]),
    "createSubscription": ({"assetId": "nothing"}, ["assetId"]),
    "updateSubscription": ({"subscriptionId": NOBODY}, ["subscriptionId"]),
    "deleteSubscription": ({"subscriptionId": NOBODY}, ["subscriptionId"]),
    "updateUser": ({"userId": "nobody"}, ["userId"]),
    "deleteUser": ({"userId": "nobody"}, ["userId"]),
    "updateRole": ({"roleName": "none"}, ["roleName"]),
    "deleteRole": ({"roleName": "none"}, ["roleName"]),
    "createUserRoles": ({"userId": "nobody"}, ["userId"]),
    "updateUserRoles": ({"roleNames": ["none"]}, ["roleNames"]),
    "deleteUserRoles": ({"userId": "nobody"}, ["userId"]),
    "createApiKey": ({"userId": "nobody"}, ["userId"]),
    "updateApiKey": ({"apiKeyId": NOBODY}, ["apiKeyId"]),
    "deleteApiKey": ({"apiKeyId": NOBODY}, ["apiKeyId"]),
    "updateConstraint": ({"constraintId": "none"}, ["constraintId"]),
    "deleteConstraint": ({"constraintId": "none"}, ["constraintId"]),
    "createPipeline": ({"databaseId": "nowhere"}, ["databaseId"]),
    "updatePipeline": ({"pipelineId": "none"}, ["pipelineId"]),
    "deletePipeline": ({"pipelineId": "none"}, ["pipelineId"]),
    "createWorkflow": ({"databaseId": "nowhere"}, ["databaseId"]),
    "updateWorkflow": ({"workflowId": "none"}, ["workflowId"]),
    "deleteWorkflow": ({"workflowId": "none"}, ["workflowId"]),
    "runWorkflow": ({"paths": ["never.txt"]}, ["paths", "0"]),
    "cancelWorkflowExecution": ({"executionId": NOBODY}, ["executionId"]),
    "retryWorkflowExecution": ({"executionId": NOBODY}, ["executionId"]),
}
"""For each mutation that names something: what is not there, and the path of the refusal."""

OF_AN_ASSET = (
    "updateAsset",
    "archiveAsset",
    "createAssetVersion",
    "updateAssetVersion",
    "archiveAssetVersion",
    "unarchiveAssetVersion",
    "revertAssetVersion",
    "startUpload",
    "registerFiles",
    "createComment",
    "moveFiles",
    "copyFiles",
    "runWorkflow",
    "archiveFiles",
    "unarchiveFiles",
    "deleteFilesPermanently",
    "deleteAssetPreview",
    "revertFile",
    "setPrimaryType",
    "createFolder",
    "deleteFolder",
)


def _takes(name: str, field: str) -> bool:
    assert SCHEMA.mutation_type is not None
    given = SCHEMA.mutation_type.fields[name].args["input"].type
    return field in given.of_type.fields


@pytest.fixture(scope="module")
def scene(library: Product) -> Scene:
    return Scene(library)


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_key_that_was_used_for_something_else_is_refused(scene: Scene, name: str) -> None:
    scene.done("createFeature", featureName=f"KEY-OF-{name}", idempotencyKey=f"key of {name}")
    refused = scene.refused(name, **scene.input(name, idempotencyKey=f"key of {name}"))
    assert refused == ("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"])


@pytest.mark.parametrize("name", MUTATIONS)
@pytest.mark.parametrize("key", ["", "\n", "k" * 257], ids=["empty", "unprintable", "long"])
def test_a_key_that_cannot_be_one_is_refused(scene: Scene, name: str, key: str) -> None:
    assert scene.refused(name, **scene.input(name, idempotencyKey=key)) == ("INVALID", ["idempotencyKey"])


@pytest.mark.parametrize("name", [name for name in MUTATIONS if _takes(name, "expectedRevision")])
def test_a_revision_that_has_passed_is_refused(scene: Scene, name: str) -> None:
    refused = scene.refused(name, **scene.input(name, expectedRevision=99))
    assert refused == ("PRECONDITION_FAILED", ["expectedRevision"])


@pytest.mark.parametrize("name", GONE)
def test_what_is_not_there_is_named(scene: Scene, name: str) -> None:
    changed, path = GONE[name]
    assert scene.refused(name, **scene.input(name, **changed)) == ("NOT_FOUND", path)


@pytest.mark.parametrize("name", OF_AN_ASSET)
def test_an_archived_asset_is_not_changed(scene: Scene, name: str) -> None:
    assert scene.refused(name, **scene.input(name, **OLD)) == ("ASSET_ALREADY_ARCHIVED", ["assetId"])


@pytest.mark.parametrize("name", ["setMetadata", "removeMetadata"])
def test_metadata_of_an_archived_asset_is_not_changed(scene: Scene, name: str) -> None:
    assert scene.refused(name, **scene.input(name, owner=OLD)) == ("ASSET_ALREADY_ARCHIVED", ["assetId"])


@pytest.mark.parametrize("name", ["setMetadata", "removeMetadata"])
def test_metadata_of_a_deleted_database_is_not_changed(scene: Scene, name: str) -> None:
    refused = scene.refused(name, **scene.input(name, owner={"databaseId": "gone"}))
    assert refused == ("DATABASE_IS_DELETED", ["databaseId"])


@pytest.mark.parametrize("name", ["createPipeline", "createWorkflow", "runWorkflow"])
def test_nothing_is_defined_or_run_in_a_deleted_database(scene: Scene, name: str) -> None:
    everywhere = {"workflowDatabaseId": "GLOBAL", "workflowId": "everywhere", "assetId": "new", "paths": []}
    changed = everywhere if name == "runWorkflow" else {}
    refused = scene.refused(name, **scene.input(name, databaseId="gone", **changed))
    assert refused == ("DATABASE_IS_DELETED", ["databaseId"])


def test_an_archived_file_is_not_run_over(scene: Scene) -> None:
    scene.client.upload(("shows", "prop"), {"old.txt": b"o"})
    scene.done("archiveFiles", databaseId="shows", assetId="prop", paths=["old.txt"])
    refused = scene.refused("runWorkflow", **scene.input("runWorkflow", assetId="prop", paths=["old.txt"]))
    assert refused == ("FILE_ALREADY_ARCHIVED", ["paths", "0"])


def test_an_execution_over_an_archived_asset_is_not_retried(scene: Scene) -> None:
    scene.done("createAsset", **scene.input("createAsset", assetId="ending"))
    made = scene.done("runWorkflow", **scene.input("runWorkflow", assetId="ending", paths=[]))
    given = {"executionId": made["workflowExecution"]["executionId"]}
    scene.done("cancelWorkflowExecution", **given)
    scene.done("archiveAsset", databaseId="shows", assetId="ending")
    assert scene.refused("retryWorkflowExecution", **given) == ("ASSET_ALREADY_ARCHIVED", ["assetId"])


def test_what_was_said_about_an_archived_asset_is_not_changed(scene: Scene) -> None:
    document = '{ comments(databaseId: "shows", assetId: "old") { edges { node { commentId } } } }'
    (edge,) = scene.client.one(document)["edges"]
    given = {**OLD, "commentId": edge["node"]["commentId"], "commentBody": "Changed"}
    assert scene.refused("updateComment", **given) == ("ASSET_ALREADY_ARCHIVED", ["assetId"])


def test_every_document_asks_for_the_position_and_the_errors() -> None:
    assert all("position errors" in document(name) for name in MUTATIONS)
