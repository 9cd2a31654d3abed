"""What callers give to describe a metadata schema."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from domain.metadata import MetadataValueType
from domain.schemas.fields import MetadataEntityType, SchemaField


@strawberry.input(description="One key that a metadata schema describes.")
class MetadataSchemaFieldInput:
    """A field."""

    key: str = strawberry.field(description="1 to 256 printable characters, unique in the schema.")
    value_type: MetadataValueType = strawberry.field(
        default=MetadataValueType.STRING, description="STRING alone for FILE_ATTRIBUTE."
    )
    required: bool = strawberry.field(default=False, description="A value can't be removed or emptied.")
    sequence: int = strawberry.field(default=0, description="Place in a form, ascending.")
    depends_on: list[str] = strawberry.field(
        default_factory=list, description="Keys of the same schema that need a value before this one may have any."
    )
    controlled_list_keys: list[str] = strawberry.field(
        default_factory=list, description="The values of INLINE_CONTROLLED_LIST, which needs them; in order."
    )
    default_value: str | None = strawberry.field(
        default=None, description="Filled in where the key has no entry, whenever entries of the entity are set."
    )


@strawberry.input(description="A metadata schema to create.")
class CreateMetadataSchemaInput:
    """Input of createMetadataSchema."""

    database_id: str = strawberry.field(description="GLOBAL for a schema of every database.")
    entity_type: MetadataEntityType
    schema_name: str
    fields: list[MetadataSchemaFieldInput] = strawberry.field(description="At least one.")
    metadata_schema_id: strawberry.ID | None = strawberry.field(default=None, description="Made when it is null.")
    file_key_type_restriction: list[str] = strawberry.field(
        default_factory=list, description="Extensions, with their dot, of the files it is for; empty is for all."
    )
    allows_other_keys: bool = strawberry.field(
        default=False,
        description="Leave databases with restrictMetadataOutsideSchemas open for other keys, as far as this schema"
        " is concerned.",
    )
    enabled: bool = True
    idempotency_key: str | None = None


@strawberry.input(description="Changes to a metadata schema; what is null stays as it is.")
class UpdateMetadataSchemaInput:
    """Input of updateMetadataSchema."""

    metadata_schema_id: strawberry.ID
    schema_name: str | None = None
    fields: list[MetadataSchemaFieldInput] | None = strawberry.field(
        default=None, description="All fields from now on; entries that exist stay as they are."
    )
    file_key_type_restriction: list[str] | None = None
    allows_other_keys: bool | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A metadata schema to enable.")
class EnableMetadataSchemaInput:
    """Input of enableMetadataSchema."""

    metadata_schema_id: strawberry.ID
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A metadata schema to disable.")
class DisableMetadataSchemaInput:
    """Input of disableMetadataSchema."""

    metadata_schema_id: strawberry.ID
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A metadata schema to delete.")
class DeleteMetadataSchemaInput:
    """Input of deleteMetadataSchema."""

    metadata_schema_id: strawberry.ID
    confirm: bool = strawberry.field(description="Must be true: a deleted schema can't be brought back.")
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="Ask for the schemas that most libraries want.")
class CreateDefaultMetadataSchemasInput:
    """Input of createDefaultMetadataSchemas."""

    idempotency_key: str | None = None


def schema_fields(inputs: Sequence[MetadataSchemaFieldInput]) -> tuple[SchemaField, ...]:
    """The fields as the domain takes them."""
    return tuple(
        SchemaField(
            key=given.key,
            value_type=given.value_type,
            is_required=given.required,
            sequence=given.sequence,
            depends_on=tuple(given.depends_on),
            controlled_list=tuple(given.controlled_list_keys),
            default=given.default_value,
        )
        for given in inputs
    )
