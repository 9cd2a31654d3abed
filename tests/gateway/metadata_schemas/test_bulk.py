"""setMetadataInBulk and removeMetadataInBulk: one transaction, a report an item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway.metadata_schemas.asking import LINK, REMOVE_MANY, SET_MANY, clear, given, given_files
from tests.gateway.product import Product
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client

SHOT = {"databaseId": "shows", "assetId": "shot_010"}
PATHS = [f"f.{number:03}.exr" for number in range(50)]
NOTE = [{"key": "note", "value": "x"}]


@pytest.fixture(scope="module")
def files(library: Product) -> list[dict[str, str]]:
    """The owners of fifty files."""
    given_files(library, *PATHS)
    return [{**SHOT, "path": path} for path in PATHS]


@pytest.fixture
def client(library: Product) -> Iterator[Client]:
    yield library.client
    clear(library.client)


def test_entries_of_many_owners_are_set_and_removed_in_one_transaction(
    client: Client, files: list[dict[str, str]]
) -> None:
    client.create_asset("shows", "lamp")
    ends = {"fromDatabaseId": "shows", "fromAssetId": "shot_010", "toDatabaseId": "shows", "toAssetId": "lamp"}
    link = client.done(LINK, **ends, relationshipType="RELATED")["assetLink"]["assetLinkId"]
    owners: list[dict[str, Any]] = [
        {"owner": {"databaseId": "shows"}},
        {"owner": SHOT},
        *({"owner": owner} for owner in files),
        {"owner": {**files[0], "attributes": True}},
        {"assetLinkId": link},
    ]
    with recording(client) as then:
        done = client.done(SET_MANY, items=[{**owner, "entries": NOTE} for owner in owners])
    assert (done["appliedCount"], done["refusals"]) == (len(owners), [])
    assert then.types == [
        "DatabaseMetadataSet",
        "AssetMetadataSet",
        "FileMetadataSet",
        "FileAttributesSet",
        *["FileMetadataSet"] * 49,
        "AssetLinkMetadataSet",
    ]
    with recording(client) as then:
        done = client.done(REMOVE_MANY, items=[{**owner, "keys": ["note", "never"]} for owner in owners])
    assert (done["appliedCount"], done["refusals"]) == (len(owners), [])
    assert sorted(set(then.types)) == [
        "AssetLinkMetadataRemoved",
        "AssetMetadataRemoved",
        "DatabaseMetadataRemoved",
        "FileAttributesRemoved",
        "FileMetadataRemoved",
    ]
    with nothing_recorded(client):
        client.done(REMOVE_MANY, items=[{**owner, "keys": ["note"]} for owner in owners])


def test_replacing_all_is_an_items_own_wish(client: Client, files: list[dict[str, str]]) -> None:
    first, second = files[:2]
    client.done(SET_MANY, items=[{"owner": one, "entries": [{"key": "old", "value": "y"}]} for one in (first, second)])
    items = [{"owner": first, "entries": NOTE, "replaceAll": True}, {"owner": second, "entries": NOTE}]
    client.done(SET_MANY, items=items)
    document = (
        """query($p: String!) { file(databaseId: "shows", assetId: "shot_010", path: $p) { metadata { key } } }"""
    )
    assert client.one(document, p=first["path"])["metadata"] == [{"key": "note"}]
    assert client.one(document, p=second["path"])["metadata"] == [{"key": "note"}, {"key": "old"}]


def test_a_refused_item_is_reported_and_the_others_are_recorded(client: Client, files: list[dict[str, str]]) -> None:
    given(client, "s", {"key": "lens", "valueType": "NUMBER"}, entityType="FILE_METADATA")
    items: list[dict[str, Any]] = [
        {"owner": files[0], "entries": [{"key": "lens", "value": "35", "valueType": "NUMBER"}]},
        {"owner": files[1], "entries": [{"key": "lens", "value": "wide"}]},
        {"owner": {**SHOT, "path": "none.exr"}, "entries": NOTE},
        {"owner": {**SHOT, "path": "../up"}, "entries": NOTE},
        {"owner": files[2], "entries": [{"key": "n", "value": "x", "valueType": "NUMBER"}]},
    ]
    with recording(client) as then:
        done = client.done(SET_MANY, items=items, idempotencyKey="partly")
    assert done["appliedCount"] == 1
    assert [(one["index"], one["error"]["code"], one["error"]["path"]) for one in done["refusals"]] == [
        (1, "METADATA_NOT_COMPLIANT", ["items", "1", "entries", "0", "valueType"]),
        (2, "NOT_FOUND", ["items", "2", "path"]),
        (3, "PATH_INVALID", ["items", "3", "path"]),
        (4, "METADATA_INVALID", ["items", "4", "entries", "0", "value"]),
    ]
    assert done["refusals"][0]["error"]["message"] == "'lens' is a number, says the metadata schema 's' (shows, id s)."
    assert then.types == ["FileMetadataSet", "OrderAccepted"]
    with nothing_recorded(client):
        assert client.done(SET_MANY, items=items, idempotencyKey="partly") == done
        payload = client.one(SET_MANY, input={"items": items, "allOrNothing": True})
        assert (payload["position"], payload["appliedCount"]) == (None, 0)
        assert [error["path"][:2] for error in payload["errors"]] == [["items", str(n)] for n in (1, 2, 3, 4)]
        assert payload["refusals"] == done["refusals"]


def test_removals_that_schemas_refuse_are_reported(client: Client, files: list[dict[str, str]]) -> None:
    items = [{"owner": owner, "entries": [{"key": "unit", "value": "A"}]} for owner in files[:3]]
    client.done(SET_MANY, items=items)
    given(client, "s", {"key": "unit", "required": True}, entityType="FILE_METADATA")
    removals = [{"owner": owner, "keys": ["unit"]} for owner in files[:3]]
    with nothing_recorded(client):
        payload = client.one(REMOVE_MANY, input={"items": removals})
    assert [error["code"] for error in payload["errors"]] == ["METADATA_NOT_COMPLIANT"] * 3
    assert [(one["index"], one["error"]["path"]) for one in payload["refusals"]] == [
        (number, ["items", str(number), "keys"]) for number in range(3)
    ]


@pytest.mark.parametrize("document", [SET_MANY, REMOVE_MANY])
def test_what_is_no_request_records_nothing(client: Client, document: str) -> None:
    what = {"entries": NOTE} if document == SET_MANY else {"keys": ["note"]}
    good = {"owner": SHOT, **what}
    cases: list[tuple[list[dict[str, Any]], str, list[str]]] = [
        ([], "INVALID", ["items"]),
        ([good] * 10_001, "LIMIT_EXCEEDED", ["items"]),
        ([good, what], "INVALID", ["items", "1", "owner"]),
        ([good, {"owner": {**SHOT, "attributes": True}, **what}], "INVALID", ["items", "1", "owner", "path"]),
    ]
    with nothing_recorded(client):
        for items, code, path in cases:
            error = client.refused(document, items=items)
            assert (error["code"], error["path"]) == (code, path)
