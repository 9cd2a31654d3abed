"""Owners whose state forbids to change their entries, one by one and in bulk, and what a lone refused item answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.metadata_schemas.asking import (
    CREATE,
    REMOVE,
    REMOVE_MANY,
    SET,
    SET_MANY,
    UPDATE,
    given,
    given_files,
    mutation,
)
from tests.gateway.product import Product
from tests.gateway.recording import nothing_recorded
from tests.system.client import Client

NOTE = [{"key": "note", "value": "x"}]
OWNERS: dict[str, tuple[dict[str, str], list[str]]] = {
    "ASSET_ALREADY_ARCHIVED": ({"databaseId": "shows", "assetId": "resting"}, ["assetId"]),
    "FILE_ALREADY_ARCHIVED": ({"databaseId": "shows", "assetId": "shot_010", "path": "old.exr"}, ["path"]),
    "DATABASE_IS_DELETED": ({"databaseId": "gone"}, ["databaseId"]),
}
CALLS: dict[str, dict[str, Any]] = {SET: {"entries": NOTE}, REMOVE: {"keys": ["note"]}}
BULK_CALLS: dict[str, dict[str, Any]] = {SET_MANY: {"entries": NOTE}, REMOVE_MANY: {"keys": ["note"]}}


@pytest.fixture(scope="module")
def client(library: Product) -> Client:
    """A client of a library with an archived asset, an archived file and a deleted database."""
    client = library.client
    given_files(library, "old.exr")
    client.create_asset("shows", "resting")
    client.done(mutation("archiveAsset", "asset { archived }"), databaseId="shows", assetId="resting")
    archive = mutation("archiveFiles", "__typename")
    client.done(archive, databaseId="shows", assetId="shot_010", paths=["old.exr"])
    client.done(mutation("createDatabase", "__typename"), databaseId="gone", description="made by a test")
    client.done(mutation("deleteDatabase", "__typename"), databaseId="gone")
    return client


@pytest.mark.parametrize("code", OWNERS)
@pytest.mark.parametrize("document", CALLS, ids=["set", "remove"])
def test_entries_of_what_is_at_rest_stay(client: Client, code: str, document: str) -> None:
    owner, path = OWNERS[code]
    with nothing_recorded(client):
        error = client.refused(document, owner=owner, **CALLS[document])
    assert (error["code"], error["path"]) == (code, path)


BAD_ITEMS: dict[str, tuple[dict[str, Any], list[str]]] = {
    **{code: ({"owner": owner}, path) for code, (owner, path) in OWNERS.items()},
    "NOT_FOUND": ({"assetLinkId": "none"}, ["assetLinkId"]),
    "PATH_INVALID": ({"owner": {"databaseId": "shows", "assetId": "shot_010", "path": "../up"}}, ["path"]),
}


@pytest.mark.parametrize("code", BAD_ITEMS)
@pytest.mark.parametrize("document", BULK_CALLS, ids=["set", "remove"])
def test_a_lone_item_that_is_refused_is_the_answer(client: Client, code: str, document: str) -> None:
    owner, path = BAD_ITEMS[code]
    with nothing_recorded(client):
        error = client.refused(document, items=[{**owner, **BULK_CALLS[document]}])
    assert (error["code"], error["path"]) == (code, ["items", "0", *path])


def test_entries_that_are_wrong_by_themselves_are_the_answer_of_a_lone_item(client: Client) -> None:
    owner = {"databaseId": "shows", "assetId": "shot_010"}
    client.done(SET, owner=owner, entries=[{"key": "fps", "value": "24", "valueType": "NUMBER"}])
    cases = {
        "METADATA_INVALID": ({"key": "", "value": "x"}, "key"),
        "METADATA_VALUE_TYPE_FIXED": ({"key": "fps", "value": "25"}, "valueType"),
    }
    with nothing_recorded(client):
        for code, (wrong, part) in cases.items():
            error = client.refused(SET_MANY, items=[{"owner": owner, "entries": [wrong]}])
            assert (error["code"], error["path"]) == (code, ["items", "0", "entries", "0", part])


def test_a_deleted_database_gets_no_schema_and_a_changed_one_must_agree(client: Client) -> None:
    given(client, "first", {"key": "lens", "required": True})
    given(client, "second", {"key": "unit"})
    with nothing_recorded(client):
        error = client.refused(
            CREATE, databaseId="gone", entityType="ASSET_METADATA", schemaName="S", fields=[{"key": "unit"}]
        )
        assert (error["code"], error["path"]) == ("DATABASE_IS_DELETED", ["databaseId"])
        error = client.refused(UPDATE, metadataSchemaId="second", fields=[{"key": "lens"}])
        assert (error["code"], error["path"]) == ("METADATA_SCHEMAS_DISAGREE", ["fields"])
