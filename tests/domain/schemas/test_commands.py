"""Schemas that are made, changed, enabled and deleted, and definitions that are refused by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from domain.databases.deletion import delete_database
from domain.databases.errors import DatabaseIsDeleted, DatabaseNotFound
from domain.errors import Invalid, RevisionMismatch
from domain.metadata import MetadataValueType
from domain.schemas.book import load_book
from domain.schemas.commands import (
    create_metadata_schema,
    delete_metadata_schema,
    disable_metadata_schema,
    enable_metadata_schema,
    update_metadata_schema,
)
from domain.schemas.definition import Definition
from domain.schemas.errors import MetadataSchemaAlreadyExists, MetadataSchemaInvalid, MetadataSchemaNotFound
from domain.schemas.events import (
    MetadataSchemaCreated,
    MetadataSchemaDeleted,
    MetadataSchemaDisabled,
    MetadataSchemaEnabled,
    MetadataSchemaRedefined,
)
from domain.schemas.fields import SchemaField
from domain.stream import Outcome
from tests.domain.library import order, recording, refused
from tests.domain.schemas.describing import ASSETS, ATTRIBUTES, FILES, LIST, NUMBER, STRING, given_schema, one
from tests.doubles.memory_ledger import MemoryLedger

KEY: Any = {"metadata_schema_id": "s1", "database_id": "shows", "entity_type": ASSETS}
LENS = one("lens", NUMBER, is_required=True, default="35")


def test_a_schema_is_made_redefined_disabled_enabled_and_deleted(shows: MemoryLedger) -> None:
    with recording(shows) as then:
        given_schema(shows, LENS, allows_other_keys=True)
        update_metadata_schema(shows, "s1", schema_name="Lens", fields=(LENS, one("note")), order=order())
        disable_metadata_schema(shows, "s1", order=order())
        enable_metadata_schema(shows, "s1", order=order())
        delete_metadata_schema(shows, "s1", is_confirmed=True, order=order())
    assert then.events == [
        MetadataSchemaCreated(**KEY, schema_name="s1", fields=(LENS,), allows_other_keys=True),
        MetadataSchemaRedefined(
            **KEY,
            schema_name="Lens",
            fields=(LENS, one("note")),
            file_key_type_restriction=(),
            allows_other_keys=True,
        ),
        MetadataSchemaDisabled(**KEY),
        MetadataSchemaEnabled(**KEY),
        MetadataSchemaDeleted(**KEY),
    ]
    assert load_book(shows)[1].schemas == {}


def test_what_is_said_already_records_nothing(shows: MemoryLedger) -> None:
    given_schema(shows, LENS)
    with recording(shows) as then:
        update_metadata_schema(shows, "s1", schema_name="s1", fields=(LENS,), order=order())
        update_metadata_schema(shows, "s1", order=order())
        enable_metadata_schema(shows, "s1", order=order())
    assert then.events == []


def test_extensions_are_kept_in_lower_case_and_all_of_them_is_no_restriction(shows: MemoryLedger) -> None:
    given_schema(shows, LENS, entity_type=FILES, file_key_type_restriction=(".EXR", ".exr", ".dpx"))
    given_schema(shows, one("b"), schema_id="s2", entity_type=FILES, file_key_type_restriction=(".exr", ".ALL"))
    schemas = load_book(shows)[1].schemas
    assert schemas["s1"].definition.file_key_type_restriction == (".exr", ".dpx")
    assert schemas["s2"].definition.file_key_type_restriction == ()


def test_an_empty_default_is_none(shows: MemoryLedger) -> None:
    given_schema(shows, one("lens", NUMBER, default=""))
    assert load_book(shows)[1].schemas["s1"].definition.fields == (one("lens", NUMBER),)


def test_a_schema_needs_its_database_and_a_free_id(shows: MemoryLedger) -> None:
    given_schema(shows, LENS)
    with refused(shows, MetadataSchemaAlreadyExists, "metadataSchemaId"):
        given_schema(shows, one("other"))
    with refused(shows, DatabaseNotFound, "databaseId"):
        given_schema(shows, LENS, schema_id="s2", database_id="nowhere")
    with refused(shows, MetadataSchemaInvalid, "metadataSchemaId"):
        given_schema(shows, LENS, schema_id="")
    delete_database(shows, "shows", order=order())
    with refused(shows, DatabaseIsDeleted, "databaseId"):
        given_schema(shows, one("other"), schema_id="s2")


def test_a_schema_that_is_not_there_is_not_changed(shows: MemoryLedger) -> None:
    for change in (update_metadata_schema, enable_metadata_schema, disable_metadata_schema):
        with refused(shows, MetadataSchemaNotFound, "metadataSchemaId"):
            change(shows, "s1", order=order())
    with refused(shows, MetadataSchemaNotFound, "metadataSchemaId"):
        delete_metadata_schema(shows, "s1", is_confirmed=True, order=order())


def test_a_deletion_is_confirmed(shows: MemoryLedger) -> None:
    given_schema(shows, LENS)
    with refused(shows, Invalid, "confirm"):
        delete_metadata_schema(shows, "s1", is_confirmed=False, order=order())


def test_a_deleted_id_can_be_taken_again(shows: MemoryLedger) -> None:
    given_schema(shows, LENS)
    delete_metadata_schema(shows, "s1", is_confirmed=True, order=order())
    given_schema(shows, one("other"))
    assert load_book(shows)[1].schemas["s1"].revision == 1


def test_a_schema_has_a_revision_of_its_own(shows: MemoryLedger) -> None:
    given_schema(shows, LENS)
    given_schema(shows, one("other"), schema_id="s2")
    disable_metadata_schema(shows, "s1", order=order(expected_revision=1))
    with refused(shows, RevisionMismatch, "expectedRevision"):
        enable_metadata_schema(shows, "s1", order=order(expected_revision=1))
    enable_metadata_schema(shows, "s1", order=order(expected_revision=2))


BAD_FIELDS: dict[str, tuple[tuple[SchemaField, ...], tuple[str, ...], str]] = {
    "none at all": ((), ("fields",), "1 to 500 fields, not 0"),
    "too many": (tuple(one(f"k{n}") for n in range(501)), ("fields",), "not 501"),
    "a key twice": ((one("a"), one("a")), ("fields", "1"), "'a' is given twice"),
    "an empty key": ((one(""),), ("fields", "0"), "no key of 1 to 256"),
    "a key too long": ((one("a" * 257),), ("fields", "0"), "no key of 1 to 256"),
    "a negative sequence": ((one("a", sequence=-1),), ("fields", "0"), "sequence -1"),
    "a list without values": ((one("a", LIST),), ("fields", "0"), "needs a controlled list"),
    "a list of a number": ((one("a", NUMBER, controlled_list=("1",)),), ("fields", "0"), "has a controlled list"),
    "a value twice": ((one("a", LIST, controlled_list=("x", "x")),), ("fields", "0"), "a value twice"),
    "an empty value": ((one("a", LIST, controlled_list=("x", "")),), ("fields", "0"), "an empty one"),
    "a default of another type": ((one("a", NUMBER, default="x"),), ("fields", "0"), "not a number: 'x'"),
    "a default outside the list": (
        (one("a", LIST, controlled_list=("x",), default="y"),),
        ("fields", "0"),
        "not in its controlled list: 'y'",
    ),
    "an unstorable default": ((one("a", default="\x00"),), ("fields", "0"), "NUL"),
    "a need of no field": ((one("a", depends_on=("b",)),), ("fields", "0", "dependsOn"), "no field of this schema"),
    "a need twice": ((one("a", depends_on=("b", "b")), one("b")), ("fields", "0", "dependsOn"), "a key twice"),
    "a need of itself": ((one("a", depends_on=("a",)),), ("fields",), "circle: 'a' -> 'a'"),
    "a circle": (
        (one("a", depends_on=("b",)), one("b", depends_on=("c",)), one("c", depends_on=("a",))),
        ("fields",),
        "in a circle",
    ),
}


@pytest.mark.parametrize("fault", BAD_FIELDS)
def test_fields_are_refused_by_themselves(shows: MemoryLedger, fault: str) -> None:
    fields, path, message = BAD_FIELDS[fault]
    with pytest.raises(MetadataSchemaInvalid, match=message):
        given_schema(shows, *fields)
    given_schema(shows, LENS)
    with refused(shows, MetadataSchemaInvalid, *path):
        update_metadata_schema(shows, "s1", fields=fields, order=order())


@pytest.mark.parametrize("name", ["", " ", "a ", "a" * 257, "a\n"])
def test_a_name_is_words(shows: MemoryLedger, name: str) -> None:
    with refused(shows, MetadataSchemaInvalid, "schemaName"):
        given_schema(shows, LENS, schema_name=name)


@pytest.mark.parametrize("extension", ["exr", ".", ".e x", "." + "e" * 16, ""])
def test_an_extension_has_its_dot(shows: MemoryLedger, extension: str) -> None:
    with refused(shows, MetadataSchemaInvalid, "fileKeyTypeRestriction"):
        given_schema(shows, LENS, entity_type=FILES, file_key_type_restriction=(extension,))


def test_only_files_have_extensions(shows: MemoryLedger) -> None:
    with refused(shows, MetadataSchemaInvalid, "fileKeyTypeRestriction"):
        given_schema(shows, LENS, file_key_type_restriction=(".exr",))


@pytest.mark.parametrize("value_type", [kind for kind in MetadataValueType if kind is not STRING])
def test_attributes_are_strings(shows: MemoryLedger, value_type: MetadataValueType) -> None:
    field = one("a", value_type, controlled_list=("x",) if value_type is LIST else ())
    with refused(shows, MetadataSchemaInvalid, "fields", "0"):
        given_schema(shows, field, entity_type=ATTRIBUTES)
    given_schema(shows, field, entity_type=FILES)


def test_a_repeated_command_answers_as_the_first(shows: MemoryLedger) -> None:
    def create() -> Outcome:
        return create_metadata_schema(
            shows,
            "s1",
            database_id="GLOBAL",
            entity_type=ASSETS,
            definition=Definition("Lens", (LENS,)),
            order=order(idempotency_key="once"),
        )

    with recording(shows) as then:
        first, second = create(), create()
    assert [type(event).__name__ for event in then.events] == ["MetadataSchemaCreated", "OrderAccepted"]
    assert first.result == second.result == {"metadataSchemaId": "s1"}
    assert second.replayed
