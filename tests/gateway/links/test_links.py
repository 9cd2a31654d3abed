"""Links through GraphQL: made, changed, described, refused, and what the log holds of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.links.library import (
    ARCHIVE,
    CREATE,
    DELETE,
    LINK,
    REMOVE_METADATA,
    SET_METADATA,
    UPDATE,
    ends,
    link,
    mutation,
)
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client


@pytest.fixture(scope="module", autouse=True)
def assets(client: Client) -> None:
    for name in "abcdefgh":
        client.create_asset("shows", name)
    client.create_asset("props", "a")
    client.create_asset("shows", "old")
    client.done(ARCHIVE, databaseId="shows", assetId="old")
    client.name_tags("hero", "night")


def test_a_link_is_made_changed_and_deleted(client: Client) -> None:
    with recording(client) as then:
        made = client.done(CREATE, **ends("a", "b"), assetLinkAliasId="left", tags=["hero"])["assetLink"]
        key = {"assetLinkId": made["assetLinkId"]}
        changed = client.done(UPDATE, **key, assetLinkAliasId="right", tags=["night"])["assetLink"]
        same = client.done(UPDATE, **key)["assetLink"]
        bare = client.done(UPDATE, **key, assetLinkAliasId="")["assetLink"]
        gone = client.done(DELETE, **key)
    assert {name: made[name] for name in made if name not in ("id", "assetLinkId")} == {
        "relationshipType": "PARENT_CHILD",
        "assetLinkAliasId": "left",
        "tags": ["hero"],
        "from": {"databaseId": "shows", "assetId": "a"},
        "to": {"databaseId": "shows", "assetId": "b"},
        "metadata": [],
        "revision": 1,
    }
    assert (changed["assetLinkAliasId"], changed["tags"], changed["revision"]) == ("right", ["night"], 3)
    assert same == changed
    assert (bare["assetLinkAliasId"], bare["revision"]) == (None, 4)
    assert gone["deletedAssetLinkId"] == made["assetLinkId"]
    assert then.types == [
        *("AssetLinkCreated", "AssetParentAttached", "TagApplied"),
        *("AssetLinkAliasSet", "AssetLinkRetagged", "AssetParentDetached", "AssetParentAttached"),
        *("TagApplied", "TagTakenOff"),
        *("AssetLinkAliasSet", "AssetParentDetached", "AssetParentAttached"),
        *("AssetLinkDeleted", "AssetParentDetached", "TagTakenOff"),
    ]
    assert client.one(LINK, id=made["assetLinkId"]) is None
    before = {"position": str(client.head() - 3)}
    assert client.one(LINK, id=made["assetLinkId"], asOf=before)["revision"] == 4
    assert client.one("query($id: ID!) { node(id: $id) { __typename } }", id=made["id"]) is None


def test_a_link_is_a_node_and_crosses_databases(client: Client) -> None:
    made = client.done(CREATE, **(ends("a", "props/a") | {"relationshipType": "RELATED"}))["assetLink"]
    assert (made["relationshipType"], made["assetLinkAliasId"]) == ("RELATED", None)
    assert made["to"] == {"databaseId": "props", "assetId": "a"}
    document = "query($id: ID!) { node(id: $id) { ... on AssetLink { to { databaseId assetName } } } }"
    assert client.one(document, id=made["id"]) == {"to": {"databaseId": "props", "assetName": "a"}}


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        (ends("c", "c"), "LINK_TO_SELF", ["toAssetId"]),
        (ends("none", "c"), "NOT_FOUND", ["fromAssetId"]),
        (ends("c", "none"), "NOT_FOUND", ["toAssetId"]),
        (ends("old", "c"), "ARCHIVED", ["fromAssetId"]),
        (ends("c", "old"), "ARCHIVED", ["toAssetId"]),
        (ends("c", "d"), "LINK_ALREADY_EXISTS", ["toAssetId"]),
        ({**ends("d", "c"), "relationshipType": "RELATED"}, "LINK_ALREADY_EXISTS", ["toAssetId"]),
        ({**ends("d", "c"), "assetLinkAliasId": "x"}, "LINK_REVERSED", []),
        (ends("e", "c"), "LINK_WOULD_CYCLE", []),
        ({**ends("c", "f"), "assetLinkAliasId": "x" * 129}, "LINK_ALIAS_INVALID", ["assetLinkAliasId"]),
        (
            {**ends("c", "f"), "relationshipType": "RELATED", "assetLinkAliasId": "x"},
            "LINK_ALIAS_INVALID",
            ["assetLinkAliasId"],
        ),
        ({**ends("c", "f"), "tags": ["never made"]}, "NOT_FOUND", ["tags"]),
    ],
)
def test_a_link_that_is_refused_records_nothing(
    client: Client, chain: list[str], given: dict[str, Any], code: str, path: list[str]
) -> None:
    with nothing_recorded(client):
        error = client.refused(CREATE, **given)
    assert (error["code"], error["path"]) == (code, path)


@pytest.fixture(scope="module")
def chain(client: Client, assets: None) -> list[str]:
    """The ids of links from c to d, d to e, and between c and d."""
    made = [link(client, "c", "d"), link(client, "d", "e")]
    return [*made, link(client, "c", "d", relationshipType="RELATED")]


def test_a_change_that_is_refused_records_nothing(client: Client, chain: list[str]) -> None:
    aliased = link(client, "c", "d", assetLinkAliasId="second")
    related = {"assetLinkId": chain[2]}
    cases: list[tuple[str, dict[str, Any], str, list[str]]] = [
        (UPDATE, {"assetLinkId": "none"}, "NOT_FOUND", ["assetLinkId"]),
        (DELETE, {"assetLinkId": "none"}, "NOT_FOUND", ["assetLinkId"]),
        (UPDATE, {"assetLinkId": chain[0], "assetLinkAliasId": "second"}, "LINK_ALREADY_EXISTS", ["assetLinkAliasId"]),
        (UPDATE, {"assetLinkId": aliased, "assetLinkAliasId": ""}, "LINK_ALREADY_EXISTS", ["assetLinkAliasId"]),
        (UPDATE, {**related, "assetLinkAliasId": "x"}, "LINK_ALIAS_INVALID", ["assetLinkAliasId"]),
        (UPDATE, {**related, "tags": ["never made"]}, "NOT_FOUND", ["tags"]),
        (UPDATE, {**related, "expectedRevision": 7}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (DELETE, {**related, "expectedRevision": 7}, "PRECONDITION_FAILED", ["expectedRevision"]),
    ]
    with nothing_recorded(client):
        for document, given, code, path in cases:
            error = client.refused(document, **given)
            assert (error["code"], error["path"]) == (code, path), (document, given)


def test_a_tag_of_a_link_is_in_use(client: Client) -> None:
    client.name_tags("linked only")
    identity = link(client, "f", "g", tags=["linked only"])
    delete = mutation("deleteTag", "deletedTagName")
    assert client.refused(delete, tagName="linked only")["code"] == "TAG_IN_USE"
    client.done(DELETE, assetLinkId=identity)
    client.done(delete, tagName="linked only")


TYPED = [
    ("matrix4x4", "MATRIX4X4", "[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]"),
    ("translation", "XYZ", '{"x": 1, "y": 2.5, "z": -3}'),
    ("rotation", "WXYZ", '{"w": 1, "x": 0, "y": 0, "z": 0}'),
    ("note", "STRING", "left of the door"),
    ("lines", "MULTILINE_STRING", "a\nb"),
    ("look", "INLINE_CONTROLLED_LIST", "warm"),
    ("weight", "NUMBER", "0.5"),
    ("visible", "BOOLEAN", "true"),
    ("placed", "DATE", "2026-03-14"),
    ("point", "GEOPOINT", '{"type": "Point", "coordinates": [13.4, 52.5]}'),
    ("shape", "GEOJSON", '{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}'),
    ("where", "LLA", '{"lat": 1, "long": 2, "alt": 3}'),
    ("extra", "JSON", "[1, null]"),
]


def test_metadata_of_all_types_is_set_replaced_and_removed(client: Client) -> None:
    identity = link(client, "g", "h")
    entries = [{"key": key, "value": value, "valueType": kind} for key, kind, value in TYPED]
    with recording(client) as then:
        done = client.done(SET_METADATA, assetLinkId=identity, entries=entries)
        kept = client.done(SET_METADATA, assetLinkId=identity, entries=entries[:2], replaceAll=True)
        left = client.done(REMOVE_METADATA, assetLinkId=identity, keys=["matrix4x4", "none"])
    assert done["entries"] == sorted(entries, key=lambda entry: entry["key"])
    assert [entry["key"] for entry in kept["entries"]] == ["matrix4x4", "translation"]
    assert left["entries"] == [entries[1]]
    assert then.types == ["AssetLinkMetadataSet", "AssetLinkMetadataRemoved", "AssetLinkMetadataRemoved"]
    assert client.one(LINK, id=identity)["metadata"] == [{"key": "translation", "value": TYPED[1][2]}]
    client.done(DELETE, assetLinkId=identity)
    again = link(client, "g", "h")
    assert client.one(LINK, id=again)["metadata"] == []


def test_metadata_that_is_refused_records_nothing(client: Client, chain: list[str]) -> None:
    key = {"assetLinkId": chain[0]}
    owner = {"databaseId": "shows"}
    bad = [{"key": "m", "value": "[]", "valueType": "MATRIX4X4"}]
    many = [{"key": f"k{n}", "value": ""} for n in range(501)]
    note = [{"key": "note", "value": "x"}]
    cases: list[tuple[str, dict[str, Any], str, list[str]]] = [
        (SET_METADATA, {**key, "entries": bad}, "METADATA_INVALID", ["entries", "0", "value"]),
        (SET_METADATA, {**key, "entries": many}, "LIMIT_EXCEEDED", ["entries"]),
        (SET_METADATA, {"assetLinkId": "none", "entries": note}, "NOT_FOUND", ["assetLinkId"]),
        (SET_METADATA, {**key, "owner": owner, "entries": note}, "INVALID", ["owner"]),
        (SET_METADATA, {"entries": note}, "INVALID", ["owner"]),
        (SET_METADATA, {**key, "entries": note, "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (REMOVE_METADATA, {"assetLinkId": "none", "keys": ["note"]}, "NOT_FOUND", ["assetLinkId"]),
        (REMOVE_METADATA, {**key, "owner": owner, "keys": ["note"]}, "INVALID", ["owner"]),
    ]
    with nothing_recorded(client):
        for document, given, code, path in cases:
            error = client.refused(document, **given)
            assert (error["code"], error["path"]) == (code, path), given


def test_a_repeated_key_makes_one_link(client: Client) -> None:
    with recording(client) as then:
        made = [client.done(CREATE, **ends("a", "h"), idempotencyKey="a to h")["assetLink"] for _ in range(2)]
    assert made[0] == made[1]
    assert then.types == ["AssetLinkCreated", "AssetParentAttached", "OrderAccepted"]
