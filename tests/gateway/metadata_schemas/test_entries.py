"""Entries of every owner through GraphQL: set, removed, refused by schemas, and what the log holds of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway.metadata_schemas.asking import LINK, REMOVE, SET, clear, given, given_files, mutation
from tests.gateway.product import Product
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client

OWNER = {"databaseId": "shows", "assetId": "shot_010"}
CREATE_ASSET = mutation("createAsset", "asset { metadata { key value valueType } }")
RESTRICT = mutation("updateDatabase", "database { restrictMetadataOutsideSchemas }")
KINDS = ["DATABASE_METADATA", "ASSET_METADATA", "FILE_METADATA", "FILE_ATTRIBUTE", "ASSET_LINK_METADATA"]
FIELDS: list[dict[str, Any]] = [
    {"key": "unit", "required": True},
    {"key": "take", "dependsOn": ["unit"]},
    {"key": "base", "defaultValue": "B"},
]


@pytest.fixture(scope="module")
def owners(library: Product) -> dict[str, dict[str, Any]]:
    """The owner of each kind of entries, as inputs name it."""
    given_files(library, "a.exr")
    library.client.create_asset("shows", "lamp")
    ends = {"fromDatabaseId": "shows", "fromAssetId": "shot_010", "toDatabaseId": "shows", "toAssetId": "lamp"}
    link = library.client.done(LINK, **ends, relationshipType="RELATED")["assetLink"]["assetLinkId"]
    named = (
        {"databaseId": "shows"},
        OWNER,
        {**OWNER, "path": "a.exr"},
        {**OWNER, "path": "/a.exr", "attributes": True},
    )
    return dict(zip(KINDS, [*({"owner": owner} for owner in named), {"assetLinkId": link}], strict=True))


@pytest.fixture
def client(library: Product) -> Iterator[Client]:
    yield library.client
    clear(library.client)


PREFIXES = ("Database", "Asset", "File", "FileAttributes", "AssetLink")


@pytest.mark.parametrize(("kind", "prefix"), list(zip(KINDS, PREFIXES, strict=True)))
def test_entries_of_every_owner_are_set_with_defaults_and_removed(
    client: Client, owners: dict[str, dict[str, Any]], kind: str, prefix: str
) -> None:
    given(client, "s", *FIELDS, entityType=kind)
    base = {"key": "base", "value": "B", "valueType": "STRING"}
    note = {"key": "note", "value": "x", "valueType": "STRING"}
    with recording(client) as then:
        made = client.done(SET, **owners[kind], entries=[{"key": "note", "value": "x"}])
        left = client.done(REMOVE, **owners[kind], keys=["note", "never"])
    assert made["entries"] == [base, note]
    assert left["entries"] == [base]
    middle = "" if prefix == "FileAttributes" else "Metadata"
    assert then.types == [f"{prefix}{middle}Set", f"{prefix}{middle}Removed"]
    with recording(client) as then:
        replaced = client.done(SET, **owners[kind], entries=[{"key": "unit", "value": "A"}], replaceAll=True)
    assert [entry["key"] for entry in replaced["entries"]] == ["base", "unit"]
    client.done(REMOVE, **owners[kind], keys=["base"])


@pytest.mark.parametrize("kind", KINDS)
def test_what_schemas_refuse_records_nothing(client: Client, owners: dict[str, dict[str, Any]], kind: str) -> None:
    owner = owners[kind]
    client.done(SET, **owner, entries=[{"key": "unit", "value": "A"}, {"key": "take", "value": "1"}], replaceAll=True)
    look = {"key": "look", "valueType": "INLINE_CONTROLLED_LIST", "controlledListKeys": ["day"]}
    given(client, "s", *FIELDS, *([] if kind == "FILE_ATTRIBUTE" else [look]), entityType=kind)
    day = {"key": "look", "value": "dusk", "valueType": "INLINE_CONTROLLED_LIST"}
    sets: list[tuple[list[dict[str, Any]], list[str]]] = [
        ([{"key": "note", "value": "x"}, {"key": "unit", "value": ""}], ["entries", "1", "value"]),
        ([{"key": "unit", "value": "1", "valueType": "NUMBER"}], ["entries", "0", "valueType"]),
        *([] if kind == "FILE_ATTRIBUTE" else [([day], ["entries", "0", "value"])]),
    ]
    with nothing_recorded(client):
        for entries, path in sets:
            error = client.refused(SET, **owner, entries=entries)
            assert (error["code"], error["path"]) == ("METADATA_NOT_COMPLIANT", path)
        error = client.refused(SET, **owner, entries=[{"key": "note", "value": "x"}], replaceAll=True)
        assert (error["code"], error["path"]) == ("METADATA_NOT_COMPLIANT", ["entries"])
        error = client.refused(REMOVE, **owner, keys=["unit"])
        assert (error["code"], error["path"]) == ("METADATA_NOT_COMPLIANT", ["keys"])
    client.done(REMOVE, **owner, keys=["take"])


def test_what_is_wrong_whatever_schemas_say_records_nothing(client: Client, owners: dict[str, dict[str, Any]]) -> None:
    note = [{"key": "note", "value": "x"}]
    client.done(SET, owner=OWNER, entries=[{"key": "fps", "value": "24", "valueType": "NUMBER"}])
    file = {**OWNER, "path": "a.exr"}
    cases: list[tuple[dict[str, Any], str, list[str]]] = [
        ({}, "INVALID", ["owner"]),
        ({"owner": OWNER, "assetLinkId": "x"}, "INVALID", ["owner"]),
        ({"owner": {**OWNER, "attributes": True}}, "INVALID", ["owner", "path"]),
        ({"owner": {"databaseId": "shows", "path": "a.exr"}}, "INVALID", ["owner", "assetId"]),
        ({"owner": {**OWNER, "path": "../a"}}, "PATH_INVALID", ["owner", "path"]),
        ({"owner": {"databaseId": "none"}}, "NOT_FOUND", ["databaseId"]),
        ({"owner": {**OWNER, "assetId": "none"}}, "NOT_FOUND", ["assetId"]),
        ({"owner": {**OWNER, "path": "none.exr"}}, "NOT_FOUND", ["path"]),
        ({"assetLinkId": "none"}, "NOT_FOUND", ["assetLinkId"]),
        ({"owner": file, "expectedRevision": 99}, "PRECONDITION_FAILED", ["expectedRevision"]),
        ({"owner": OWNER, "entries": [*note, *note]}, "METADATA_INVALID", ["entries", "1", "key"]),
        ({"owner": OWNER, "entries": [{"key": "", "value": "x"}]}, "METADATA_INVALID", ["entries", "0", "key"]),
        (
            {"owner": OWNER, "entries": [{"key": "a", "value": "x", "valueType": "LLA"}]},
            "METADATA_INVALID",
            ["entries", "0", "value"],
        ),
        (
            {"owner": OWNER, "entries": [{"key": "fps", "value": "25"}]},
            "METADATA_VALUE_TYPE_FIXED",
            ["entries", "0", "valueType"],
        ),
        (
            {"owner": OWNER, "entries": [{"key": f"k{n}", "value": ""} for n in range(501)]},
            "LIMIT_EXCEEDED",
            ["entries"],
        ),
    ]
    with nothing_recorded(client):
        for values, code, path in cases:
            error = client.refused(SET, **{"entries": note, **values})
            assert (error["code"], error["path"]) == (code, path), values
        for values in ({"owner": {"databaseId": "none"}}, {"assetLinkId": "none"}):
            assert client.refused(REMOVE, **values, keys=["a"])["code"] == "NOT_FOUND"


def test_a_new_asset_is_held_to_schemas_and_gets_their_defaults(client: Client) -> None:
    given(client, "s", *FIELDS)
    wanted = {**OWNER, "assetName": "A", "description": "made by a test", "isDistributable": True}
    with nothing_recorded(client):
        error = client.refused(
            CREATE_ASSET, **{**wanted, "assetId": "bad", "metadata": [{"key": "take", "value": "1"}]}
        )
    assert (error["code"], error["path"]) == ("METADATA_NOT_COMPLIANT", ["metadata", "0", "key"])
    made = client.done(CREATE_ASSET, **{**wanted, "assetId": "good"})["asset"]
    assert made["metadata"] == [{"key": "base", "value": "B", "valueType": "STRING"}]


def test_a_restricted_database_takes_only_keys_of_its_schemas(client: Client) -> None:
    client.create_asset("closed", "a")
    client.done(RESTRICT, databaseId="closed", restrictMetadataOutsideSchemas=True)
    owner = {"databaseId": "closed", "assetId": "a"}
    client.done(SET, owner=owner, entries=[{"key": "before", "value": "any schema"}])
    given(client, "open", {"key": "unit"}, databaseId="GLOBAL", allowsOtherKeys=True)
    client.done(SET, owner=owner, entries=[{"key": "beside", "value": "an open schema"}])
    given(client, "closing", {"key": "lens"}, databaseId="closed")
    with nothing_recorded(client):
        error = client.refused(SET, owner=owner, entries=[{"key": "free", "value": "x"}])
    assert (error["code"], error["path"]) == ("METADATA_NOT_COMPLIANT", ["entries", "0", "key"])
    client.done(SET, owner=owner, entries=[{"key": "unit", "value": "x"}, {"key": "lens", "value": "y"}])
    client.done(REMOVE, owner=owner, keys=["before"])


def test_a_repeated_change_records_nothing_more(client: Client) -> None:
    values = {"owner": OWNER, "entries": [{"key": "once", "value": "x"}], "idempotencyKey": "entries once"}
    first = client.done(SET, **values)
    with nothing_recorded(client):
        second = client.done(SET, **values)
    assert second["position"] == first["position"]
