"""Entities that do not comply: listed a page at a time with what is wrong, and edited all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway.metadata_schemas.asking import (
    DISABLE,
    LINK,
    SET,
    SET_MANY,
    clear,
    given,
    given_files,
    mutation,
)
from tests.gateway.product import Product
from tests.system.client import Client

LISTED = """query($type: MetadataEntityType!, $database: String, $schema: ID, $first: Int, $after: String) {
  nonCompliantEntities(entityType: $type, databaseId: $database, metadataSchemaId: $schema, first: $first,
    after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node {
      entityType databaseId assetId path assetLinkId
      database { databaseId } asset { assetId } file { path } assetLink { assetLinkId }
      faults { key reasons schemas { metadataSchemaId } } } } } }"""
RESTRICT = mutation("updateDatabase", "database { restrictMetadataOutsideSchemas }")
ARCHIVE = mutation("archiveAsset", "asset { archived }")
NOTHING = {"database": None, "asset": None, "file": None, "assetLink": None}


@pytest.fixture
def client(library: Product) -> Iterator[Client]:
    yield library.client
    clear(library.client)


def _listed(client: Client, kind: str, **values: Any) -> list[dict[str, Any]]:
    found = client.one(LISTED, type=kind, **values)
    nodes = [edge["node"] for edge in found["edges"]]
    assert found["totalCount"] == len(nodes)
    return nodes


def _faults(client: Client, kind: str = "ASSET_METADATA", **values: Any) -> dict[str, dict[str, list[str]]]:
    """The reasons by key, by the id of the asset."""
    return {
        node["assetId"]: {fault["key"]: fault["reasons"] for fault in node["faults"]}
        for node in _listed(client, kind, **values)
    }


def test_every_reason_is_listed_for_assets(client: Client) -> None:
    for asset_id, entries in {
        "right": [{"key": "lens", "value": "35", "valueType": "NUMBER"}],
        "wrong": [{"key": "lens", "value": "wide"}, {"key": "look", "value": "dusk"}, {"key": "take", "value": "1"}],
        "empty": [{"key": "lens", "value": ""}],
        "none": [],
    }.items():
        client.create_asset("reasons", asset_id, metadata=entries)
    assert _listed(client, "ASSET_METADATA", database="reasons") == []
    look = {"key": "look", "valueType": "INLINE_CONTROLLED_LIST", "controlledListKeys": ["day"]}
    lens = {"key": "lens", "valueType": "NUMBER", "required": True}
    given(client, "s", lens, look, {"key": "take", "dependsOn": ["shot"]}, {"key": "shot"}, databaseId="reasons")
    assert _faults(client, database="reasons") == {
        "empty": {"lens": ["REQUIRED_VALUE_MISSING", "VALUE_TYPE_DIFFERS"]},
        "none": {"lens": ["REQUIRED_VALUE_MISSING"]},
        "wrong": {
            "lens": ["VALUE_TYPE_DIFFERS"],
            "look": ["VALUE_TYPE_DIFFERS", "VALUE_NOT_IN_LIST"],
            "take": ["DEPENDENCY_MISSING"],
        },
    }
    (node,) = [one for one in _listed(client, "ASSET_METADATA", database="reasons") if one["assetId"] == "none"]
    assert node == {
        **NOTHING,
        "entityType": "ASSET_METADATA",
        "databaseId": "reasons",
        "assetId": "none",
        "path": None,
        "assetLinkId": None,
        "asset": {"assetId": "none"},
        "faults": [{"key": "lens", "reasons": ["REQUIRED_VALUE_MISSING"], "schemas": [{"metadataSchemaId": "s"}]}],
    }
    client.done(DISABLE, metadataSchemaId="s")
    assert _listed(client, "ASSET_METADATA", database="reasons") == []


def test_what_does_not_comply_is_edited_and_only_touched_keys_are_judged(client: Client) -> None:
    client.create_asset("edits", "old", metadata=[{"key": "lens", "value": "wide"}])
    given(client, "s", {"key": "lens", "valueType": "NUMBER"}, {"key": "must", "required": True}, databaseId="edits")
    owner = {"databaseId": "edits", "assetId": "old"}
    client.done(SET, owner=owner, entries=[{"key": "note", "value": "x"}])
    assert client.refused(SET, owner=owner, entries=[{"key": "lens", "value": "narrow"}])["code"] == (
        "METADATA_NOT_COMPLIANT"
    )
    client.done(SET, owner=owner, entries=[{"key": "lens", "value": "35", "valueType": "NUMBER"}])
    assert _faults(client, database="edits") == {"old": {"must": ["REQUIRED_VALUE_MISSING"]}}
    client.done(SET, owner=owner, entries=[{"key": "must", "value": "y"}])
    assert _faults(client, database="edits") == {}


def test_keys_outside_schemas_are_listed_where_the_database_restricts_them(client: Client) -> None:
    client.create_asset("closed", "a", metadata=[{"key": "free", "value": "x"}, {"key": "unit", "value": "A"}])
    client.done(RESTRICT, databaseId="closed", restrictMetadataOutsideSchemas=True)
    assert _faults(client, database="closed") == {}
    given(client, "open", {"key": "unit"}, databaseId="closed", allowsOtherKeys=True)
    assert _faults(client, database="closed") == {}
    given(client, "closing", {"key": "lens"}, databaseId="closed")
    assert _faults(client, database="closed") == {"a": {"free": ["KEY_OUTSIDE_SCHEMAS"]}}
    assert _faults(client, database="closed", schema="closing") == {}


def test_those_of_one_schema_and_of_one_database(client: Client) -> None:
    client.create_asset("one", "a")
    client.create_asset("two", "b")
    given(client, "everywhere", {"key": "must", "required": True}, databaseId="GLOBAL")
    given(client, "here", {"key": "too", "required": True}, databaseId="one")
    assert _faults(client, schema="here") == {
        "a": {"must": ["REQUIRED_VALUE_MISSING"], "too": ["REQUIRED_VALUE_MISSING"]}
    }
    assert _faults(client, database="two") == {"b": {"must": ["REQUIRED_VALUE_MISSING"]}}
    assert {"a", "b", "shot_010"} <= set(_faults(client))
    assert _faults(client, schema="none") == {}
    client.done(ARCHIVE, databaseId="two", assetId="b")
    assert _faults(client, database="two") == {}


def test_files_are_listed_by_path_page_by_page(library: Product, client: Client) -> None:
    client.create_asset("paged", "sequence")
    paths = [f"f.{number:04}.exr" for number in range(7)]
    given_files(library, *paths, "still.jpg", asset_id="sequence", database_id="paged")
    given(
        client,
        "exr",
        {"key": "layer", "required": True},
        databaseId="paged",
        entityType="FILE_METADATA",
        fileKeyTypeRestriction=[".exr"],
    )
    owner: Any = {"databaseId": "paged", "assetId": "sequence"}
    items = [{"owner": {**owner, "path": path}, "entries": [{"key": "layer", "value": "x"}]} for path in paths[::3]]
    client.done(SET_MANY, items=items)
    found, after = [], None
    while True:
        page = client.one(LISTED, type="FILE_METADATA", database="paged", first=3, after=after)
        assert page["totalCount"] == 4
        found += [edge["node"]["file"]["path"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == [path for path in paths if path not in paths[::3]]
    assert _listed(client, "FILE_ATTRIBUTE", database="paged") == []
    given(client, "machine", {"key": "codec", "required": True}, databaseId="paged", entityType="FILE_ATTRIBUTE")
    assert [node["path"] for node in _listed(client, "FILE_ATTRIBUTE", database="paged")] == [*paths, "still.jpg"]
    client.done(ARCHIVE, **owner)
    assert _listed(client, "FILE_ATTRIBUTE", database="paged") == []


def test_databases_and_links_are_listed(client: Client) -> None:
    client.create_asset("left", "a")
    client.create_asset("right", "b")
    ends = {"fromDatabaseId": "left", "fromAssetId": "a", "toDatabaseId": "right", "toAssetId": "b"}
    link = client.done(LINK, **ends, relationshipType="RELATED")["assetLink"]["assetLinkId"]
    client.done(SET, assetLinkId=link, entries=[{"key": "free", "value": "x"}])
    for kind in ("DATABASE_METADATA", "ASSET_LINK_METADATA"):
        given(client, kind, {"key": "must", "required": True}, databaseId="right", entityType=kind)
    client.done(RESTRICT, databaseId="left", restrictMetadataOutsideSchemas=True)
    must: dict[str, Any] = {"key": "must", "reasons": ["REQUIRED_VALUE_MISSING"]}
    assert _listed(client, "DATABASE_METADATA") == [
        {
            **NOTHING,
            "entityType": "DATABASE_METADATA",
            "databaseId": "right",
            "assetId": None,
            "path": None,
            "assetLinkId": None,
            "database": {"databaseId": "right"},
            "faults": [{**must, "schemas": [{"metadataSchemaId": "DATABASE_METADATA"}]}],
        }
    ]
    expected = {
        **NOTHING,
        "entityType": "ASSET_LINK_METADATA",
        "databaseId": None,
        "assetId": None,
        "path": None,
        "assetLinkId": link,
        "assetLink": {"assetLinkId": link},
        "faults": [
            {"key": "free", "reasons": ["KEY_OUTSIDE_SCHEMAS"], "schemas": []},
            {**must, "schemas": [{"metadataSchemaId": "ASSET_LINK_METADATA"}]},
        ],
    }
    for database in (None, "left", "right"):
        assert _listed(client, "ASSET_LINK_METADATA", database=database) == [expected]
    assert _listed(client, "ASSET_LINK_METADATA", database="shows") == []
