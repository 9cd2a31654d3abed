"""Database: a collection of assets."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.assets.filters import ASSET_ORDER, AssetFilter, AssetOrder, asset_conditions, asset_ordering
from gateway.connections import Connection, Node, unplanned
from gateway.metadata import MetadataEntry, metadata_source
from gateway.metadata_schemas.governing import DATABASE, FIELD_ORDER
from gateway.metadata_schemas.types import MetadataField
from gateway.reads.sources import Column, Many, OrderKey, Pages, Source, global_id, timestamp

if TYPE_CHECKING:
    from gateway.assets.types import Asset


@strawberry.type(description="A collection of assets with its own rules.")
class Database(Node):
    """A database."""

    database_id: str = strawberry.field(description="Chosen by its creator; never changes.")
    description: str = strawberry.field(description="What the collection is for.")
    default_bucket_id: strawberry.ID | None = strawberry.field(description="Bucket that new assets are placed in.")
    restrict_metadata_outside_schemas: bool = strawberry.field(
        description="Whether metadata keys outside its schemas are refused."
    )
    restrict_file_uploads_to_extensions: list[str] = strawberry.field(
        description="Extensions that may be stored, with their dot; empty allows every one."
    )
    blocked_file_extensions: list[str] = strawberry.field(
        description="Extensions that may not be stored, with their dot, whatever is allowed."
    )
    asset_count: int = strawberry.field(description="Assets that are not archived.")
    created_at: datetime = strawberry.field(description="When it was created.")
    archived: bool = strawberry.field(description="Whether it was deleted softly.")
    revision: int = strawberry.field(description="Number of its events; give it as expectedRevision.")
    metadata: list[MetadataEntry] = strawberry.field(description="Its own entries, by key.")
    metadata_fields: list[MetadataField] = strawberry.field(
        description="What enabled metadata schemas ask of its own entries, by sequence; set or not."
    )

    @strawberry.field(description="Its assets; archived ones only with filter.includeArchived.")
    def assets(
        self,
        filter: AssetFilter | None = None,  # noqa: A002 - the contract's name
        order_by: list[AssetOrder] | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Connection[Annotated[Asset, strawberry.lazy("gateway.assets.types")]]:
        unplanned("Database.assets")


@strawberry.input(description="Which databases to list.")
class DatabaseFilter:
    """Conditions on databases; all that are given must hold."""

    id_contains: str | None = strawberry.field(default=None, description="Text anywhere in the id, in any case.")
    include_archived: bool | None = strawberry.field(default=False, description="Also those deleted softly.")


DATABASE_ORDER = (OrderKey("{t}.database_id", "text"),)

SOURCES = {
    "Database": Source(
        "Database",
        "database_storage",
        {
            "id": global_id("Database", "{t}.database_id"),
            "databaseId": Column("{t}.database_id"),
            "description": Column("{t}.description"),
            "defaultBucketId": Column("{t}.default_bucket_id"),
            "restrictMetadataOutsideSchemas": Column("{t}.restrict_metadata_outside_schemas"),
            "restrictFileUploadsToExtensions": Column("to_json({t}.restrict_file_uploads_to_extensions)"),
            "blockedFileExtensions": Column("to_json({t}.blocked_file_extensions)"),
            "assetCount": Column("{t}.asset_count"),
            "createdAt": timestamp("{t}.created_at"),
            "archived": Column("{t}.archived_at IS NOT NULL"),
            "revision": Column("{t}.revision"),
            "metadata": Many("DatabaseMetadata", "{t}.database_id = {p}.database_id", "{t}.metadata_key"),
            "metadataFields": Many("DatabaseFields", "true", FIELD_ORDER),
            "assets": Pages(
                "Asset", "{t}.database_id = {p}.database_id", ASSET_ORDER, asset_conditions, asset_ordering
            ),
        },
        history="database_storage_history",
    ),
    **metadata_source("DatabaseMetadata", DATABASE),
}
