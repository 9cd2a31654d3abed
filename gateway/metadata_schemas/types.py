"""MetadataSchema and MetadataField: what a client sees of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import strawberry

from domain.metadata import MetadataValueType
from domain.schemas.errors import NonComplianceReason
from domain.schemas.fields import MetadataEntityType
from gateway.connections import Node
from gateway.reads.sources import Column, Many, Narrowing, OrderKey, Source, global_id, timestamp

strawberry.enum(MetadataValueType, description="How the text of a value is read.")
strawberry.enum(MetadataEntityType, description="Whose entries a metadata schema is for.")
strawberry.enum(
    NonComplianceReason, description="Why an entry, or the lack of one, does not comply with metadata schemas."
)


@strawberry.type(description="One key that a metadata schema describes.")
class MetadataSchemaField:
    """A field of a schema."""

    key: str = strawberry.field(description="Unique in its schema.")
    value_type: MetadataValueType = strawberry.field(description="What values must be.")
    required: bool = strawberry.field(description="Whether a value can't be removed once it is there.")
    sequence: int = strawberry.field(description="Place in a form, ascending.")
    depends_on: list[str] = strawberry.field(description="Keys that need a value before this one may have any.")
    controlled_list_keys: list[str] = strawberry.field(
        description="The values that INLINE_CONTROLLED_LIST takes; empty for other types."
    )
    default_value: str | None = strawberry.field(description="Filled in where the key has no entry.")


@strawberry.type(description="Which keys the metadata of entities should have, and what their values must be.")
class MetadataSchema(Node):
    """A metadata schema."""

    metadata_schema_id: strawberry.ID = strawberry.field(description="Never changes.")
    database_id: str = strawberry.field(description="Database it is for; GLOBAL is for all of them.")
    entity_type: MetadataEntityType = strawberry.field(description="Whose entries it is for.")
    schema_name: str = strawberry.field(description="Display name; need not be unique.")
    file_key_type_restriction: list[str] = strawberry.field(
        description="Extensions, with their dot, of the files it is for; empty is for all."
    )
    allows_other_keys: bool = strawberry.field(
        description="Whether databases with restrictMetadataOutsideSchemas still take other keys beside it."
    )
    enabled: bool = strawberry.field(description="Whether it counts.")
    fields: list[MetadataSchemaField] = strawberry.field(description="Its fields, by sequence and then by key.")
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    created_by: str = strawberry.field(description="Who created it, as kind:id.")
    modified_by: str = strawberry.field(description="Who last changed it, as kind:id.")
    revision: int = strawberry.field(description="Number of its changes; give it as expectedRevision.")


@strawberry.type(description="A key of an entity as the enabled metadata schemas of that entity describe it together.")
class MetadataField(MetadataSchemaField):
    """A field that governs an entity."""

    value: str | None = strawberry.field(description="The entity's value; null when it has no entry of the key.")
    reasons: list[NonComplianceReason] = strawberry.field(
        description="Why the entry, or the lack of it, does not comply; empty when it does."
    )
    schemas: list[MetadataSchema] = strawberry.field(description="The schemas that have the field, by id.")


@strawberry.input(description="Conditions on metadata schemas; all that are given must hold.")
class MetadataSchemaFilter:
    """Conditions on metadata schemas."""

    database_id: str | None = strawberry.field(default=None, description="Of this database; GLOBAL for global ones.")
    include_global: bool | None = strawberry.field(default=False, description="With databaseId, global ones as well.")
    entity_type: MetadataEntityType | None = None
    enabled: bool | None = strawberry.field(default=None, description="Only those that count, or only the others.")
    name_contains: str | None = strawberry.field(default=None, description="Text anywhere in the name, in any case.")
    key: str | None = strawberry.field(default=None, description="With a field of this key.")


SCHEMA_ORDER = (OrderKey("{t}.schema_name", "text"), OrderKey("{t}.metadata_schema_id", "text"))


def graphql_name(column: str) -> str:
    """SQL of an enum's name in GraphQL, from its value in the tables: DATABASE_METADATA for databaseMetadata."""
    return f"upper(regexp_replace({column}, '([A-Z])', '_\\1', 'g'))"


FIELD_COLUMNS = {
    "key": Column("{t}.key"),
    "valueType": Column("upper({t}.value_type)"),
    "required": Column("{t}.required"),
    "sequence": Column("{t}.sequence"),
    "dependsOn": Column("to_json({t}.depends_on)"),
    "controlledListKeys": Column("to_json({t}.controlled_list)"),
    "defaultValue": Column("{t}.default_value"),
}

SOURCES = {
    "MetadataSchema": Source(
        "MetadataSchema",
        "metadata_schema_storage",
        {
            "id": global_id("MetadataSchema", "{t}.metadata_schema_id"),
            "metadataSchemaId": Column("{t}.metadata_schema_id"),
            "databaseId": Column("{t}.database_id"),
            "entityType": Column(graphql_name("{t}.metadata_entity_type")),
            "schemaName": Column("{t}.schema_name"),
            "fileKeyTypeRestriction": Column("to_json({t}.file_key_type_restriction)"),
            "allowsOtherKeys": Column("{t}.allows_other_keys"),
            "enabled": Column("{t}.enabled"),
            "fields": Many(
                "MetadataSchemaField",
                "{t}.metadata_schema_id = {p}.metadata_schema_id",
                "{t}.sequence, {t}.key",
            ),
            "createdAt": timestamp("{t}.date_created"),
            "updatedAt": timestamp("{t}.date_modified"),
            "createdBy": Column("{t}.created_by"),
            "modifiedBy": Column("{t}.modified_by"),
            "revision": Column("{t}.revision"),
        },
    ),
    "MetadataSchemaField": Source("MetadataSchemaField", "metadata_schema_fields", FIELD_COLUMNS),
}


def schema_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `filter` of metadataSchemas."""
    given, row = narrowing.arguments.get("filter") or {}, narrowing.row
    if given.get("databaseId") is not None:
        wanted = [given["databaseId"], *(["GLOBAL"] if given.get("includeGlobal") else [])]
        yield f"{row}.database_id = ANY({narrowing.bind(wanted, 'text[]')})"
    if given.get("entityType") is not None:
        yield f"{row}.metadata_entity_type = {narrowing.bind(str(given['entityType']))}"
    if given.get("enabled") is not None:
        yield f"{row}.enabled = {narrowing.bind(given['enabled'], 'boolean')}"
    if given.get("nameContains"):
        yield f"position(lower({narrowing.bind(given['nameContains'])}) in lower({row}.schema_name)) > 0"
    if given.get("key") is not None:
        yield (
            f"EXISTS (SELECT FROM metadata_schema_fields f WHERE f.metadata_schema_id = {row}.metadata_schema_id"
            f" AND f.key = {narrowing.bind(given['key'])})"
        )
