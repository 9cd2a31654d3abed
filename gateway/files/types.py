"""File, its object versions, files of asset versions, and frame sequences."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from domain.media.events import RenditionKind
from gateway.connections import Node, unplanned
from gateway.media.types import Media, Rendition
from gateway.metadata import MetadataEntry
from gateway.metadata_schemas.types import MetadataField
from gateway.scalars import Long
from gateway.transfers.types import FileOrigin


@strawberry.enum(name="FileRevertState", description="How far a revert has come.")
class RevertState(Enum):
    """States of a revert."""

    REQUESTED = "REQUESTED"
    DONE = "DONE"
    FAILED = "FAILED"


@strawberry.type(description="An object version that was seen at a file's path.")
class FileVersion:
    """A version of a file."""

    s3_version_id: str = strawberry.field(description="The object store's version id.")
    size_bytes: Long = strawberry.field(description="Size.")
    etag: str = strawberry.field(description="The store's ETag, without quotes.")
    last_modified: datetime = strawberry.field(description="When the store wrote it.")
    archived: bool = strawberry.field(description="Whether the file was archived with this version on top.")
    asset_version_ids: list[str] = strawberry.field(description="Asset versions that hold it.")
    origin: FileOrigin | None = strawberry.field(description="Where a transfer brought it from; null when none did.")


@strawberry.type(description="A file of an asset version, as it was then.")
class VersionFile:
    """A file in a version."""

    path: str = strawberry.field(description="Path inside the asset.")
    s3_version_id: str | None = strawberry.field(description="Object version in the asset version.")
    size_bytes: Long = strawberry.field(description="Size.")
    etag: str = strawberry.field(description="The store's ETag, without quotes.")
    permanently_deleted: bool = strawberry.field(description="Whether its bytes were erased since.")
    is_latest: bool = strawberry.field(description="Whether the file still has this version on top.")


@strawberry.type(description="A wanted return of a file to an older object version; it is carried out afterwards.")
class FileRevert:
    """A revert of a file."""

    revert_id: int = strawberry.field(description="Number within the file, from 1.")
    reverted_from: str = strawberry.field(description="The object version to go back to.")
    state: RevertState = strawberry.field(description="DONE and FAILED are final.")
    s3_version_id: str | None = strawberry.field(description="The copy that was put on top; null until it is done.")
    failure: str | None = strawberry.field(description="Why it was given up; nothing of it was recorded then.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    requested_by: str = strawberry.field(description="Who asked, as kind:id.")
    ended_at: datetime | None = strawberry.field(description="When it was done or given up.")


@strawberry.type(description="A folder of an asset: files lie in it, or somebody made it.")
class Folder:
    """A folder."""

    path: str = strawberry.field(description="Path inside the asset, without a slash at either end.")
    name: str = strawberry.field(description="Its last part.")
    file_count: int = strawberry.field(description="Files in it and in folders below it.")
    size_bytes: Long = strawberry.field(description="Size of those files together.")
    is_made: bool = strawberry.field(description="Whether it was made, so that it stays when its files go.")


@strawberry.type(description="A file of an asset.")
class File(Node):
    """A file."""

    database_id: str = strawberry.field(description="Database of its asset.")
    asset_id: str = strawberry.field(description="Its asset.")
    path: str = strawberry.field(description="Path inside the asset, without a leading slash.")
    size_bytes: Long = strawberry.field(description="Size of the shown version.")
    etag: str = strawberry.field(description="The store's ETag, without quotes.")
    content_type: str = strawberry.field(description="Media type it was stored with.")
    content_sha256: str | None = strawberry.field(
        description="Digest of its bytes in hex; null when nobody computed it."
    )
    s3_bucket: str = strawberry.field(description="Bucket of its object.")
    s3_key: str = strawberry.field(description="Key of its object.")
    s3_version_id: str | None = strawberry.field(description="The shown object version.")
    last_modified: datetime = strawberry.field(description="When the store wrote the shown version.")
    archived: bool = strawberry.field(description="Whether it is out of the working set.")
    permanently_deleted: bool = strawberry.field(description="Whether the bytes of the shown version were erased.")
    primary_type: str | None = strawberry.field(description="Its role in the asset: primary, lod1 to lod5, or other.")
    primary_type_other: str | None = strawberry.field(description="What other stands for; null unless it is that.")
    preview_of: str | None = strawberry.field(description="Path of the file that it is named as a preview of.")
    reverts: list[FileRevert] = strawberry.field(description="Returns to older object versions, newest first.")
    revision: int = strawberry.field(description="Number of its events; give it as expectedRevision.")
    versions: list[FileVersion] = strawberry.field(description="All its object versions, newest first.")
    metadata: list[MetadataEntry] = strawberry.field(description="What people wrote about it, by key.")
    attributes: list[MetadataEntry] = strawberry.field(description="What machines wrote about it, by key.")
    metadata_fields: list[MetadataField] = strawberry.field(
        description="What enabled metadata schemas ask of its metadata, by sequence; set or not."
    )
    attribute_fields: list[MetadataField] = strawberry.field(
        description="What enabled metadata schemas ask of its attributes, by sequence; set or not."
    )
    renditions: list[Rendition] = strawberry.field(description="Pictures of the shown version.")
    origin: FileOrigin | None = strawberry.field(
        description="Where a transfer brought the shown version from; null when none did."
    )
    media: Media | None = strawberry.field(description="What inspection found in the shown version; null before it.")

    @strawberry.field(
        description="Its preview, the first by path of {path}.previewFile.{gif,jpeg,jpg,png,svg} that is not archived."
    )
    def preview_file(self) -> File | None:
        unplanned("File.previewFile")

    @strawberry.field(description="Signed URL of its preview; null when it has none.")
    def preview_url(self, expires_in_seconds: int | None = 3600) -> str | None:
        unplanned("File.previewUrl")

    @strawberry.field(description="Signed URL of the shown version; null when the asset is not distributable.")
    def download_url(self, expires_in_seconds: int | None = 3600) -> str | None:
        unplanned("File.downloadUrl")

    @strawberry.field(description="One picture of the shown version; null when none was ever asked for.")
    def rendition(self, kind: RenditionKind) -> Rendition | None:
        unplanned("File.rendition")


@strawberry.type(description="Frames from firstFrame to lastFrame, both inclusive.")
class FrameRange:
    """A run of frames."""

    first_frame: int
    last_frame: int


@strawberry.type(description="Files of an asset that differ in their frame number only.")
class FrameSequence:
    """A sequence of frames."""

    pattern: str = strawberry.field(description="Their path with # for each digit of the frame number.")
    first_frame: int = strawberry.field(description="Lowest frame number, inclusive.")
    last_frame: int = strawberry.field(description="Highest frame number, inclusive.")
    frame_count: int = strawberry.field(description="Frames that exist.")
    missing: list[FrameRange] = strawberry.field(description="Gaps between the first and the last frame.")
    proxy: Rendition | None = strawberry.field(description="A movie of the sequence; null while there is none.")
