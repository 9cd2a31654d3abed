"""Asset and AssetVersion: what a client sees of them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.adoptions.types import AssetAdoption
from gateway.buckets.types import Bucket
from gateway.comments.types import Comment
from gateway.connections import Connection, Node, unplanned
from gateway.databases.types import Database
from gateway.files.types import File, Folder, FrameSequence, VersionFile
from gateway.links.types import AssetLinks, LinkDirection, LinkedAsset
from gateway.metadata import MetadataEntry
from gateway.metadata_schemas.types import MetadataField
from gateway.object_jobs.types import ObjectJob
from gateway.scalars import Position
from gateway.transfers.types import FileTransfer

if TYPE_CHECKING:
    from gateway.events.types import Event


@strawberry.type(description="A numbered version of an asset: a bookmark in the log that never changes.")
class AssetVersion(Node):
    """A version of an asset."""

    asset_version_id: str = strawberry.field(description="Number within the asset, from 1, without gaps.")
    version_alias: str | None = strawberry.field(description="A name of its own within the asset.")
    comment: str = strawberry.field(description="Why it was made.")
    is_archived: bool = strawberry.field(description="Whether it was taken out of the default list.")
    is_current: bool = strawberry.field(description="Whether it is the asset's newest version.")
    created_at: datetime = strawberry.field(description="When it was made.")
    created_by: str = strawberry.field(description="Who made it, as kind:id.")
    position: Position = strawberry.field(
        description="Its place in the log; files and metadata are as they were there."
    )

    @strawberry.field(description="Its files, by path.")
    def files(self, first: int | None = None, after: str | None = None) -> Connection[VersionFile]:
        unplanned("AssetVersion.files")

    @strawberry.field(description="Metadata as it was when the version was made; path null is the asset's own.")
    def metadata(self, path: str | None = None) -> list[MetadataEntry]:
        unplanned("AssetVersion.metadata")


@strawberry.enum(description="How far a revert has come.")
class AssetRevertState(Enum):
    """States of a revert."""

    REQUESTED = "REQUESTED"
    DONE = "DONE"
    FAILED = "FAILED"


@strawberry.type(description="A wanted return to an older version; it is carried out after the answer.")
class AssetRevert:
    """A revert."""

    revert_id: int = strawberry.field(description="Number within the asset, from 1.")
    reverted_from: str = strawberry.field(description="The version to go back to.")
    comment: str = strawberry.field(description="Why.")
    with_metadata: bool = strawberry.field(description="Whether metadata and attributes go back too.")
    state: AssetRevertState = strawberry.field(description="DONE and FAILED are final.")
    asset_version: AssetVersion | None = strawberry.field(description="The version it made; null until it is done.")
    skipped_paths: list[str] = strawberry.field(description="Files left out because their bytes no longer exist.")
    failure: str | None = strawberry.field(description="Why it was given up; nothing of it was recorded then.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    requested_by: str = strawberry.field(description="Who asked, as kind:id.")
    ended_at: datetime | None = strawberry.field(description="When it was done or given up.")


@strawberry.type(description="A named group of files with tags, metadata and versions.")
class Asset(Node):
    """An asset."""

    database_id: str = strawberry.field(description="Database it lives in.")
    asset_id: str = strawberry.field(description="Unique in its database; never changes.")
    asset_name: str = strawberry.field(description="Display name; need not be unique.")
    asset_type: str = strawberry.field(description="none without files, the extension of a single file, else folder.")
    description: str = strawberry.field(description="What it is.")
    is_distributable: bool = strawberry.field(description="Whether its files may be downloaded.")
    tags: list[str] = strawberry.field(description="Its tags, in the order they were given.")
    archived: bool = strawberry.field(description="Whether it is out of the working set.")
    archived_at: datetime | None = strawberry.field(description="When it was archived; null while it is not.")
    archived_reason: str | None = strawberry.field(description="Why it was archived.")
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When anything of the asset itself last changed.")
    revision: int = strawberry.field(description="Number of its events; give it as expectedRevision.")
    database: Database = strawberry.field(description="Database it lives in.")
    bucket: Bucket = strawberry.field(description="Bucket its objects live in.")
    asset_location: str = strawberry.field(description="Key prefix of its objects, ending in '/'.")
    preview_url: str | None = strawberry.field(description="Signed URL of its preview image; null when it has none.")
    current_version: AssetVersion | None = strawberry.field(description="Its newest version; null before the first.")
    sequences: list[FrameSequence] = strawberry.field(description="Runs of numbered frames among its files.")
    metadata: list[MetadataEntry] = strawberry.field(description="Its own entries, by key.")
    metadata_fields: list[MetadataField] = strawberry.field(
        description="What enabled metadata schemas ask of its own entries, by sequence; set or not."
    )
    reverts: list[AssetRevert] = strawberry.field(description="Returns to older versions, newest first.")
    object_jobs: list[ObjectJob] = strawberry.field(
        description="What the life cycle of its files left to be done to objects, newest first."
    )
    adoption: AssetAdoption | None = strawberry.field(
        description="How far bucketExistingKey of createAsset is carried out; null when it was not given."
    )
    links: AssetLinks = strawberry.field(description="Its parents, children and related assets, by their links.")

    @strawberry.field(description="One version, archived or not, by its number or by its alias.")
    def version(self, asset_version_id: str | None = None, alias: str | None = None) -> AssetVersion | None:
        unplanned("Asset.version")

    @strawberry.field(description="Its versions, newest first.")
    def versions(
        self, include_archived: bool | None = False, first: int | None = None, after: str | None = None
    ) -> Connection[AssetVersion]:
        unplanned("Asset.versions")

    @strawberry.field(description="Its files, by path in byte order; only those below prefix when it is given.")
    def files(
        self,
        prefix: str | None = None,
        include_archived: bool | None = False,
        first: int | None = None,
        after: str | None = None,
    ) -> Connection[File]:
        unplanned("Asset.files")

    @strawberry.field(description="Moves and copies of files from it or to it, newest first.")
    def transfers(self, first: int | None = None, after: str | None = None) -> Connection[FileTransfer]:
        unplanned("Asset.transfers")

    @strawberry.field(
        description="Its folders directly below prefix, or at its top, by path: with files somewhere below, or made."
    )
    def folders(self, prefix: str | None = None, include_archived: bool | None = False) -> list[Folder]:
        unplanned("Asset.folders")

    @strawberry.field(description="What is below it, or above it, along links of parents and children: nearest first.")
    def link_tree(
        self,
        direction: LinkDirection = LinkDirection.CHILDREN,
        depth: int = 100,
        include_archived: bool | None = False,
        first: int | None = None,
        after: str | None = None,
    ) -> Connection[LinkedAsset]:
        unplanned("Asset.linkTree")

    @strawberry.field(description="What people say about it, oldest first; with versionId only about that version.")
    def comments(self, version_id: str | None = None) -> list[Comment]:
        unplanned("Asset.comments")

    @strawberry.field(
        description="Everything that happened to it, its files, versions and links, oldest first: who, when, why and"
        " what changed. last without before gives the newest."
    )
    def history(
        self,
        after: Position | None = None,
        first: int | None = None,
        last: int | None = None,
        before: Position | None = None,
    ) -> Connection[Annotated[Event, strawberry.lazy("gateway.events.types")]]:
        unplanned("Asset.history")
