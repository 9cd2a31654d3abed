"""Folds the events of metadata schemas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.event import Recorded
from domain.schemas.events import (
    MetadataSchemaCreated,
    MetadataSchemaDeleted,
    MetadataSchemaDisabled,
    MetadataSchemaEnabled,
    MetadataSchemaEvent,
    MetadataSchemaRedefined,
)
from domain.schemas.fields import SchemaField
from projections.vams.json_text import json_text
from projections.vams.schema_rows import MetadataSchemaRow
from projections.vams.sheets import Sheets


def created(sheets: Sheets, entry: Recorded, event: MetadataSchemaCreated) -> None:
    """A schema at its first revision."""
    row = MetadataSchemaRow(
        metadata_schema_id=event.metadata_schema_id,
        database_id=event.database_id,
        metadata_entity_type=event.entity_type,
        schema_name=event.schema_name,
        file_key_type_restriction=list(event.file_key_type_restriction),
        fields=_fields_text(event.fields),
        allows_other_keys=event.allows_other_keys,
        enabled=event.is_enabled,
        date_created=entry.cause.at,
        date_modified=entry.cause.at,
        created_by=entry.cause.actor,
        modified_by=entry.cause.actor,
        revision=1,
        position=entry.position,
    )
    sheets.metadata_schemas.put(row, entry.position)


def redefined(sheets: Sheets, entry: Recorded, event: MetadataSchemaRedefined) -> None:
    """Another definition."""
    _change(
        sheets,
        entry,
        event,
        schema_name=event.schema_name,
        fields=_fields_text(event.fields),
        file_key_type_restriction=list(event.file_key_type_restriction),
        allows_other_keys=event.allows_other_keys,
    )


def enabled(sheets: Sheets, entry: Recorded, event: MetadataSchemaEnabled) -> None:
    """It counts."""
    _change(sheets, entry, event, enabled=True)


def disabled(sheets: Sheets, entry: Recorded, event: MetadataSchemaDisabled) -> None:
    """It does not count."""
    _change(sheets, entry, event, enabled=False)


def deleted(sheets: Sheets, entry: Recorded, event: MetadataSchemaDeleted) -> None:
    """The row is gone."""
    sheets.metadata_schemas.remove(schema_key(event), entry.position)


def schema_key(event: MetadataSchemaEvent) -> tuple[str, str, str]:
    """The key of the schema's row."""
    return event.metadata_schema_id, event.database_id, event.entity_type


def _fields_text(fields: Sequence[SchemaField]) -> str:
    ordered = sorted(fields, key=lambda field: (field.sequence, field.key))
    return json_text([_field(field) for field in ordered])


def _field(field: SchemaField) -> dict[str, Any]:
    return {
        "metadataFieldKeyName": field.key,
        "metadataFieldValueType": field.value_type,
        "required": field.is_required,
        "sequence": field.sequence,
        "dependsOnFieldKeyName": field.depends_on,
        "controlledListKeys": field.controlled_list,
        "defaultMetadataFieldValue": field.default,
    }


def _change(sheets: Sheets, entry: Recorded, event: MetadataSchemaEvent, **values: Any) -> None:
    row = sheets.metadata_schemas.get(schema_key(event))
    changed = row._replace(
        **values,
        date_modified=entry.cause.at,
        modified_by=entry.cause.actor,
        revision=row.revision + 1,
        position=entry.position,
    )
    sheets.metadata_schemas.put(changed, entry.position)
