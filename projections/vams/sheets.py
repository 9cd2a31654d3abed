"""All tables of the print as one batch sees them: which rows it reads, and the order it writes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor

from domain.assets.events import AssetArchived, AssetCreated, AssetEvent, AssetUnarchived, AssetVersionCreated
from domain.comments.events import CommentEvent
from domain.databases.events import DatabaseEvent
from domain.event import Event, Recorded
from domain.files.events import FileEvent, FileUploaded, FileVersionObserved
from domain.media.events import RenditionKind, RenditionsFailed, RenditionsProduced, RenditionsRequested
from domain.subscriptions.events import SubscriptionEvent
from domain.uploads.events import UploadEvent
from projections.vams.discussion_rows import CommentRow, FeatureRow, SubscriptionRow
from projections.vams.rows import (
    AssetRow,
    AssetVersionRow,
    AttributeRow,
    BucketRow,
    DatabaseMetadataRow,
    DatabaseRow,
    FileRow,
    FileVersionRow,
    LogRow,
    MediaRow,
    MetadataRow,
    RenditionRow,
    UploadRow,
)
from projections.vams.sheet import Sheet, Table, append

BUCKETS = Table("s3_asset_buckets_storage", BucketRow, 1)
DATABASES = Table("database_storage", DatabaseRow, 1)
DATABASE_METADATA = Table("database_metadata_storage", DatabaseMetadataRow, 2)
ASSETS = Table("asset_storage", AssetRow, 2, "asset_storage_history")
FILES = Table("asset_files", FileRow, 3, "asset_files_history")
FILE_VERSIONS = Table("file_versions", FileVersionRow, 4)
METADATA = Table("asset_file_metadata_storage", MetadataRow, 4, "asset_file_metadata_history")
ATTRIBUTES = Table("file_attribute_storage", AttributeRow, 4, "file_attribute_history")
UPLOADS = Table("asset_uploads_storage", UploadRow, 1)
MEDIA = Table("file_media", MediaRow, 3)
RENDITIONS = Table("renditions", RenditionRow, 4)
COMMENTS = Table("comment_storage", CommentRow, 3, "comment_storage_history")
SUBSCRIPTIONS = Table("subscriptions_storage", SubscriptionRow, 1)
FEATURES = Table("app_feature_enabled_storage", FeatureRow, 1)

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
        self.metadata = Sheet(METADATA)
        self.attributes = Sheet(ATTRIBUTES)
        self.uploads = Sheet(UPLOADS)
        self.media = Sheet(MEDIA)
        self.renditions = Sheet(RENDITIONS)
        self.comments = Sheet(COMMENTS)
        self.features = Sheet(FEATURES)
        self.subscriptions = Sheet(SUBSCRIPTIONS)
        self.versions: list[tuple[AssetVersionRow, AssetVersionCreated]] = []
        self.log: list[LogRow] = []

    def load(self, batch: Sequence[Recorded], cursor: Cursor[Any]) -> None:
        """Read the rows that events of the batch change in part, one statement a table."""
        for entry in batch:
            self._expect(entry.event)
            self._expect_of_people(entry.event)
        for sheet in (self.databases, self.assets, self.files, self.uploads, self.renditions):
            sheet.load(cursor)
        self.comments.load(cursor)
        self.subscriptions.load(cursor)

    def write(self, cursor: Cursor[Any]) -> None:
        """Bring every table to the end of the batch, but for what versions hold."""
        for sheet in vars(self).values():
            if isinstance(sheet, Sheet):
                sheet.write(cursor)
        append(cursor, "asset_versions_storage", AssetVersionRow._fields, [row for row, _ in self.versions])
        append(cursor, "log_index", LogRow._fields, self.log)

    def _expect(self, event: Event) -> None:
        match event:
            case FileEvent():
                self.files.expect((event.database_id, event.asset_id, event.path))
            case UploadEvent():
                self.uploads.expect((event.upload_id,))
            case RenditionsRequested() | RenditionsProduced() | RenditionsFailed():
                for kind in RenditionKind:
                    self.renditions.expect((event.s3_bucket, event.s3_key, event.s3_version_id, kind))
        if isinstance(event, AssetEvent | FileUploaded | FileVersionObserved):
            self.assets.expect((event.database_id, event.asset_id))
        if isinstance(event, DatabaseEvent | AssetCreated | AssetArchived | AssetUnarchived):
            self.databases.expect((event.database_id,))

    def _expect_of_people(self, event: Event) -> None:
        match event:
            case CommentEvent():
                self.comments.expect((event.database_id, event.asset_id, event.comment_id))
            case SubscriptionEvent():
                self.subscriptions.expect((event.subscription_id,))
