"""Metadata schemas through GraphQL: made, changed, refused, listed, and what the log holds of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway.metadata_schemas.asking import (
    CREATE,
    DEFAULTS,
    DELETE,
    DISABLE,
    ENABLE,
    UPDATE,
    clear,
    given,
)
from tests.gateway.product import Product
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client

LENS = {"key": "lens", "valueType": "NUMBER", "required": True, "sequence": 2, "defaultValue": "35"}
LOOK = {
    "key": "look",
    "valueType": "INLINE_CONTROLLED_LIST",
    "sequence": 1,
    "dependsOn": ["lens"],
    "controlledListKeys": ["day", "night"],
}
LISTED = """query($f: MetadataSchemaFilter, $first: Int, $after: String) {
  metadataSchemas(filter: $f, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { metadataSchemaId } } } }"""


@pytest.fixture
def client(library: Product) -> Iterator[Client]:
    yield library.client
    clear(library.client)


def _ids(client: Client, **filters: Any) -> list[str]:
    found = client.one(LISTED, f=filters)
    ids = [edge["node"]["metadataSchemaId"] for edge in found["edges"]]
    assert found["totalCount"] == len(ids)
    return ids


def test_a_schema_is_made_changed_disabled_enabled_and_deleted(client: Client) -> None:
    with recording(client) as then:
        made = client.done(
            CREATE,
            databaseId="shows",
            entityType="FILE_METADATA",
            schemaName="Lens",
            fields=[LENS, LOOK],
            fileKeyTypeRestriction=[".EXR"],
        )["metadataSchema"]
        key = {"metadataSchemaId": made["metadataSchemaId"]}
        changed = client.done(
            UPDATE, **key, schemaName="Lenses", fields=[LENS], fileKeyTypeRestriction=[], allowsOtherKeys=True
        )["metadataSchema"]
        disabled = client.done(DISABLE, **key, expectedRevision=2)["metadataSchema"]
        enabled = client.done(ENABLE, **key)["metadataSchema"]
        gone = client.done(DELETE, **key, confirm=True)
    assert len(made.pop("metadataSchemaId")) == 36
    assert made.pop("id")
    assert made == {
        "databaseId": "shows",
        "entityType": "FILE_METADATA",
        "schemaName": "Lens",
        "fileKeyTypeRestriction": [".exr"],
        "allowsOtherKeys": False,
        "enabled": True,
        "fields": [
            {**LOOK, "required": False, "defaultValue": None},
            {**LENS, "dependsOn": [], "controlledListKeys": []},
        ],
        "createdBy": made["createdBy"],
        "modifiedBy": made["createdBy"],
        "revision": 1,
    }
    assert (changed["schemaName"], changed["fileKeyTypeRestriction"], changed["revision"]) == ("Lenses", [], 2)
    assert (changed["allowsOtherKeys"], [field["key"] for field in changed["fields"]]) == (True, ["lens"])
    assert (disabled["enabled"], enabled["enabled"], enabled["revision"]) == (False, True, 4)
    assert gone["deletedMetadataSchemaId"] == key["metadataSchemaId"]
    assert then.types == [
        "MetadataSchemaCreated",
        "MetadataSchemaRedefined",
        "MetadataSchemaDisabled",
        "MetadataSchemaEnabled",
        "MetadataSchemaDeleted",
    ]
    assert (
        client.one(
            "query($id: ID!) { metadataSchema(metadataSchemaId: $id) { id } }", id=gone and key["metadataSchemaId"]
        )
        is None
    )


def test_a_schema_is_a_node_and_found_by_its_id(client: Client) -> None:
    made = given(client, "node", LENS)
    document = "query($id: ID!) { node(id: $id) { ... on MetadataSchema { schemaName } } }"
    assert client.one(document, id=made["id"]) == {"schemaName": "node"}
    document = "query($id: ID!) { metadataSchema(metadataSchemaId: $id) { schemaName } }"
    assert client.one(document, id="node") == {"schemaName": "node"}


def test_what_is_refused_records_nothing(client: Client) -> None:
    given(client, "taken", LENS)
    given(client, "off", {**LENS, "valueType": "STRING"}, enabled=False)
    new: dict[str, Any] = {
        "databaseId": "shows",
        "entityType": "ASSET_METADATA",
        "schemaName": "New",
        "fields": [{"key": "other"}],
    }
    text = [{**LENS, "valueType": "STRING"}]
    cases: list[tuple[str, dict[str, Any], str, list[str]]] = [
        (CREATE, {**new, "metadataSchemaId": "taken"}, "ALREADY_EXISTS", ["metadataSchemaId"]),
        (CREATE, {**new, "metadataSchemaId": ""}, "METADATA_SCHEMA_INVALID", ["metadataSchemaId"]),
        (CREATE, {**new, "databaseId": "none"}, "NOT_FOUND", ["databaseId"]),
        (CREATE, {**new, "schemaName": " "}, "METADATA_SCHEMA_INVALID", ["schemaName"]),
        (CREATE, {**new, "fields": []}, "METADATA_SCHEMA_INVALID", ["fields"]),
        (CREATE, {**new, "fields": [LOOK]}, "METADATA_SCHEMA_INVALID", ["fields", "0", "dependsOn"]),
        (CREATE, {**new, "fileKeyTypeRestriction": [".exr"]}, "METADATA_SCHEMA_INVALID", ["fileKeyTypeRestriction"]),
        (CREATE, {**new, "fields": text}, "METADATA_SCHEMAS_DISAGREE", ["fields"]),
        (CREATE, {**new, "databaseId": "GLOBAL", "fields": text}, "METADATA_SCHEMAS_DISAGREE", ["fields"]),
        (UPDATE, {"metadataSchemaId": "none"}, "NOT_FOUND", ["metadataSchemaId"]),
        (UPDATE, {"metadataSchemaId": "taken", "fields": []}, "METADATA_SCHEMA_INVALID", ["fields"]),
        (UPDATE, {"metadataSchemaId": "taken", "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (ENABLE, {"metadataSchemaId": "none"}, "NOT_FOUND", ["metadataSchemaId"]),
        (ENABLE, {"metadataSchemaId": "off"}, "METADATA_SCHEMAS_DISAGREE", ["fields"]),
        (ENABLE, {"metadataSchemaId": "off", "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (DISABLE, {"metadataSchemaId": "none"}, "NOT_FOUND", ["metadataSchemaId"]),
        (DISABLE, {"metadataSchemaId": "taken", "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (DELETE, {"metadataSchemaId": "none", "confirm": True}, "NOT_FOUND", ["metadataSchemaId"]),
        (DELETE, {"metadataSchemaId": "taken", "confirm": False}, "INVALID", ["confirm"]),
        (
            DELETE,
            {"metadataSchemaId": "taken", "confirm": True, "expectedRevision": 9},
            "PRECONDITION_FAILED",
            ["expectedRevision"],
        ),
    ]
    with nothing_recorded(client):
        for document, values, code, path in cases:
            error = client.refused(document, **values)
            assert (error["code"], error["path"]) == (code, path), (document, values)


def test_a_disagreement_names_the_other_schema_and_the_field(client: Client) -> None:
    given(client, "first", LENS)
    error = client.refused(
        CREATE,
        databaseId="GLOBAL",
        entityType="ASSET_METADATA",
        schemaName="Second",
        fields=[{**LENS, "valueType": "STRING", "required": False}],
    )
    assert error["message"] == (
        "The field 'lens' differs in value type and required from that of the enabled schema 'first' (shows, id first),"
        " which can apply to the same metadata: make them agree, rename the key, or disable one of the two."
    )


def test_a_repeated_creation_makes_one_schema(client: Client) -> None:
    values = {
        "databaseId": "shows",
        "entityType": "ASSET_METADATA",
        "schemaName": "Once",
        "fields": [LENS],
        "idempotencyKey": "schema once",
    }
    first, second = (client.done(CREATE, **values)["metadataSchema"] for _ in range(2))
    assert first == second
    error = client.refused(CREATE, **{**values, "schemaName": "Twice"})
    assert error["code"] == "IDEMPOTENCY_KEY_REUSED"


def test_schemas_are_listed_by_name_and_filtered(client: Client) -> None:
    given(client, "b", LENS)
    given(client, "a", {"key": "other"}, enabled=False)
    given(client, "c", {"key": "unit"}, databaseId="GLOBAL")
    given(client, "d", LENS, LOOK, entityType="FILE_METADATA")
    assert _ids(client) == ["a", "b", "c", "d"]
    assert _ids(client, databaseId="shows") == ["a", "b", "d"]
    assert _ids(client, databaseId="shows", includeGlobal=True, entityType="ASSET_METADATA") == ["a", "b", "c"]
    assert _ids(client, databaseId="GLOBAL") == ["c"]
    assert _ids(client, entityType="FILE_METADATA") == ["d"]
    assert _ids(client, enabled=False) == ["a"]
    assert _ids(client, nameContains="B") == ["b"]
    assert _ids(client, key="lens") == ["b", "d"]
    page = client.one(LISTED, first=3)
    assert page["pageInfo"]["hasNextPage"] is True
    rest = client.one(LISTED, first=3, after=page["pageInfo"]["endCursor"])
    assert [edge["node"]["metadataSchemaId"] for edge in rest["edges"]] == ["d"]


def test_the_default_schemas_are_created_once_and_kept_as_they_were_changed(client: Client) -> None:
    with recording(client) as then:
        made = client.done(DEFAULTS)["metadataSchemas"]
    assert [schema["schemaName"] for schema in made] == ["Database location", "Link transform"]
    assert then.types == ["MetadataSchemaCreated"] * 2
    found = {payload["schema_name"]: payload for _, payload in then.events}
    assert [field["key"] for field in found["Link transform"]["fields"]] == [
        "Translation",
        "Rotation",
        "Scale",
        "Matrix",
    ]
    assert {(payload["database_id"], payload["allows_other_keys"]) for payload in found.values()} == {("GLOBAL", True)}
    client.done(UPDATE, metadataSchemaId=made[0]["metadataSchemaId"], schemaName="Where")
    client.done(DISABLE, metadataSchemaId=made[1]["metadataSchemaId"])
    with nothing_recorded(client):
        assert client.done(DEFAULTS)["metadataSchemas"] == []
    client.done(DELETE, metadataSchemaId=made[1]["metadataSchemaId"], confirm=True)
    again = client.done(DEFAULTS)["metadataSchemas"]
    assert [schema["metadataSchemaId"] for schema in again] == [made[1]["metadataSchemaId"]]


def test_default_schemas_that_disagree_with_others_are_refused(client: Client) -> None:
    given(client, "place", {"key": "Location", "valueType": "STRING"}, entityType="DATABASE_METADATA")
    with nothing_recorded(client):
        error = client.refused(DEFAULTS)
    assert (error["code"], "'place'" in error["message"]) == ("METADATA_SCHEMAS_DISAGREE", True)
