"""Rows of metadata schemas, and the view of their fields."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from domain.metadata import MetadataValueType
from domain.schemas.events import (
    MetadataSchemaCreated,
    MetadataSchemaDeleted,
    MetadataSchemaDisabled,
    MetadataSchemaEnabled,
    MetadataSchemaRedefined,
)
from domain.schemas.fields import MetadataEntityType, SchemaField
from projections.vams.schema_rows import MetadataSchemaRow
from projections.vams.sheets import METADATA_SCHEMAS
from tests.projections.vams.tape import Tape, at, rows

KEY: Any = {"metadata_schema_id": "s1", "database_id": "GLOBAL", "entity_type": MetadataEntityType.FILE_METADATA}
LENS = SchemaField(key="lens", value_type=MetadataValueType.NUMBER, sequence=2, is_required=True, default="35")
LOOK = SchemaField(
    key="look",
    value_type=MetadataValueType.INLINE_CONTROLLED_LIST,
    sequence=1,
    controlled_list=("day", "night"),
    depends_on=("lens",),
)
CREATED = MetadataSchemaCreated(
    **KEY, schema_name="Lens", fields=(LENS, LOOK), file_key_type_restriction=(".exr",), is_enabled=False
)


def _row(tables: Connection[Any]) -> MetadataSchemaRow:
    (row,) = rows(tables, METADATA_SCHEMAS)
    return row


def test_a_schema_has_a_row_with_its_fields_in_the_names_of_vams_and_in_their_order(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED)
    tape.fold(tables)
    row: Any = _row(tables)
    assert row._replace(fields="") == MetadataSchemaRow(
        metadata_schema_id="s1",
        database_id="GLOBAL",
        metadata_entity_type="fileMetadata",
        schema_name="Lens",
        file_key_type_restriction=[".exr"],
        fields="",
        allows_other_keys=False,
        enabled=False,
        date_created=at(1),
        date_modified=at(1),
        created_by="user:ada",
        modified_by="user:ada",
        revision=1,
        position=1,
    )
    assert row.fields == [
        {
            "metadataFieldKeyName": "look",
            "metadataFieldValueType": "inline_controlled_list",
            "required": False,
            "sequence": 1,
            "dependsOnFieldKeyName": ["lens"],
            "controlledListKeys": ["day", "night"],
            "defaultMetadataFieldValue": None,
        },
        {
            "metadataFieldKeyName": "lens",
            "metadataFieldValueType": "number",
            "required": True,
            "sequence": 2,
            "dependsOnFieldKeyName": [],
            "controlledListKeys": [],
            "defaultMetadataFieldValue": "35",
        },
    ]


def test_the_view_has_a_row_a_field(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED)
    tape.fold(tables)
    found = tables.cursor(row_factory=tuple_row).execute(
        "SELECT key, value_type, required, sequence, depends_on, controlled_list, default_value, enabled, schema_name,"
        " file_key_type_restriction, allows_other_keys, metadata_entity_type, database_id, metadata_schema_id"
        " FROM metadata_schema_fields ORDER BY sequence"
    )
    shared = (False, "Lens", [".exr"], False, "fileMetadata", "GLOBAL", "s1")
    assert found.fetchall() == [
        ("look", "inline_controlled_list", False, 1, ["lens"], ["day", "night"], None, *shared),
        ("lens", "number", True, 2, [], [], "35", *shared),
    ]


def test_changes_move_the_schemas_own_revision(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED, MetadataSchemaEnabled(**KEY), MetadataSchemaDisabled(**KEY), MetadataSchemaEnabled(**KEY))
    tape.add(
        MetadataSchemaRedefined(
            **KEY, schema_name="Lenses", fields=(LENS,), file_key_type_restriction=(), allows_other_keys=True
        )
    )
    tape.fold(tables)
    row = _row(tables)
    assert (row.enabled, row.schema_name, row.file_key_type_restriction) == (True, "Lenses", [])
    assert (row.allows_other_keys, row.revision, row.position) == (True, 5, 5)
    assert (row.date_created, row.date_modified) == (at(1), at(5))
    assert "look" not in str(row.fields)


def test_a_deleted_schema_is_gone_and_starts_anew(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED, MetadataSchemaEnabled(**KEY), MetadataSchemaDeleted(**KEY))
    with tables.transaction(force_rollback=True):
        tape.fold(tables)
        assert rows(tables, METADATA_SCHEMAS) == []
    tape.add(CREATED)
    tape.fold(tables)
    assert (_row(tables).revision, _row(tables).position) == (1, 4)
