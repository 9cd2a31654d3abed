"""A library with one of everything, and an input for every mutation that would change it."""

from __future__ import annotations

from typing import Any

from gateway.settings import Settings
from tests.gateway.product import Product

BUCKET = Settings().bucket
SHOT = {"databaseId": "shows", "assetId": "shot_010"}
OLD = {"databaseId": "shows", "assetId": "old"}
VERSION = {**SHOT, "assetVersionId": "1"}
FILE = {"owner": {**SHOT, "path": "a.txt"}}
TERMS = {
    "name": "Shows",
    "description": "Reading shows",
    "objectType": "DATABASE",
    "criteriaAnd": [{"field": "databaseId", "operator": "EQUALS", "value": "shows"}],
    "groupPermissions": [{"groupId": "artists", "permission": "GET", "permissionType": "ALLOW"}],
}
PIPELINE = {"description": "Makes proxies", "pipelineExecutionType": "BUILT_IN", "resource": "proxy"}
WORKFLOW = {"description": "Ingests", "pipelines": [{"databaseId": "shows", "pipelineId": "proxies"}]}
ENTRIES = [{"key": "lens", "value": "35"}]
INPUTS: dict[str, dict[str, Any]] = {
    "registerBucket": {"bucketName": BUCKET, "baseAssetsPrefix": "more/"},
    "setBucketSyncDatabase": {"bucketId": "bucket", "syncDatabaseId": "shows"},
    "createDatabase": {"databaseId": "plates", "description": "All plates"},
    "updateDatabase": {"databaseId": "shows", "description": "Every show"},
    "deleteDatabase": {"databaseId": "spare"},
    "restoreDatabase": {"databaseId": "gone"},
    "createAsset": {
        "databaseId": "shows",
        "assetId": "new",
        "assetName": "New",
        "description": "A new one",
        "isDistributable": True,
    },
    "updateAsset": {**SHOT, "assetName": "Shot 10"},
    "archiveAsset": SHOT,
    "unarchiveAsset": OLD,
    "createAssetVersion": {**SHOT, "comment": "One more"},
    "updateAssetVersion": {**VERSION, "comment": "The first"},
    "archiveAssetVersion": VERSION,
    "unarchiveAssetVersion": {**SHOT, "assetVersionId": "2"},
    "revertAssetVersion": {**VERSION, "comment": "Back"},
    "startUpload": {**SHOT, "files": [{"path": "b.txt", "sizeBytes": 1}]},
    "completeUpload": {"uploadId": "upload", "files": []},
    "abortUpload": {"uploadId": "upload"},
    "registerFiles": {**SHOT, "files": [{"path": "a.txt"}]},
    "setMetadata": {"owner": SHOT, "entries": ENTRIES},
    "removeMetadata": {"owner": SHOT, "keys": ["lens"]},
    "setMetadataInBulk": {"items": [{"owner": SHOT, "entries": ENTRIES}]},
    "removeMetadataInBulk": {"items": [{"owner": SHOT, "keys": ["lens"]}]},
    "createMetadataSchema": {
        "databaseId": "shows",
        "entityType": "ASSET_METADATA",
        "schemaName": "Units",
        "fields": [{"key": "unit"}],
    },
    "updateMetadataSchema": {"metadataSchemaId": "takes", "schemaName": "Takes of a shot"},
    "enableMetadataSchema": {"metadataSchemaId": "takes"},
    "disableMetadataSchema": {"metadataSchemaId": "takes"},
    "deleteMetadataSchema": {"metadataSchemaId": "takes", "confirm": True},
    "createDefaultMetadataSchemas": {},
    "moveFiles": {**SHOT, "files": [{"sourcePath": "a.txt", "destinationPath": "c.txt"}]},
    "copyFiles": {**SHOT, "files": [{"sourcePath": "a.txt", "destinationPath": "c.txt"}]},
    "archiveFiles": {**SHOT, "paths": ["a.txt"]},
    "unarchiveFiles": {**SHOT, "paths": ["archived.txt"]},
    "deleteFilesPermanently": {**SHOT, "paths": ["a.txt"], "confirmPermanentDelete": True},
    "deleteAssetPermanently": {**SHOT, "reason": "Not ours", "confirmPermanentDelete": True},
    "deleteAssetPreview": SHOT,
    "revertFile": {**SHOT, "path": "a.txt", "s3VersionId": "none"},
    "setPrimaryType": {**SHOT, "path": "a.txt", "primaryType": "primary"},
    "createFolder": {**SHOT, "path": "new/"},
    "deleteFolder": {**SHOT, "path": "empty/"},
    "rollbackProjection": {"name": "tables"},
    "skipEvent": {"name": "tables", "position": "1", "reason": "Broken"},
    "requestRenditions": {**SHOT, "path": "a.txt"},
    "rebuildProjection": {"name": "tables"},
    "createTagType": {"tagTypeName": "mood"},
    "updateTagType": {"tagTypeName": "look", "description": "How it looks"},
    "deleteTagType": {"tagTypeName": "unused"},
    "createTag": {"tagName": "day", "tagTypeName": "look"},
    "updateTag": {"tagName": "night", "description": "Dark"},
    "deleteTag": {"tagName": "night"},
    "createAssetLink": {
        "fromDatabaseId": "shows",
        "fromAssetId": "shot_010",
        "toDatabaseId": "shows",
        "toAssetId": "prop",
        "relationshipType": "RELATED",
    },
    "updateAssetLink": {"assetLinkId": "link", "assetLinkAliasId": "left"},
    "deleteAssetLink": {"assetLinkId": "link"},
    "createComment": {**SHOT, "commentBody": "Fine"},
    "updateComment": {**SHOT, "commentId": "comment", "commentBody": "Better"},
    "deleteComment": {**SHOT, "commentId": "comment"},
    "createFeature": {"featureName": "NEW"},
    "deleteFeature": {"featureName": "OLD"},
    "createSubscription": {"databaseId": "shows", "channel": "WEBHOOK", "target": "https://example.org/new"},
    "updateSubscription": {"subscriptionId": "subscription", "isActive": False},
    "deleteSubscription": {"subscriptionId": "subscription"},
    "createUser": {"userId": "joan", "email": "joan@example.org"},
    "updateUser": {"userId": "ada", "email": "a@example.org"},
    "deleteUser": {"userId": "ada"},
    "createRole": {"roleName": "leads", "description": "They lead"},
    "updateRole": {"roleName": "artists", "description": "They draw"},
    "deleteRole": {"roleName": "artists"},
    "createUserRoles": {"userId": "ada", "roleNames": ["spare"]},
    "updateUserRoles": {"userId": "ada", "roleNames": ["spare"]},
    "deleteUserRoles": {"userId": "ada"},
    "createApiKey": {"apiKeyName": "render", "userId": "ada"},
    "updateApiKey": {"apiKeyId": "key", "description": "Of the farm"},
    "deleteApiKey": {"apiKeyId": "key"},
    "createConstraint": {"constraintId": "read-more", **TERMS},
    "updateConstraint": {"constraintId": "read-shows", **TERMS},
    "deleteConstraint": {"constraintId": "read-shows"},
    "createPipeline": {**PIPELINE, "databaseId": "shows", "pipelineId": "more-proxies"},
    "updatePipeline": {"databaseId": "shows", "pipelineId": "proxies", "enabled": False},
    "deletePipeline": {"databaseId": "shows", "pipelineId": "unused"},
    "createWorkflow": {**WORKFLOW, "databaseId": "shows", "workflowId": "again"},
    "updateWorkflow": {"databaseId": "shows", "workflowId": "ingest", "description": "Ingests plates"},
    "deleteWorkflow": {"databaseId": "shows", "workflowId": "ingest"},
    "runWorkflow": {**SHOT, "workflowDatabaseId": "shows", "workflowId": "ingest", "paths": ["a.txt"]},
    "cancelWorkflowExecution": {"executionId": "running"},
    "retryWorkflowExecution": {"executionId": "cancelled"},
}
"""Names in place of ids that are made up by the server: bucket, upload, link, comment, subscription, key."""

