"""Folds a batch of the log into the print at the head of the search path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.types.string import TextLoader

from domain.adoptions.events import (
    AssetAdopted,
    AssetAdoptionAdvanced,
    AssetAdoptionFailed,
    AssetAdoptionRequested,
)
from domain.api_keys.events import ApiKeyChanged, ApiKeyCreated, ApiKeyDeleted, ApiKeyNameFreed, ApiKeyNameTaken
from domain.assets.events import (
    AssetArchived,
    AssetCreated,
    AssetDescribed,
    AssetDistributionSet,
    AssetErased,
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
from domain.buckets.events import AssetLocationEnclosed, AssetLocationReserved, BucketRegistered, BucketSyncDatabaseSet
from domain.comments.events import CommentCreated, CommentDeleted, CommentEdited
from domain.constraints.events import ConstraintChanged, ConstraintCreated, ConstraintDeleted
from domain.databases.events import (
    AssetEnrolled,
    DatabaseBucketSet,
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseDescribed,
    DatabaseExtensionsBlocked,
    DatabaseMetadataRemoved,
    DatabaseMetadataSet,
    DatabaseRestored,
    DatabaseRestrictionsSet,
    RosterClosed,
)
from domain.event import Event, Recorded
from domain.executions.events import (
    WorkflowExecutionAborted,
    WorkflowExecutionFailed,
    WorkflowExecutionRequested,
    WorkflowExecutionRetried,
    WorkflowExecutionSucceeded,
    WorkflowExecutionTimedOut,
    WorkflowRunClaimed,
    WorkflowRunReleased,
    WorkflowStepProgressed,
    WorkflowStepStarted,
    WorkflowStepSucceeded,
)
from domain.features.events import FeatureCreated, FeatureDeleted
from domain.files.events import (
    FileArchived,
    FileAttributesRemoved,
    FileAttributesSet,
    FileCopied,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileErased,
    FileMetadataRemoved,
    FileMetadataSet,
    FileMoved,
    FileMovedAway,
    FilePermanentlyDeleted,
    FilePrimaryTypeSet,
    FileReverted,
    FileRevertFailed,
    FileRevertRequested,
    FileUnarchived,
    FileUploaded,
    FileVersionObserved,
    FileVersionVanished,
)
from domain.folders.events import FolderCreated, FolderDeleted
from domain.imports.events import OriginRecorded
from domain.links.events import (
    AssetLinkAliasSet,
    AssetLinkCreated,
    AssetLinkDeleted,
    AssetLinkMetadataRemoved,
    AssetLinkMetadataSet,
    AssetLinkRetagged,
    AssetParentAttached,
    AssetParentDetached,
    AssetsRelated,
    AssetsUnrelated,
)
from domain.media.events import (
    MediaInspected,
    RenditionsFailed,
    RenditionsProduced,
    RenditionsRequested,
    RenditionStemReserved,
)
from domain.orders.events import OrderAccepted
from domain.pipelines.events import (
    PipelineCreated,
    PipelineDeleted,
    PipelineRedefined,
    WorkflowCreated,
    WorkflowDeleted,
    WorkflowRedefined,
)
from domain.projections.events import (
    ProjectionEventSkipped,
    ProjectionRebuildRequested,
    ProjectionRollbackRequested,
)
from domain.roles.events import RoleChanged, RoleCreated, RoleDeleted, RoleHoldersChanged
from domain.schemas.events import (
    MetadataSchemaCreated,
    MetadataSchemaDeleted,
    MetadataSchemaDisabled,
    MetadataSchemaEnabled,
    MetadataSchemaRedefined,
)
from domain.subscriptions.events import SubscriptionChanged, SubscriptionCreated, SubscriptionDeleted
from domain.tags.events import (
    TagApplied,
    TagCreated,
    TagDeleted,
    TagDescribed,
    TagRetyped,
    TagTakenOff,
    TagTypeCreated,
    TagTypeDeleted,
    TagTypeDescribed,
    TagTypeRequirementSet,
)
from domain.transfers.events import (
    AssetTransferClosed,
    AssetTransferOpened,
    FileTransferAdvanced,
    FileTransferCompleted,
    FileTransferRequested,
)
from domain.uploads.events import UploadAborted, UploadCompleted, UploadExpired, UploadStarted
from domain.users.events import UserApiKeyAdded, UserCreated, UserDeleted, UserEmailChanged, UserRolesSet
from projections.vams import (
    api_keys,
    assets,
    comments,
    constraints,
    databases,
    executions,
    features,
    file_lifecycle,
    files,
    folders,
    links,
    media,
    numbering,
    origins,
    pipelines,
    schemas,
    subscriptions,
    tags,
    transfers,
    uploads,
    users,
)
from projections.vams.removals import remove_deleted
from projections.vams.sheets import Sheets
from projections.vams.versions import copy_versions

Fold: TypeAlias = Callable[[Sheets, Recorded, Any], None]

FOLDS: dict[type[Event], Fold] = {
    BucketRegistered: databases.bucket_registered,
    BucketSyncDatabaseSet: databases.bucket_sync_database_set,
    DatabaseCreated: databases.database_created,
    DatabaseMetadataSet: databases.metadata_set,
    DatabaseMetadataRemoved: databases.metadata_removed,
    DatabaseDescribed: databases.described,
    DatabaseBucketSet: databases.bucket_set,
    DatabaseRestrictionsSet: databases.restrictions_set,
    DatabaseExtensionsBlocked: databases.extensions_blocked,
    DatabaseDeleted: databases.deleted,
    DatabaseRestored: databases.restored,
    AssetCreated: assets.created,
    AssetRenamed: assets.renamed,
    AssetDescribed: assets.described,
    AssetRetagged: assets.retagged,
    AssetDistributionSet: assets.distribution_set,
    AssetArchived: assets.archived,
    AssetUnarchived: assets.unarchived,
    AssetMetadataSet: assets.metadata_set,
    AssetMetadataRemoved: assets.metadata_removed,
    AssetPreviewSet: assets.preview_set,
    AssetPreviewDeleted: assets.preview_deleted,
    AssetPermanentlyDeleted: assets.permanently_deleted,
    AssetVersionCreated: numbering.created,
    AssetVersionDescribed: numbering.described,
    AssetVersionAliased: numbering.aliased,
    AssetVersionArchived: numbering.archived,
    AssetVersionUnarchived: numbering.unarchived,
    AssetRevertRequested: numbering.revert_requested,
    AssetReverted: numbering.reverted,
    AssetRevertFailed: numbering.revert_failed,
    FileUploaded: files.version_seen,
    FileVersionObserved: files.version_seen,
    FileMetadataSet: files.metadata_set,
    FileMetadataRemoved: files.metadata_removed,
    FileAttributesSet: files.attributes_set,
    FileAttributesRemoved: files.attributes_removed,
    FileArchived: file_lifecycle.archived,
    FileUnarchived: file_lifecycle.unarchived,
    FilePermanentlyDeleted: file_lifecycle.permanently_deleted,
    FilePrimaryTypeSet: file_lifecycle.primary_type_set,
    FileRevertRequested: file_lifecycle.revert_requested,
    FileReverted: file_lifecycle.reverted,
    FileRevertFailed: file_lifecycle.revert_failed,
    FolderCreated: folders.created,
    FolderDeleted: folders.deleted,
    FileMoved: files.version_seen,
    FileCopied: files.version_seen,
    FileMovedAway: files.moved_away,
    FileVersionVanished: files.version_vanished,
    FileDeleteMarkerObserved: files.delete_marker_seen,
    FileDeleteMarkerVanished: files.delete_marker_seen,
    UploadStarted: uploads.started,
    UploadCompleted: uploads.completed,
    UploadAborted: uploads.aborted,
    UploadExpired: uploads.expired,
    RenditionsRequested: media.requested,
    MediaInspected: media.inspected,
    RenditionsProduced: media.produced,
    RenditionsFailed: media.failed,
    TagTypeCreated: tags.type_created,
    TagTypeDescribed: tags.type_described,
    TagTypeRequirementSet: tags.requirement_set,
    TagTypeDeleted: tags.type_deleted,
    TagCreated: tags.created,
    TagDescribed: tags.described,
    TagRetyped: tags.retyped,
    TagDeleted: tags.deleted,
    MetadataSchemaCreated: schemas.created,
    MetadataSchemaRedefined: schemas.redefined,
    MetadataSchemaEnabled: schemas.enabled,
    MetadataSchemaDisabled: schemas.disabled,
    MetadataSchemaDeleted: schemas.deleted,
    AssetLinkCreated: links.created,
    AssetLinkAliasSet: links.alias_set,
    AssetLinkRetagged: links.retagged,
    AssetLinkMetadataSet: links.metadata_set,
    AssetLinkMetadataRemoved: links.metadata_removed,
    AssetLinkDeleted: links.deleted,
    CommentCreated: comments.created,
    CommentEdited: comments.edited,
    CommentDeleted: comments.deleted,
    FeatureCreated: features.created,
    FeatureDeleted: features.deleted,
    SubscriptionCreated: subscriptions.created,
    SubscriptionChanged: subscriptions.changed,
    SubscriptionDeleted: subscriptions.deleted,
    UserCreated: users.user_created,
    UserEmailChanged: users.email_changed,
    UserRolesSet: users.user_revised,
    UserApiKeyAdded: users.user_revised,
    UserDeleted: users.user_deleted,
    RoleCreated: users.role_created,
    RoleChanged: users.role_changed,
    RoleHoldersChanged: users.holders_changed,
    RoleDeleted: users.role_deleted,
    ApiKeyCreated: api_keys.created,
    ApiKeyChanged: api_keys.changed,
    ApiKeyDeleted: api_keys.deleted,
    ConstraintCreated: constraints.created,
    ConstraintChanged: constraints.changed,
    ConstraintDeleted: constraints.deleted,
    OriginRecorded: origins.recorded,
    PipelineCreated: pipelines.created,
    PipelineRedefined: pipelines.redefined,
    PipelineDeleted: pipelines.deleted,
    WorkflowCreated: pipelines.workflow_created,
    WorkflowRedefined: pipelines.workflow_redefined,
    WorkflowDeleted: pipelines.workflow_deleted,
    WorkflowExecutionRequested: executions.requested,
    WorkflowStepStarted: executions.step_started,
    WorkflowStepProgressed: executions.step_progressed,
    WorkflowStepSucceeded: executions.step_succeeded,
    WorkflowExecutionSucceeded: executions.succeeded,
    WorkflowExecutionFailed: executions.failed,
    WorkflowExecutionTimedOut: executions.timed_out,
    WorkflowExecutionAborted: executions.aborted,
    WorkflowExecutionRetried: executions.retried,
    FileTransferRequested: transfers.requested,
    FileTransferAdvanced: transfers.advanced,
    FileTransferCompleted: transfers.completed,
    AssetAdoptionRequested: transfers.adoption_requested,
    AssetAdoptionAdvanced: transfers.adoption_advanced,
    AssetAdopted: transfers.adopted,
    AssetAdoptionFailed: transfers.adoption_failed,
}
LOG_ONLY = frozenset(
    {
        AssetLocationReserved,
        AssetLocationEnclosed,
        AssetErased,
        FileErased,
        AssetEnrolled,
        RosterClosed,
        AssetParentAttached,
        AssetParentDetached,
        AssetsRelated,
        AssetsUnrelated,
        TagApplied,
        TagTakenOff,
        RenditionStemReserved,
        OrderAccepted,
        ProjectionRebuildRequested,
        ProjectionRollbackRequested,
        ProjectionEventSkipped,
        ApiKeyNameTaken,
        ApiKeyNameFreed,
        WorkflowRunClaimed,
        WorkflowRunReleased,
        AssetTransferOpened,
        AssetTransferClosed,
    }
)
"""Events that change no table but the log's index."""

# Every join here starts from the batch's own keys. Fresh tables have no statistics, and a planner that guesses reads
# whole tables to hash them.
NESTED_LOOPS = "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)"


def fold_batch(batch: Sequence[Recorded], connection: Connection[Any]) -> None:
    """Bring the print to the end of the batch: events in order of position, none of which it has folded before.

    Runs in the caller's transaction, in a number of statements that does not grow with the batch.
    """
    if not batch:
        return
    sheets = Sheets()
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.adapters.register_loader("jsonb", TextLoader)
        cursor.execute(NESTED_LOOPS)
        sheets.load(batch, cursor)
        for entry in batch:
            event = type(entry.event)
            if event not in LOG_ONLY:
                FOLDS[event](sheets, entry, entry.event)
            sheets.log.add(entry)
        sheets.write(cursor)
        copy_versions(cursor, sheets.bookmarks)
        remove_deleted(cursor, assets=sheets.deleted_assets, objects=sheets.deleted_objects)
