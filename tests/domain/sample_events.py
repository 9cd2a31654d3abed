"""One event of every class, with every field filled: what the golden files hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

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
    ChosenFile,
)
from domain.buckets.events import (
    AssetLocationEnclosed,
    AssetLocationReserved,
    BucketRegistered,
    BucketSyncDatabaseSet,
)
from domain.cause import ActorKind, Cause
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
from domain.event import Event
from domain.files.events import (
    FileAttributesRemoved,
    FileAttributesSet,
    FileMetadataRemoved,
    FileMetadataSet,
    FileUploaded,
    FileVersionObserved,
    StoredObject,
)
from domain.folders.events import FolderCreated, FolderDeleted
from domain.media.events import (
    MediaInspected,
    Rendition,
    RenditionKind,
    RenditionsFailed,
    RenditionsProduced,
    RenditionsRequested,
    RenditionStemReserved,
)
from domain.media.inspection import Attribute, Channel, Inspection, Part
from domain.metadata import MetadataEntry, MetadataValueType
from domain.orders.events import OrderAccepted
from domain.projections.events import (
    ProjectionEventSkipped,
    ProjectionRebuildRequested,
    ProjectionRollbackRequested,
)
from domain.schemas.events import (
    MetadataSchemaCreated,
    MetadataSchemaDeleted,
    MetadataSchemaDisabled,
    MetadataSchemaEnabled,
    MetadataSchemaRedefined,
)
from domain.schemas.fields import MetadataEntityType, SchemaField
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
from domain.uploads.events import (
    FileOutcome,
    PlannedFile,
    UploadAborted,
    UploadCompleted,
    UploadExpired,
    UploadStarted,
    UploadType,
)
from tests.domain.sample_execution_events import EXECUTION_SAMPLES
from tests.domain.sample_file_events import life_cycle_samples, observed_samples
from tests.domain.sample_import_events import IMPORT_SAMPLES
from tests.domain.sample_link_events import link_samples
from tests.domain.sample_people_events import PEOPLE_SAMPLES
from tests.domain.sample_transfer_events import TRANSFER_SAMPLES, transferred_samples

NOW = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
WRITTEN = datetime(2026, 4, 1, tzinfo=UTC)
CAUSE = Cause(actor_kind=ActorKind.API_KEY, actor_id="farm", correlation_id="request-1", at=NOW, causation_position=41)
ASSET: Any = {"database_id": "shows", "asset_id": "shot_010"}
FILE: Any = {**ASSET, "path": "beauty/é.0001.exr"}
UPLOAD: Any = {"upload_id": "upload-1", **ASSET}
SCHEMA: Any = {
    "metadata_schema_id": "schema-1",
    "database_id": "shows",
    "entity_type": MetadataEntityType.FILE_METADATA,
}
FIELDS = (
    SchemaField(key="lens", value_type=MetadataValueType.NUMBER, is_required=True, sequence=1, default="35"),
    SchemaField(
        key="look",
        value_type=MetadataValueType.INLINE_CONTROLLED_LIST,
        sequence=2,
        depends_on=("lens",),
        controlled_list=("day", "night"),
    ),
)
BUCKET_ID = "5d0f3b3c-2f51-5b64-9f0e-0d5ed8d4a111"
KEY = "library/shot_010/beauty/é.0001.exr"
STEM = "library/shot_010/beauty/.proxies/é.0001"
ENTRIES = (
    MetadataEntry(key="lens", value="35", value_type=MetadataValueType.NUMBER),
    MetadataEntry(key="note", value="two\nlines", value_type=MetadataValueType.MULTILINE_STRING),
)
STORED = StoredObject(
    s3_bucket="media",
    s3_key=KEY,
    s3_version_id="3HL4kqtJvjVBH40Nrjfkd",
    size_bytes=2347698,
    etag="9b2cf535f27731c974343645a3985328",
    last_modified=WRITTEN,
    content_type="image/x-exr",
    content_sha256="29719942ed3c095a" * 4,
)
SOURCE: Any = {
    **FILE,
    "s3_bucket": "media",
    "s3_key": KEY,
    "s3_version_id": "3HL4kqtJvjVBH40Nrjfkd",
    "size_bytes": 2347698,
    "last_modified": WRITTEN,
    "attempt": 2,
}
KINDS = (RenditionKind.THUMBNAIL, RenditionKind.PROXY)
PART = Part(
    part_index=0,
    part_name="beauty",
    view_name="left",
    multi_view=True,
    width=110,
    height=60,
    display_width=100,
    display_height=50,
    data_x_offset=-5,
    data_y_offset=-4,
    data_window=(-5, -4, 104, 55),
    display_window=(0, 0, 99, 49),
    pixel_aspect_ratio=1.5,
    line_order="increasingY",
    compression="zip",
    color_space="ACEScg",
    render_software="Nuke 15",
    is_tiled=True,
    tile_width=64,
    tile_height=32,
    tile_depth=1,
    is_deep=True,
    channels=(
        Channel(
            channel_name="diffuse.R",
            layer_name="diffuse",
            component_name="R",
            channel_type="HALF",
            x_sampling=2,
            y_sampling=1,
        ),
    ),
    attributes=(
        Attribute(attr_name="owner", attr_type="STRING", value="é"),
        Attribute(attr_name="chromaticities", attr_type="FLOAT[8]", value=[0.64, 0.33, "NaN"]),
    ),
)
THUMBNAIL = Rendition(
    kind=RenditionKind.THUMBNAIL,
    s3_key=f"{STEM}_thumb.jpg",
    s3_version_id="t1",
    content_type="image/jpeg",
    width=256,
    height=144,
    size_bytes=4096,
    color_space="sRGB",
    source_color_space="ACEScg",
    color_rule="file",
    view="ACES 1.0 SDR",
)

SAMPLES: tuple[Event, ...] = (
    OrderAccepted(idempotency_key="key-1", fingerprint="0a1b", result={"assetVersionId": "1"}),
    BucketRegistered(
        bucket_id=BUCKET_ID, bucket_name="media", base_assets_prefix="library/", is_versioning_enabled=True
    ),
    AssetLocationReserved(bucket_id=BUCKET_ID, asset_location="library/shot_010/", **ASSET),
    AssetLocationEnclosed(bucket_name="media", asset_location="library/"),
    BucketSyncDatabaseSet(bucket_id=BUCKET_ID, sync_database_id="shows"),
    DatabaseCreated(
        database_id="shows",
        description="All shows",
        default_bucket_id=BUCKET_ID,
        restrict_metadata_outside_schemas=True,
        restrict_file_uploads_to_extensions=(".exr", ".jpg"),
    ),
    DatabaseMetadataSet(database_id="shows", entries=ENTRIES),
    DatabaseMetadataRemoved(database_id="shows", keys=("lens", "note")),
    DatabaseDescribed(database_id="shows", description="All shows and trailers"),
    DatabaseBucketSet(database_id="shows", default_bucket_id="bucket-2"),
    DatabaseRestrictionsSet(
        database_id="shows",
        restrict_metadata_outside_schemas=True,
        restrict_file_uploads_to_extensions=(".exr", ".mov"),
    ),
    DatabaseDeleted(database_id="shows", reason="Moved"),
    DatabaseRestored(database_id="shows", reason="Moved back"),
    DatabaseExtensionsBlocked(database_id="shows", blocked_file_extensions=(".exe", ".bat")),
    AssetEnrolled(database_id="shows", part=17, asset_id="shot_010"),
    RosterClosed(database_id="shows", part=17),
    AssetCreated(
        **ASSET,
        asset_name="Shot 10",
        description="The opening",
        is_distributable=True,
        tags=("hero", "night"),
        bucket_id=BUCKET_ID,
        s3_bucket="media",
        asset_location="library/shot_010/",
        metadata=ENTRIES,
    ),
    AssetRenamed(**ASSET, asset_name="Opening"),
    AssetDescribed(**ASSET, description="In rain"),
    AssetRetagged(**ASSET, tags=("hero",)),
    AssetDistributionSet(**ASSET, is_distributable=False),
    AssetArchived(**ASSET, reason="Wrapped"),
    AssetUnarchived(**ASSET, reason="Pickup"),
    AssetMetadataSet(**ASSET, entries=ENTRIES),
    AssetMetadataRemoved(**ASSET, keys=("lens",)),
    AssetPreviewSet(**ASSET, stored=STORED),
    AssetVersionCreated(
        **ASSET,
        asset_version_id=3,
        comment="Third",
        version_alias="delivery",
        files=(ChosenFile(path="beauty/é.0001.exr", s3_version_id="3HL4kqtJvjVBH40Nrjfkd"),),
    ),
    AssetVersionDescribed(**ASSET, asset_version_id=3, comment="Third, as sent"),
    AssetVersionAliased(**ASSET, asset_version_id=3, version_alias="client"),
    AssetVersionArchived(**ASSET, asset_version_id=2),
    AssetVersionUnarchived(**ASSET, asset_version_id=2),
    AssetRevertRequested(
        **ASSET,
        revert_id=1,
        asset_version_id=3,
        version_position=40,
        comment="Back to what was sent",
        with_metadata=True,
        files=(ChosenFile(path="beauty/é.0001.exr", s3_version_id="3HL4kqtJvjVBH40Nrjfkd"),),
    ),
    AssetReverted(**ASSET, revert_id=1, reverted_from=3, asset_version_id=4, skipped_paths=("beauty/é.0002.exr",)),
    AssetRevertFailed(**ASSET, revert_id=1, message="The object store was away."),
    AssetPreviewDeleted(**ASSET),
    AssetPermanentlyDeleted(**ASSET, reason="Never to be shown"),
    AssetErased(**ASSET),
    FileUploaded(**FILE, stored=STORED, upload_id="upload-1"),
    FileVersionObserved(**FILE, stored=STORED),
    FileMetadataSet(**FILE, entries=ENTRIES),
    FileMetadataRemoved(**FILE, keys=("lens",)),
    FileAttributesSet(**FILE, entries=ENTRIES),
    FileAttributesRemoved(**FILE, keys=("lens",)),
    *life_cycle_samples(FILE),
    *transferred_samples(FILE, STORED),
    *observed_samples(FILE),
    FolderCreated(**FILE),
    FolderDeleted(**FILE),
    UploadStarted(
        **UPLOAD,
        upload_type=UploadType.ASSET_FILE,
        s3_bucket="media",
        files=(
            PlannedFile(
                path="beauty/é.0001.exr",
                size_bytes=2347698,
                part_size_bytes=67108864,
                s3_key=KEY,
                multipart_id="multipart-1",
                sha256="29719942ed3c095a" * 4,
            ),
        ),
        expires_at=NOW,
    ),
    UploadCompleted(
        **UPLOAD,
        files=(
            FileOutcome(path="beauty/é.0001.exr", s3_version_id="3HL4kqtJvjVBH40Nrjfkd"),
            FileOutcome(path="b.exr", error_code="UPLOAD_FILE_LEFT_OUT", error_message="It was left out."),
        ),
    ),
    UploadAborted(**UPLOAD, reason="Wrong take"),
    UploadExpired(**UPLOAD),
    RenditionsRequested(**SOURCE, kinds=KINDS, rendition_stem=STEM),
    MediaInspected(
        **SOURCE,
        inspection=Inspection(format_name="openexr", is_deep=True, frame_number=1, parts=(PART,), non_finite_pixels=12),
    ),
    RenditionsProduced(**SOURCE, recipe="r1", processing_seconds=0.75, renditions=(THUMBNAIL,)),
    RenditionsFailed(**SOURCE, kinds=KINDS, code="TRUNCATED", message="It ends early."),
    RenditionStemReserved(s3_bucket="media", rendition_stem=STEM, s3_key=KEY),
    ProjectionRebuildRequested(projection_name="tables", reason="New index"),
    ProjectionRollbackRequested(projection_name="tables", reason="Too slow"),
    ProjectionEventSkipped(projection_name="tables", skipped_position=41, reason="Recorded by a broken build"),
    TagTypeCreated(tag_type_name="department", description="Who works on it", is_required=True),
    TagTypeDescribed(tag_type_name="department", description="Who owns it"),
    TagTypeRequirementSet(tag_type_name="department", is_required=False),
    TagTypeDeleted(tag_type_name="department"),
    TagCreated(tag_name="lighting", tag_type_name="department", description="Lights and renders"),
    TagDescribed(tag_name="lighting", description="Lights"),
    TagRetyped(tag_name="lighting", tag_type_name="step"),
    TagDeleted(tag_name="lighting"),
    TagApplied(tag_name="lighting", holder="asset:shows:shot_010"),
    TagTakenOff(tag_name="lighting", holder="asset:shows:shot_010"),
    MetadataSchemaCreated(
        **SCHEMA,
        schema_name="Lens",
        fields=FIELDS,
        file_key_type_restriction=(".exr", ".dpx"),
        allows_other_keys=True,
        is_enabled=False,
    ),
    MetadataSchemaRedefined(
        **SCHEMA,
        schema_name="Lenses",
        fields=FIELDS[:1],
        file_key_type_restriction=(".exr",),
        allows_other_keys=True,
    ),
    MetadataSchemaEnabled(**SCHEMA),
    MetadataSchemaDisabled(**SCHEMA),
    MetadataSchemaDeleted(**SCHEMA),
    *link_samples(ENTRIES),
    *PEOPLE_SAMPLES,
    *EXECUTION_SAMPLES,
    *TRANSFER_SAMPLES,
    *IMPORT_SAMPLES,
)
