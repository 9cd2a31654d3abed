"""All tables of the print as one batch sees them: which rows it reads, and the order it writes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor

from domain.adoptions.events import AdoptionEvent
from domain.api_keys.events import ApiKeyEvent
from domain.assets.events import (
    AssetArchived,
    AssetCreated,
    AssetEvent,
    AssetPermanentlyDeleted,
    AssetReverted,
    AssetRevertFailed,
    AssetUnarchived,
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionUnarchived,
)
from domain.buckets.events import BucketSyncDatabaseSet
from domain.comments.events import CommentEvent
from domain.constraints.events import ConstraintEvent
from domain.databases.events import DatabaseEvent
from domain.event import Event, Recorded
from domain.executions.events import WorkflowExecutionEvent, WorkflowStepEvent
from domain.files.events import (
    FileArchived,
    FileEvent,
    FileMovedAway,
    FilePermanentlyDeleted,
    FileReverted,
    FileRevertFailed,
    FileUnarchived,
    FileVersionSeen,
    FileVersionVanished,
)
from domain.links.events import AssetLinkEvent
from domain.media.events import RenditionKind, RenditionsFailed, RenditionsProduced, RenditionsRequested
from domain.pipelines.events import PipelineEvent, WorkflowEvent
from domain.roles.events import RoleEvent
from domain.schemas.events import MetadataSchemaEvent
from domain.subscriptions.events import SubscriptionEvent
from domain.tags.events import TagEvent, TagTypeEvent
from domain.transfers.events import FileTransferAdvanced, FileTransferEvent
from domain.uploads.events import UploadEvent
from domain.users.events import UserEvent
from projections.vams.access_rows import (
    ApiKeyRow,
    ConstraintPermissionRow,
    ConstraintRow,
    RoleRow,
    UserRoleRow,
    UserRow,
)
from projections.vams.census import Census
from projections.vams.discussion_rows import CommentRow, FeatureRow, SubscriptionRow
from projections.vams.import_rows import OriginRow
from projections.vams.log import LogIndex
from projections.vams.pipeline_rows import (
    PipelineRow,
    WorkflowExecutionRow,
    WorkflowOutputRow,
    WorkflowRow,
    WorkflowStepRow,
)
from projections.vams.rows import (
    AssetLinkMetadataRow,
    AssetLinkRow,
    AssetRevertRow,
    AssetRow,
    AssetVersionRow,
    AttributeRow,
    BucketRow,
    DatabaseMetadataRow,
    DatabaseRow,
    FileCountRow,
    FileRevertRow,
    FileRow,
    FileVersionRow,
    FolderRow,
    MediaRow,
    MetadataRow,
    RenditionRow,
    TagRow,
    TagTypeRow,
    UploadRow,
)
from projections.vams.schema_rows import MetadataSchemaRow
from projections.vams.sheet import Sheet, Table
from projections.vams.transfer_rows import AdoptionRow, AdoptionSkipRow, FileOriginRow, TransferFileRow, TransferRow

BUCKETS = Table("s3_asset_buckets_storage", BucketRow, 1)
DATABASES = Table("database_storage", DatabaseRow, 1, "database_storage_history")
DATABASE_METADATA = Table("database_metadata_storage", DatabaseMetadataRow, 2, "database_metadata_history")
ASSETS = Table("asset_storage", AssetRow, 2, "asset_storage_history")
FILES = Table("asset_files", FileRow, 3, "asset_files_history")
FILE_VERSIONS = Table("file_versions", FileVersionRow, 4)
FILE_COUNTS = Table("asset_file_counts", FileCountRow, 2)
FILE_REVERTS = Table("file_reverts", FileRevertRow, 4, numbers=frozenset({"revert_id"}))
FOLDERS = Table("asset_folders", FolderRow, 3, "asset_folders_history")
METADATA = Table("asset_file_metadata_storage", MetadataRow, 4, "asset_file_metadata_history")
ATTRIBUTES = Table("file_attribute_storage", AttributeRow, 4, "file_attribute_history")
VERSIONS = Table(
    "asset_versions_storage",
    AssetVersionRow,
    3,
    "asset_versions_storage_history",
    numbers=frozenset({"asset_version_id"}),
)
REVERTS = Table("asset_reverts", AssetRevertRow, 3, numbers=frozenset({"revert_id"}))
UPLOADS = Table("asset_uploads_storage", UploadRow, 1)
MEDIA = Table("file_media", MediaRow, 3)
RENDITIONS = Table("renditions", RenditionRow, 4)
TAG_TYPES = Table("tag_type_storage", TagTypeRow, 1)
TAGS = Table("tag_storage", TagRow, 1)
LINKS = Table("asset_links_storage", AssetLinkRow, 1, "asset_links_history")
LINK_METADATA = Table("asset_link_metadata_storage", AssetLinkMetadataRow, 2, "asset_link_metadata_history")
COMMENTS = Table("comment_storage", CommentRow, 3, "comment_storage_history")
USERS = Table("user_storage", UserRow, 1)
ROLES = Table("roles_storage", RoleRow, 1)
USER_ROLES = Table("user_roles_storage", UserRoleRow, 2)
API_KEYS = Table("api_key_storage", ApiKeyRow, 1)
CONSTRAINTS = Table("constraints_storage", ConstraintRow, 1)
CONSTRAINT_PERMISSIONS = Table("constraint_permissions", ConstraintPermissionRow, 5)
SUBSCRIPTIONS = Table("subscriptions_storage", SubscriptionRow, 1)
METADATA_SCHEMAS = Table("metadata_schema_storage", MetadataSchemaRow, 3)
ORIGINS = Table("imported_origins", OriginRow, 3)
FEATURES = Table("app_feature_enabled_storage", FeatureRow, 1)
PIPELINES = Table("pipeline_storage", PipelineRow, 2)
WORKFLOWS = Table("workflow_storage", WorkflowRow, 2)
EXECUTIONS = Table("workflow_executions_storage", WorkflowExecutionRow, 3)
EXECUTION_STEPS = Table("workflow_execution_steps", WorkflowStepRow, 2, numbers=frozenset({"step"}))
EXECUTION_OUTPUTS = Table("workflow_execution_outputs", WorkflowOutputRow, 3)
TRANSFERS = Table("file_transfers", TransferRow, 1)
TRANSFER_FILES = Table("file_transfer_files", TransferFileRow, 2, numbers=frozenset({"number"}))
FILE_ORIGINS = Table("file_origins", FileOriginRow, 4)
ADOPTIONS = Table("asset_adoptions", AdoptionRow, 2)
ADOPTION_SKIPS = Table("asset_adoption_skips", AdoptionSkipRow, 3)

ASSET_LEVEL = "/"
"""The file path of metadata that belongs to the asset itself."""


class Sheets:
    """The tables, by noun; the two lists are of rows that no later event changes."""

    def __init__(self) -> None:
        self.buckets = Sheet(BUCKETS)
        self.databases = Sheet(DATABASES)
        self.database_metadata = Sheet(DATABASE_METADATA)
        self.assets = Sheet(ASSETS)
        self.files = Sheet(FILES)
        self.file_versions = Sheet(FILE_VERSIONS)
        self.file_counts = Sheet(FILE_COUNTS)
        self.census = Census(self.file_counts)
        self.file_reverts = Sheet(FILE_REVERTS)
        self.folders = Sheet(FOLDERS)
        self.metadata = Sheet(METADATA)
        self.attributes = Sheet(ATTRIBUTES)
        self.uploads = Sheet(UPLOADS)
        self.media = Sheet(MEDIA)
        self.renditions = Sheet(RENDITIONS)
        self.versions = Sheet(VERSIONS)
        self.reverts = Sheet(REVERTS)
        self.bookmarks: list[tuple[AssetVersionRow, AssetVersionCreated]] = []
        self.tag_types = Sheet(TAG_TYPES)
        self.tags = Sheet(TAGS)
        self.metadata_schemas = Sheet(METADATA_SCHEMAS)
        self.links = Sheet(LINKS)
        self.link_metadata = Sheet(LINK_METADATA)
        self.comments = Sheet(COMMENTS)
        self.features = Sheet(FEATURES)
        self.origins = Sheet(ORIGINS)
        self.subscriptions = Sheet(SUBSCRIPTIONS)
        self.users = Sheet(USERS)
        self.roles = Sheet(ROLES)
        self.user_roles = Sheet(USER_ROLES)
        self.api_keys = Sheet(API_KEYS)
        self.constraints = Sheet(CONSTRAINTS)
        self.constraint_permissions = Sheet(CONSTRAINT_PERMISSIONS)
        self.deleted_assets: list[tuple[str, str, int]] = []
        """Database id, asset id, and the position of the event that deleted it permanently."""
        self.deleted_objects: list[tuple[str, str, str]] = []
        """Bucket, key and version id of what was deleted with files."""
        self.pipelines = Sheet(PIPELINES)
        self.workflows = Sheet(WORKFLOWS)
        self.executions = Sheet(EXECUTIONS)
        self.execution_steps = Sheet(EXECUTION_STEPS)
        self.execution_outputs = Sheet(EXECUTION_OUTPUTS)
        self.transfers = Sheet(TRANSFERS)
        self.transfer_files = Sheet(TRANSFER_FILES)
        self.file_origins = Sheet(FILE_ORIGINS)
        self.adoptions = Sheet(ADOPTIONS)
        self.adoption_skips = Sheet(ADOPTION_SKIPS)
        self.log = LogIndex()

    def load(self, batch: Sequence[Recorded], cursor: Cursor[Any]) -> None:
        """Read the rows that events of the batch change in part, one statement a table."""
        for entry in batch:
            self._expect(entry.event)
            self._expect_words_and_links(entry.event)
            self._expect_of_people(entry.event)
            self._expect_of_pipelines(entry.event)
            self._expect_of_storage(entry.event)
        for sheet in vars(self).values():
            if isinstance(sheet, Sheet):
                sheet.load(cursor)
        self.census.load(cursor)
        self.log.load(cursor)

    def write(self, cursor: Cursor[Any]) -> None:
        """Bring every table to the end of the batch, but for what versions hold."""
        for sheet in vars(self).values():
            if isinstance(sheet, Sheet):
                sheet.write(cursor)
        self.log.write(cursor)

    def _expect(self, event: Event) -> None:
        match event:
            case FileEvent():
                self._expect_file(event)
            case UploadEvent():
                self.uploads.expect((event.upload_id,))
            case RenditionsRequested() | RenditionsProduced() | RenditionsFailed():
                for kind in RenditionKind:
                    self.renditions.expect((event.s3_bucket, event.s3_key, event.s3_version_id, kind))
        if isinstance(event, AssetEvent):
            self._expect_version(event)
        if isinstance(event, AssetEvent):
            self.assets.expect((event.database_id, event.asset_id))
        if isinstance(event, DatabaseEvent | AssetCreated | AssetArchived | AssetUnarchived | AssetPermanentlyDeleted):
            self.databases.expect((event.database_id,))

    def _expect_file(self, event: FileEvent) -> None:
        key = (event.database_id, event.asset_id, event.path)
        self.files.expect(key)
        match event:
            case FileReverted() | FileRevertFailed():
                self.file_reverts.expect((*key, event.revert_id))
            case FileVersionVanished():
                self.file_versions.expect((*key, event.s3_version_id))
            case FileVersionSeen() | FileUnarchived():
                self.assets.expect(key[:2])
                self.census.expect(event, may_leave=False)
            case FileArchived() | FilePermanentlyDeleted() | FileMovedAway():
                self.assets.expect(key[:2])
                self.census.expect(event, may_leave=True)
        if isinstance(event, FileArchived | FileUnarchived | FilePermanentlyDeleted):
            self.file_versions.expect_all(key)
        if isinstance(event, FilePermanentlyDeleted):
            self.metadata.expect_all(key)
            self.attributes.expect_all(key)

    def _expect_version(self, event: AssetEvent) -> None:
        match event:
            case AssetVersionDescribed() | AssetVersionAliased() | AssetVersionArchived() | AssetVersionUnarchived():
                self.versions.expect((event.database_id, event.asset_id, event.asset_version_id))
            case AssetReverted() | AssetRevertFailed():
                self.reverts.expect((event.database_id, event.asset_id, event.revert_id))

    def _expect_words_and_links(self, event: Event) -> None:
        match event:
            case AssetLinkEvent():
                self.links.expect((event.asset_link_id,))
            case TagTypeEvent():
                self.tag_types.expect((event.tag_type_name,))
            case TagEvent():
                self.tags.expect((event.tag_name,))
            case MetadataSchemaEvent():
                self.metadata_schemas.expect((event.metadata_schema_id, event.database_id, event.entity_type))

    def _expect_of_people(self, event: Event) -> None:
        match event:
            case CommentEvent():
                self.comments.expect((event.database_id, event.asset_id, event.comment_id))
            case SubscriptionEvent():
                self.subscriptions.expect((event.subscription_id,))
            case UserEvent():
                self.users.expect((event.user_id,))
            case RoleEvent():
                self.roles.expect((event.role_name,))
            case ApiKeyEvent():
                self.api_keys.expect((event.api_key_id,))
            case ConstraintEvent():
                self.constraints.expect((event.constraint_id,))

    def _expect_of_pipelines(self, event: Event) -> None:
        match event:
            case PipelineEvent():
                self.pipelines.expect((event.database_id, event.pipeline_id))
            case WorkflowEvent():
                self.workflows.expect((event.database_id, event.workflow_id))
            case WorkflowExecutionEvent():
                self.executions.expect((event.database_id, event.asset_id, event.execution_id))
        if isinstance(event, WorkflowStepEvent):
            self.execution_steps.expect((event.execution_id, event.step))

    def _expect_of_storage(self, event: Event) -> None:
        match event:
            case FileTransferEvent():
                self.transfers.expect((event.transfer_id,))
            case AdoptionEvent():
                self.adoptions.expect((event.database_id, event.asset_id))
            case BucketSyncDatabaseSet():
                self.buckets.expect((event.bucket_id,))
        if isinstance(event, FileTransferAdvanced):
            for number in (*event.done, *(failure.number for failure in event.failures)):
                self.transfer_files.expect((event.transfer_id, number))
