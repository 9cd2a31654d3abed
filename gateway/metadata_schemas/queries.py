"""The root fields that read metadata schemas, and what does not comply with them."""

from __future__ import annotations

from typing import cast

import strawberry

from domain.schemas.fields import MetadataEntityType
from gateway.connections import Connection
from gateway.context import Info
from gateway.metadata_schemas.compliance import NonCompliantEntity, non_compliant
from gateway.metadata_schemas.types import SCHEMA_ORDER, MetadataSchema, MetadataSchemaFilter, schema_conditions
from gateway.reads.root import read_many, read_one, read_pages
from gateway.reads.sources import Pages
from gateway.scalars import Position

METADATA_SCHEMAS = Pages("MetadataSchema", "true", SCHEMA_ORDER, schema_conditions)


@strawberry.type
class MetadataSchemaQueries:
    """Queries of metadata schemas."""

    @strawberry.field(description="A metadata schema by its id.")
    async def metadata_schema(
        self, info: Info, metadata_schema_id: strawberry.ID, at_least: Position | None = None
    ) -> MetadataSchema | None:
        key = {"metadata_schema_id": str(metadata_schema_id)}
        return await read_one(info, "MetadataSchema", key, returns=MetadataSchema)

    @strawberry.field(description="Metadata schemas by name, enabled or not.")
    async def metadata_schemas(
        self,
        info: Info,
        filter: MetadataSchemaFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> Connection[MetadataSchema]:
        return cast("Connection[MetadataSchema]", await read_pages(info, METADATA_SCHEMAS))

    @strawberry.field(
        description="Entities of one kind that do not comply with the enabled metadata schemas, by their ids; those"
        " that are archived, and files and databases with them, are left out. With metadataSchemaId only those that"
        " do not comply with that schema; with databaseId those of that database, and links from or to it."
    )
    async def non_compliant_entities(
        self,
        info: Info,
        entity_type: MetadataEntityType,
        database_id: str | None = None,
        metadata_schema_id: strawberry.ID | None = None,
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> Connection[NonCompliantEntity]:
        return cast("Connection[NonCompliantEntity]", await read_many(info, non_compliant))
