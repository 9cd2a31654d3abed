"""Metadata schemas, which come after the metadata, so that what VAMS let through is not lost for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from domain.metadata import MetadataValueType
from domain.schemas.commands import create_metadata_schema
from domain.schemas.definition import Definition
from domain.schemas.fields import MetadataEntityType, SchemaField
from processors.vams_import.session import Session
from processors.vams_import.staging import Row
from processors.vams_import.values import active_id, parts, text, texts, truth

TABLE = "MetadataSchemaStorageTableV2"
CARRIED = {
    "metadataSchemaId",
    "databaseId:metadataEntityType",
    "databaseId",
    "metadataEntityType",
    "metadataSchemaEntityType",
    "schemaName",
    "fields",
    "fileKeyTypeRestriction",
    "enabled",
}


def import_schemas(session: Session) -> None:
    """Every schema that agrees with those before it."""
    for row in session.staging.of_table(TABLE):
        try:
            _import_schema(session, row)
        except ValueError as error:
            session.refuse(row, f"it has a word that schemas do not know: {error}")


def _import_schema(session: Session, row: Row) -> None:
    database_id, entity_type = parts(row.key[1], 2) or ("", "")
    named = text(row.get("metadataEntityType")) or text(row.get("metadataSchemaEntityType")) or entity_type
    command = partial(
        create_metadata_schema,
        session.ledger,
        row.key[0],
        database_id=active_id(text(row.get("databaseId")) or database_id)[0],
        entity_type=MetadataEntityType(named),
        definition=Definition(
            text(row.get("schemaName")),
            tuple(_field(field) for field in _fields(row.get("fields"))),
            tuple(texts(row.get("fileKeyTypeRestriction"))),
        ),
        is_enabled=truth(row.get("enabled"), otherwise=True),
    )
    if session.attempt(row, command):
        session.came_from(row, "metadata-schema", (row.key[0],), CARRIED)


def _fields(given: Any) -> Sequence[dict[str, Any]]:
    """The fields of `{"fields": […]}`, of a list of them, or of either as JSON text. Raises ValueError."""
    value = json.loads(given) if isinstance(given, str) else given
    value = value.get("fields") if isinstance(value, dict) else value
    return [field for field in value if isinstance(field, dict)] if isinstance(value, list) else []


def _field(given: dict[str, Any]) -> SchemaField:
    """Raises ValueError for an unknown type."""
    default = given.get("defaultMetadataFieldValue")
    return SchemaField(
        key=text(given.get("metadataFieldKeyName")),
        value_type=MetadataValueType(text(given.get("metadataFieldValueType"))),
        is_required=truth(given.get("required")),
        sequence=int(text(given.get("sequence")) or 0),
        depends_on=tuple(texts(given.get("dependsOnFieldKeyName"))),
        controlled_list=tuple(texts(given.get("controlledListKeys"))),
        default=None if default in (None, "") else text(default),
    )