ANSWERS = {
    "startUpload": "upload { uploadId }",
    "createAssetLink": "assetLink { assetLinkId }",
    "createComment": "comment { commentId }",
    "createSubscription": "subscription { subscriptionId }",
    "createApiKey": "apiKey { apiKeyId }",
    "runWorkflow": "workflowExecution { executionId }",
}


def document(name: str) -> str:
    """The mutation with what every payload has."""
    return (
        f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{"
        f" {ANSWERS.get(name, '')} position errors {{ code path message }} }} }}"
    )


class Scene:
    """The library, and the ids that the server made for it."""

    def __init__(self, library: Product) -> None:
        self.library = library
        self.client = library.client
        (bucket,) = self.client.one("{ buckets { edges { node { bucketId } } } }")["edges"]
        self.ids: dict[str, str] = {"bucket": bucket["node"]["bucketId"]}
        for name, given in GIVEN:
            self.done(name, **given)
        self.client.upload(("shows", "shot_010"), {"a.txt": b"a", "b.txt": b"b", "archived.txt": b"c"})
        self.done("archiveFiles", **SHOT, paths=["archived.txt"])
        for comment in ("First", "Second", "Third"):
            self.done("createAssetVersion", **SHOT, comment=comment)
        self.done("archiveAssetVersion", **SHOT, assetVersionId="2")
        for name, kind in (
            ("startUpload", "upload"),
            ("createAssetLink", "link"),
            ("createComment", "comment"),
            ("createSubscription", "subscription"),
            ("createApiKey", "key"),
            ("runWorkflow", "cancelled"),
        ):
            self.ids[kind] = self._made(name)
        self.done("cancelWorkflowExecution", executionId=self.ids["cancelled"])
        self.ids["running"] = self._made("runWorkflow", paths=["b.txt"])

    def input(self, name: str, /, **changed: Any) -> dict[str, Any]:
        """The mutation's input, with real ids; `changed` wins."""
        given = {**INPUTS[name], **changed}
        return {key: self.ids.get(str(value), value) for key, value in given.items()}

    def done(self, name: str, /, **given: Any) -> Any:
        """Carry out."""
        return self.client.done(document(name), **given)

    def refused(self, name: str, /, **given: Any) -> tuple[str, list[str]]:
        """The code and path of the only refusal; nothing was recorded."""
        before = self.client.head()
        error = self.client.refused(document(name), **given)
        assert self.client.head() == before
        return error["code"], error["path"]

    def put(self, asset_id: str, path: str, *, database_id: str = "shows") -> str:
        """Put an object where a file of the asset would be; gives its version id."""
        document = "query($d: String!, $a: String!) { asset(databaseId: $d, assetId: $a) { assetLocation } }"
        location = self.client.one(document, d=database_id, a=asset_id)["assetLocation"]
        made = self.library.parts.objects.put(BUCKET, f"{location}{path}", b"x", content_type="text/plain", metadata={})
        return made.version_id

    def _made(self, name: str, **changed: Any) -> str:
        given = self.input(name, **changed)
        if name == "createAssetLink":
            given["relationshipType"] = "PARENT_CHILD"
        payload = self.done(name, **given)
        (made,) = (value for key, value in payload.items() if key not in ("position", "errors"))
        (identity,) = made.values()
        return str(identity)


GIVEN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("createDatabase", {"databaseId": "spare", "description": "Empty"}),
    ("createDatabase", {"databaseId": "gone", "description": "Deleted"}),
    ("createAsset", {**INPUTS["createAsset"], "databaseId": "gone"}),
    ("archiveAsset", {"databaseId": "gone", "assetId": "new"}),
    ("deleteDatabase", {"databaseId": "gone", "withArchivedAssets": True}),
    ("createAsset", {**INPUTS["createAsset"], "assetId": "old"}),
    ("createAsset", {**INPUTS["createAsset"], "assetId": "prop"}),
    ("createTagType", {"tagTypeName": "look"}),
    ("createTagType", {"tagTypeName": "unused"}),
    ("createTag", {"tagName": "night", "tagTypeName": "look"}),
    ("createFeature", {"featureName": "OLD"}),
    (
        "createMetadataSchema",
        {**INPUTS["createMetadataSchema"], "databaseId": "spare", "metadataSchemaId": "takes"},
    ),
    ("createRole", {"roleName": "artists", "description": "They paint"}),
    ("createRole", {"roleName": "spare", "description": "Nobody"}),
    ("createUser", {"userId": "ada", "email": "ada@example.org"}),
    ("createUserRoles", {"userId": "ada", "roleNames": ["artists"]}),
    ("createConstraint", {"constraintId": "read-shows", **TERMS}),
    ("createFolder", {**SHOT, "path": "empty/"}),
    ("createComment", {**OLD, "commentBody": "While it was there"}),
    ("archiveAsset", OLD),
    ("createPipeline", {**PIPELINE, "databaseId": "shows", "pipelineId": "proxies"}),
    ("createPipeline", {**PIPELINE, "databaseId": "shows", "pipelineId": "unused"}),
    ("createPipeline", {**PIPELINE, "databaseId": "GLOBAL", "pipelineId": "everywhere"}),
    ("createWorkflow", {**WORKFLOW, "databaseId": "shows", "workflowId": "ingest"}),
    (
        "createWorkflow",
        {
            "databaseId": "GLOBAL",
            "workflowId": "everywhere",
            "description": "Ingests",
            "pipelines": [{"databaseId": "GLOBAL", "pipelineId": "everywhere"}],
        },
    ),
)
