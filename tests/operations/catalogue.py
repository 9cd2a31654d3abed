"""What can be done with each entity of the data model, by which GraphQL field, and what the log then holds.

A row is an operation: its name, its field, and the events that tests must have seen it record. A field without events
is a query, or a field of what a query gives. The refusals that tests must have seen come from the code (refusals.py),
less those of CANNOT and of NEVER_ASKED_FOR.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.operations.refusals import codes_of

NEVER_ASKED_FOR = {
    "CONFLICT": "Contended: 64 attempts in a row met another writer; tests/domain/test_ledger.py shows it.",
}

Row = tuple[str, ...]
CATALOGUE: dict[str, tuple[Row, ...]] = {
    "Database": (
        ("create", "createDatabase", "DatabaseCreated"),
        ("list", "databases"),
        ("read", "database"),
        (
            "update",
            "updateDatabase",
            "DatabaseDescribed",
            "DatabaseBucketSet",
            "DatabaseRestrictionsSet",
            "DatabaseExtensionsBlocked",
        ),
        ("delete", "deleteDatabase", "DatabaseDeleted"),
        ("restore", "restoreDatabase", "DatabaseRestored"),
    ),
    "Bucket": (
        ("register", "registerBucket", "BucketRegistered"),
        ("list", "buckets"),
        ("choose where new folders go", "setBucketSyncDatabase", "BucketSyncDatabaseSet"),
        ("list what could not be followed", "bucketSyncProblems"),
    ),
    "Asset": (
        ("create", "createAsset", "AssetCreated", "AssetLocationReserved", "AssetEnrolled", "TagApplied"),
        ("adopt an existing prefix", "createAsset", "AssetAdoptionRequested"),
        ("read an adoption", "asset.adoption"),
        ("list moves and copies", "asset.transfers"),
        ("list", "assets"),
        ("read", "asset"),
        (
            "update",
            "updateAsset",
            "AssetRenamed",
            "AssetDescribed",
            "AssetRetagged",
            "AssetDistributionSet",
            "TagApplied",
            "TagTakenOff",
        ),
        ("archive", "archiveAsset", "AssetArchived"),
        ("unarchive", "unarchiveAsset", "AssetUnarchived"),
        ("delete permanently", "deleteAssetPermanently", "AssetPermanentlyDeleted", "TagTakenOff"),
        ("delete the preview", "deleteAssetPreview", "AssetPreviewDeleted"),
        ("list jobs on objects", "objectJobs"),
        ("retry a job on objects", "retryObjectJob"),
        ("history", "asset.history"),
        ("download, preview", "asset.previewUrl"),
    ),
    "Asset version": (
        ("create", "createAssetVersion", "AssetVersionCreated"),
        ("list", "asset.versions"),
        ("read", "asset.version"),
        ("update", "updateAssetVersion", "AssetVersionDescribed", "AssetVersionAliased"),
        ("archive", "archiveAssetVersion", "AssetVersionArchived"),
        ("unarchive", "unarchiveAssetVersion", "AssetVersionUnarchived"),
        ("revert", "revertAssetVersion", "AssetRevertRequested"),
        ("compare", "compareAssetVersions"),
    ),
    "Upload": (
        ("start", "startUpload", "UploadStarted"),
        ("read, resume", "upload"),
        ("complete", "completeUpload", "UploadCompleted", "FileUploaded", "AssetPreviewSet"),
        ("abort", "abortUpload", "UploadAborted"),
    ),
    "File": (
        ("list", "asset.files"),
        ("read", "file"),
        ("versions", "file.versions"),
        ("download", "file.downloadUrl"),
        ("register", "registerFiles", "FileVersionObserved"),
        ("archive", "archiveFiles", "FileArchived"),
        ("unarchive", "unarchiveFiles", "FileUnarchived"),
        ("delete permanently", "deleteFilesPermanently", "FilePermanentlyDeleted"),
        ("revert", "revertFile", "FileRevertRequested"),
        ("set the primary type", "setPrimaryType", "FilePrimaryTypeSet"),
        ("create a folder", "createFolder", "FolderCreated"),
        ("delete a folder", "deleteFolder", "FolderDeleted"),
        ("list folders", "asset.folders"),
        ("preview", "file.previewUrl"),
        ("move", "moveFiles", "FileTransferRequested", "AssetTransferOpened"),
        ("copy", "copyFiles", "FileTransferRequested", "AssetTransferOpened"),
        ("read a move or copy", "fileTransfer"),
        ("request renditions", "requestRenditions", "RenditionsRequested"),
    ),
    "Metadata and attributes": (
        (
            "set, replace",
            "setMetadata",
            "DatabaseMetadataSet",
            "DatabaseMetadataRemoved",
            "AssetMetadataSet",
            "AssetMetadataRemoved",
            "FileMetadataSet",
            "FileMetadataRemoved",
            "FileAttributesSet",
            "FileAttributesRemoved",
            "AssetLinkMetadataSet",
            "AssetLinkMetadataRemoved",
        ),
        (
            "remove",
            "removeMetadata",
            "DatabaseMetadataRemoved",
            "AssetMetadataRemoved",
            "FileMetadataRemoved",
            "FileAttributesRemoved",
            "AssetLinkMetadataRemoved",
        ),
        ("set, many owners", "setMetadataInBulk", "AssetMetadataSet", "FileMetadataSet"),
        ("remove, many owners", "removeMetadataInBulk", "AssetMetadataRemoved"),
        ("read, of a database", "database.metadata"),
        ("read, of an asset", "asset.metadata"),
        ("read, of a file", "file.metadata"),
        ("read, attributes of a file", "file.attributes"),
        ("read, of a link", "assetLink.metadata"),
    ),
    "Metadata schema": (
        ("create", "createMetadataSchema", "MetadataSchemaCreated"),
        ("create, VAMS's defaults", "createDefaultMetadataSchemas", "MetadataSchemaCreated"),
        ("list", "metadataSchemas"),
        ("read", "metadataSchema"),
        ("update", "updateMetadataSchema", "MetadataSchemaRedefined"),
        ("enable", "enableMetadataSchema", "MetadataSchemaEnabled"),
        ("disable", "disableMetadataSchema", "MetadataSchemaDisabled"),
        ("delete", "deleteMetadataSchema", "MetadataSchemaDeleted"),
        ("list what does not comply", "nonCompliantEntities"),
    ),
    "Asset link": (
        ("create", "createAssetLink", "AssetLinkCreated", "AssetParentAttached", "AssetsRelated", "TagApplied"),
        ("list", "asset.links"),
        ("tree", "asset.linkTree"),
        ("read", "assetLink"),
        ("list", "assetLinks"),
        ("update", "updateAssetLink", "AssetLinkAliasSet", "AssetLinkRetagged", "TagApplied", "TagTakenOff"),
        ("delete", "deleteAssetLink", "AssetLinkDeleted", "AssetParentDetached", "AssetsUnrelated"),
    ),
    "Tag type": (
        ("create", "createTagType", "TagTypeCreated"),
        ("list", "tagTypes"),
        ("update", "updateTagType", "TagTypeDescribed", "TagTypeRequirementSet"),
        ("delete", "deleteTagType", "TagTypeDeleted"),
    ),
    "Tag": (
        ("create", "createTag", "TagCreated"),
        ("list", "tags"),
        ("update", "updateTag", "TagDescribed", "TagRetyped"),
        ("delete", "deleteTag", "TagDeleted"),
    ),
    "Comment": (
        ("create", "createComment", "CommentCreated"),
        ("list", "comments"),
        ("update", "updateComment", "CommentEdited"),
        ("delete", "deleteComment", "CommentDeleted"),
    ),
    "Subscription": (
        ("create", "createSubscription", "SubscriptionCreated"),
        ("list", "subscriptions"),
        ("update", "updateSubscription", "SubscriptionChanged"),
        ("delete", "deleteSubscription", "SubscriptionDeleted"),
    ),
    "Feature": (
        ("switch on", "createFeature", "FeatureCreated"),
        ("list", "features"),
        ("switch off", "deleteFeature", "FeatureDeleted"),
    ),
    "User": (
        ("create", "createUser", "UserCreated"),
        ("list", "users"),
        ("update", "updateUser", "UserEmailChanged"),
        ("delete", "deleteUser", "UserDeleted", "RoleHoldersChanged", "ApiKeyDeleted"),
    ),
    "Role": (
        ("create", "createRole", "RoleCreated"),
        ("list", "roles"),
        ("update", "updateRole", "RoleChanged"),
        ("delete", "deleteRole", "RoleDeleted", "UserRolesSet"),
    ),
    "User role": (
        ("add", "createUserRoles", "UserRolesSet", "RoleHoldersChanged"),
        ("replace", "updateUserRoles", "UserRolesSet", "RoleHoldersChanged"),
        ("remove all", "deleteUserRoles", "UserRolesSet", "RoleHoldersChanged"),
    ),
    "API key": (
        ("create", "createApiKey", "ApiKeyCreated", "ApiKeyNameTaken", "UserApiKeyAdded"),
        ("list", "apiKeys"),
        ("update", "updateApiKey", "ApiKeyChanged"),
        ("delete", "deleteApiKey", "ApiKeyDeleted", "ApiKeyNameFreed"),
    ),
    "Constraint": (
        ("create", "createConstraint", "ConstraintCreated"),
        ("list", "constraints"),
        ("update", "updateConstraint", "ConstraintChanged"),
        ("delete", "deleteConstraint", "ConstraintDeleted"),
    ),
    "Pipeline": (
        ("create", "createPipeline", "PipelineCreated"),
        ("list", "pipelines"),
        ("read", "pipeline"),
        ("update, enable, disable", "updatePipeline", "PipelineRedefined"),
        ("delete", "deletePipeline", "PipelineDeleted"),
    ),
    "Workflow": (
        ("create", "createWorkflow", "WorkflowCreated"),
        ("list", "workflows"),
        ("read", "workflow"),
        ("update", "updateWorkflow", "WorkflowRedefined"),
        ("delete", "deleteWorkflow", "WorkflowDeleted"),
    ),
    "Workflow execution": (
        ("run", "runWorkflow", "WorkflowExecutionRequested", "WorkflowRunClaimed"),
        ("list", "workflowExecutions"),
        ("list what started no workflow", "workflowTriggerProblems"),
        ("read", "workflowExecution"),
        ("read steps and logs", "workflowExecution.steps"),
        ("cancel", "cancelWorkflowExecution", "WorkflowExecutionAborted", "WorkflowRunReleased"),
        ("retry", "retryWorkflowExecution", "WorkflowExecutionRetried", "WorkflowRunClaimed"),
    ),
    "Projection": (
        ("rebuild", "rebuildProjection", "ProjectionRebuildRequested"),
        ("roll back", "rollbackProjection", "ProjectionRollbackRequested"),
        ("retry", "retryProjection"),
        ("skip an event", "skipEvent", "ProjectionEventSkipped"),
        ("list", "projections"),
    ),
}

CANNOT: dict[tuple[str, str], str] = {
    ("createAsset", "METADATA_VALUE_TYPE_FIXED"): "a new asset has no entry of another type",
    ("removeMetadata", "LIMIT_EXCEEDED"): "it only makes entries fewer",
    ("removeMetadata", "METADATA_INVALID"): "it takes keys, and those that are none are not there",
    ("removeMetadata", "METADATA_VALUE_TYPE_FIXED"): "it gives no value",
    ("removeMetadataInBulk", "METADATA_INVALID"): "it takes keys, and those that are none are not there",
    ("removeMetadataInBulk", "METADATA_VALUE_TYPE_FIXED"): "it gives no value",
    ("setMetadataInBulk", "ITEMS_REFUSED"): "callers get the errors of the items",
    ("removeMetadataInBulk", "ITEMS_REFUSED"): "callers get the errors of the items",
    ("setMetadataInBulk", "PRECONDITION_FAILED"): "it expects no revision",
    ("removeMetadataInBulk", "PRECONDITION_FAILED"): "it expects no revision",
    ("createAssetLink", "REQUIRED_TAG_TYPE_MISSING"): "required tag types are those of assets",
    ("updateAssetLink", "REQUIRED_TAG_TYPE_MISSING"): "required tag types are those of assets",
    ("deleteAssetLink", "REQUIRED_TAG_TYPE_MISSING"): "required tag types are those of assets",
    ("updateAssetLink", "ASSET_ALREADY_ARCHIVED"): "a link may be changed while an end of it is archived",
    ("deleteAssetLink", "ASSET_ALREADY_ARCHIVED"): "a link may be deleted while an end of it is archived",
    ("deleteAssetLink", "METADATA_NOT_COMPLIANT"): "the link goes with all of its entries",
    ("moveFiles", "VERSION_ALIAS_TAKEN"): "it makes no version",
    ("copyFiles", "VERSION_ALIAS_TAKEN"): "it makes no version",
    ("createPipeline", "MAIL_NOT_CONFIGURED"): "an endpoint is no mail address",
    ("updatePipeline", "MAIL_NOT_CONFIGURED"): "an endpoint is no mail address",
    ("createPipeline", "TARGET_INVALID"): "an endpoint that can't be called is a PIPELINE_RESOURCE_INVALID",
    ("updatePipeline", "TARGET_INVALID"): "an endpoint that can't be called is a PIPELINE_RESOURCE_INVALID",
    ("moveFiles", "DATABASE_IS_DELETED"): "a deleted database has no active asset",
    ("copyFiles", "DATABASE_IS_DELETED"): "a deleted database has no active asset",
    ("moveFiles", "METADATA_VALUE_TYPE_FIXED"): "the file that comes has no entries yet",
    ("copyFiles", "METADATA_VALUE_TYPE_FIXED"): "the file that comes has no entries yet",
    ("copyFiles", "FILE_REVERT_IN_PROGRESS"): "a copy is of the version that was there",
    ("copyFiles", "SOURCE_LEAVING"): "a copy is of the version that was there",
    ("revertFile", "REVERT_IN_PROGRESS"): "that is about versions of assets",
    ("archiveFiles", "DATABASE_IS_DELETED"): "a deleted database has no active asset",
    ("archiveFiles", "METADATA_CONFLICT"): "it sets no entries",
    ("archiveFiles", "METADATA_NOT_COMPLIANT"): "it sets no entries",
    ("archiveFiles", "METADATA_VALUE_TYPE_FIXED"): "it sets no entries",
    ("archiveFiles", "VERSION_ALIAS_TAKEN"): "it makes no version",
    ("unarchiveFiles", "DATABASE_IS_DELETED"): "a deleted database has no active asset",
    ("unarchiveFiles", "METADATA_CONFLICT"): "it sets no entries",
    ("unarchiveFiles", "METADATA_NOT_COMPLIANT"): "it sets no entries",
    ("unarchiveFiles", "METADATA_VALUE_TYPE_FIXED"): "it sets no entries",
    ("unarchiveFiles", "VERSION_ALIAS_TAKEN"): "it makes no version",
    ("deleteFilesPermanently", "DATABASE_IS_DELETED"): "a deleted database has no active asset",
    ("deleteFilesPermanently", "METADATA_CONFLICT"): "it sets no entries",
    ("deleteFilesPermanently", "METADATA_NOT_COMPLIANT"): "it sets no entries",
    ("deleteFilesPermanently", "METADATA_VALUE_TYPE_FIXED"): "it sets no entries",
    ("deleteFilesPermanently", "VERSION_ALIAS_TAKEN"): "it makes no version",
    ("unarchiveFiles", "FILE_ALREADY_ARCHIVED"): "archived files are what it takes",
    ("deleteFilesPermanently", "FILE_ALREADY_ARCHIVED"): "it takes files in any state",
    ("deleteAssetPermanently", "REQUIRED_TAG_TYPE_MISSING"): "its tags are given back whatever their types ask for",
    ("createAsset", "PATH_INVALID"): "a prefix has a code of its own",
}
"""Refusals that the code seems to allow, by mutation and code, and why no caller can meet them."""


@dataclass(frozen=True)
class Required:
    """What a test has to show."""

    entity: str
    operation: str
    field: str
    outcome: str
    """`done`, the type of an event that it records, or the code of a refusal."""


def required() -> Iterator[Required]:
    """Everything that tests have to show, in the order of the catalogue."""
    for entity, rows in CATALOGUE.items():
        for operation, name, *events in rows:
            outcomes = ["done", *events]
            if events:
                outcomes += sorted(refusals_of(name))
            for outcome in outcomes:
                yield Required(entity, operation, name, outcome)


def refusals_of(mutation: str) -> set[str]:
    """The codes of the mutation that a caller can meet."""
    return {code for code in codes_of(mutation) if code not in NEVER_ASKED_FOR and (mutation, code) not in CANNOT}
