"""The fields that schemas give to entities, with and without values, and beside the entries they govern."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway.metadata_schemas.asking import DISABLE, LINK, REMOVE, SET, UPDATE, clear, given, given_files
from tests.gateway.product import Product
from tests.system.client import Client

FIELD = "key valueType required sequence dependsOn controlledListKeys defaultValue value reasons"
SHORT = "key value reasons"
ASSET = f"""query($asOf: AsOf) {{ asset(databaseId: "shows", assetId: "shot_010", asOf: $asOf) {{
  metadataFields {{ {FIELD} schemas {{ metadataSchemaId }} }}
  metadata {{ key value field {{ {SHORT} schemas {{ metadataSchemaId }} }} }} }} }}"""
OWNER = {"databaseId": "shows", "assetId": "shot_010"}


@pytest.fixture
def client(library: Product) -> Iterator[Client]:
    yield library.client
    clear(library.client)


def _set(client: Client, *entries: dict[str, Any], **owner: Any) -> None:
    client.done(SET, owner=owner or OWNER, entries=entries, replaceAll=True)


def test_an_asset_has_the_fields_of_its_database_and_of_all_in_order_with_their_values(client: Client) -> None:
    _set(client)
    given(client, "own", {"key": "unit", "sequence": 2}, {"key": "lens", "valueType": "NUMBER", "sequence": 1})
    given(client, "all", {"key": "unit", "sequence": 5}, {"key": "note", "sequence": 9}, databaseId="GLOBAL")
    given(client, "off", {"key": "never"}, enabled=False)
    client.create_asset("films", "elsewhere")
    given(client, "foreign", {"key": "foreign"}, databaseId="films")
    given(client, "files", {"key": "of a file"}, entityType="FILE_METADATA")
    _set(client, {"key": "lens", "value": "35", "valueType": "NUMBER"}, {"key": "free", "value": "x"})
    found = client.one(ASSET)
    plain = {"required": False, "dependsOn": [], "controlledListKeys": [], "defaultValue": None, "reasons": []}
    text = {**plain, "valueType": "STRING", "value": None}
    assert found["metadataFields"] == [
        {**plain, "key": "lens", "valueType": "NUMBER", "sequence": 1, "value": "35", "schemas": [_id("own")]},
        {**text, "key": "unit", "sequence": 2, "schemas": [_id("all"), _id("own")]},
        {**text, "key": "note", "sequence": 9, "schemas": [_id("all")]},
    ]
    assert found["metadata"] == [
        {"key": "free", "value": "x", "field": None},
        {"key": "lens", "value": "35", "field": {"key": "lens", "value": "35", "reasons": [], "schemas": [_id("own")]}},
    ]


def _id(schema_id: str) -> dict[str, str]:
    return {"metadataSchemaId": schema_id}


def test_what_does_not_comply_is_shown_with_its_reasons(client: Client) -> None:
    _set(client, {"key": "lens", "value": "wide"}, {"key": "look", "value": "dusk"}, {"key": "take", "value": "1"})
    look = {"key": "look", "valueType": "INLINE_CONTROLLED_LIST", "controlledListKeys": ["day", "night"]}
    given(
        client,
        "strict",
        {"key": "lens", "valueType": "NUMBER", "required": True},
        look,
        {"key": "shot", "required": True},
        {"key": "take", "dependsOn": ["shot"]},
    )
    found = {one["key"]: one for one in client.one(ASSET)["metadataFields"]}
    assert {key: one["reasons"] for key, one in found.items()} == {
        "lens": ["VALUE_TYPE_DIFFERS"],
        "look": ["VALUE_TYPE_DIFFERS", "VALUE_NOT_IN_LIST"],
        "shot": ["REQUIRED_VALUE_MISSING"],
        "take": ["DEPENDENCY_MISSING"],
    }
    client.done(DISABLE, metadataSchemaId="strict")
    assert client.one(ASSET)["metadataFields"] == []


def test_the_past_has_its_own_values(client: Client) -> None:
    _set(client, {"key": "unit", "value": "A"})
    then = client.head()
    _set(client, {"key": "unit", "value": "B"})
    given(client, "own", {"key": "unit"})
    now, past = client.one(ASSET), client.one(ASSET, asOf={"position": str(then)})
    assert [one["metadataFields"][0]["value"] for one in (now, past)] == ["B", "A"]
    assert [one["metadata"][0]["field"]["value"] for one in (now, past)] == ["B", "A"]


def test_a_database_has_fields(client: Client) -> None:
    given(client, "place", {"key": "Location", "valueType": "LLA"}, entityType="DATABASE_METADATA")
    document = """{ database(databaseId: "shows") { metadataFields { key value }
      metadata { key field { valueType } } } }"""
    assert client.one(document) == {"metadataFields": [{"key": "Location", "value": None}], "metadata": []}
    location = {"key": "Location", "value": '{"lat":1,"long":2,"alt":3}', "valueType": "LLA"}
    payload = client.done(SET, owner={"databaseId": "shows"}, entries=[location])
    assert payload["entries"] == [location]
    assert client.one(document) == {
        "metadataFields": [{"key": "Location", "value": location["value"]}],
        "metadata": [{"key": "Location", "field": {"valueType": "LLA"}}],
    }


FILE = """query($path: String!) { file(databaseId: "shows", assetId: "shot_010", path: $path) {
  metadataFields { key value } attributeFields { key value }
  metadata { key field { key } } attributes { key field { key } } } }"""


def test_a_file_has_the_fields_of_its_extension(library: Product, client: Client) -> None:
    given_files(library, "a.EXR", "b.jpg", "noext")
    given(client, "exr", {"key": "layer"}, entityType="FILE_METADATA", fileKeyTypeRestriction=[".exr", ".dpx"])
    given(client, "any", {"key": "note"}, entityType="FILE_METADATA")
    given(client, "machine", {"key": "codec"}, entityType="FILE_ATTRIBUTE", fileKeyTypeRestriction=[".jpg"])
    for path in ("a.EXR", "b.jpg", "noext"):
        owner = {**OWNER, "path": path}
        client.done(SET, owner=owner, entries=[{"key": "layer", "value": "x"}])
        client.done(SET, owner={**owner, "attributes": True}, entries=[{"key": "codec", "value": "y"}])
    layer, note, codec = (
        {"key": "layer", "value": "x"},
        {"key": "note", "value": None},
        {"key": "codec", "value": "y"},
    )
    assert client.one(FILE, path="a.EXR") == {
        "metadataFields": [layer, note],
        "attributeFields": [],
        "metadata": [{"key": "layer", "field": {"key": "layer"}}],
        "attributes": [{"key": "codec", "field": None}],
    }
    assert client.one(FILE, path="b.jpg") == {
        "metadataFields": [note],
        "attributeFields": [codec],
        "metadata": [{"key": "layer", "field": None}],
        "attributes": [{"key": "codec", "field": {"key": "codec"}}],
    }
    assert client.one(FILE, path="noext")["metadataFields"] == [note]
    assert client.one(FILE, path="noext")["attributeFields"] == []
    version = """{ file(databaseId: "shows", assetId: "shot_010", path: "a.EXR", versionId: "v1") {
      metadataFields { key } } }"""
    assert client.one(version) == {"metadataFields": [{"key": "layer"}, {"key": "note"}]}


def test_a_link_has_the_fields_of_both_ends(client: Client) -> None:
    client.create_asset("shows", "parent")
    client.create_asset("props", "child")
    client.create_asset("others", "neither")
    ends = {"fromDatabaseId": "shows", "fromAssetId": "parent", "toDatabaseId": "props", "toAssetId": "child"}
    link = client.done(LINK, **ends, relationshipType="RELATED")["assetLink"]["assetLinkId"]
    for number, database in enumerate(("shows", "props", "others", "GLOBAL")):
        given(
            client,
            database,
            {"key": database, "sequence": number},
            databaseId=database,
            entityType="ASSET_LINK_METADATA",
        )
    client.done(SET, assetLinkId=link, entries=[{"key": "props", "value": "x"}, {"key": "others", "value": "y"}])
    document = """query($id: ID!) { assetLink(assetLinkId: $id) {
      metadataFields { key value } metadata { key field { key } } } }"""
    assert client.one(document, id=link) == {
        "metadataFields": [
            {"key": "shows", "value": None},
            {"key": "props", "value": "x"},
            {"key": "GLOBAL", "value": None},
        ],
        "metadata": [{"key": "others", "field": None}, {"key": "props", "field": {"key": "props"}}],
    }


def test_the_payload_and_a_version_show_the_field_of_an_entry(client: Client) -> None:
    given(client, "own", {"key": "unit"})
    document = """mutation($input: SetMetadataInput!) { setMetadata(input: $input) {
      entries { key field { key schemas { schemaName } } } position errors { code } } }"""
    given_field = {"key": "unit", "schemas": [{"schemaName": "own"}]}
    payload = client.done(document, owner=OWNER, entries=[{"key": "unit", "value": "A"}], replaceAll=True)
    assert payload["entries"] == [{"key": "unit", "field": given_field}]
    version = """mutation($input: CreateAssetVersionInput!) { createAssetVersion(input: $input) {
      assetVersion { metadata { key value field { value reasons } } } position errors { code } } }"""
    made = client.done(version, **OWNER, comment="one")["assetVersion"]
    assert made["metadata"] == [{"key": "unit", "value": "A", "field": {"value": "A", "reasons": []}}]
    client.done(REMOVE, owner=OWNER, keys=["unit"])
    client.done(UPDATE, metadataSchemaId="own", fields=[{"key": "unit", "valueType": "NUMBER"}])
    read = """{ asset(databaseId: "shows", assetId: "shot_010") { currentVersion {
      metadata { value field { value reasons } } } } }"""
    assert client.one(read)["currentVersion"]["metadata"] == [
        {"value": "A", "field": {"value": "A", "reasons": ["VALUE_TYPE_DIFFERS"]}}
    ]
