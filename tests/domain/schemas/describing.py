"""The words of tests about metadata schemas."""

from __future__ import annotations

from typing import Any

from domain.ledger import Ledger
from domain.metadata import MetadataValueType
from domain.schemas.commands import create_metadata_schema
from domain.schemas.definition import Definition
from domain.schemas.fields import MetadataEntityType, SchemaField
from tests.domain.library import order

NUMBER, STRING, LIST = (
    MetadataValueType.NUMBER,
    MetadataValueType.STRING,
    MetadataValueType.INLINE_CONTROLLED_LIST,
)
ASSETS, DATABASES, FILES, ATTRIBUTES, LINKS = (
    MetadataEntityType.ASSET_METADATA,
    MetadataEntityType.DATABASE_METADATA,
    MetadataEntityType.FILE_METADATA,
    MetadataEntityType.FILE_ATTRIBUTE,
    MetadataEntityType.ASSET_LINK_METADATA,
)


def one(key: str, value_type: MetadataValueType = STRING, **values: Any) -> SchemaField:
    """A field."""
    return SchemaField(key=key, value_type=value_type, **values)


def given_schema(
    ledger: Ledger,
    *fields: SchemaField,
    schema_id: str = "s1",
    database_id: str = "shows",
    entity_type: MetadataEntityType = ASSETS,
    is_enabled: bool = True,
    **values: Any,
) -> None:
    """A schema named as its id."""
    definition = Definition(**({"schema_name": schema_id, "fields": fields} | values))
    create_metadata_schema(
        ledger,
        schema_id,
        database_id=database_id,
        entity_type=entity_type,
        definition=definition,
        is_enabled=is_enabled,
        order=order(),
    )
