"""Tag types and tags through GraphQL: made, changed, refused, listed, and what the log holds of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client


def _mutation(name: str, selection: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"""mutation($input: {kind}!) {{ {name}(input: $input) {{
      {selection} position errors {{ code message path }} }} }}"""


TYPE = "tagType { id tagTypeName description required revision tags { tagName } }"
TAG = "tag { id tagName tagTypeName description assetCount revision }"
CREATE_TYPE = _mutation("createTagType", TYPE)
UPDATE_TYPE = _mutation("updateTagType", TYPE)
DELETE_TYPE = _mutation("deleteTagType", "deletedTagTypeName")
CREATE = _mutation("createTag", TAG)
UPDATE = _mutation("updateTag", TAG)
DELETE = _mutation("deleteTag", "deletedTagName")
CREATE_ASSET = _mutation("createAsset", "asset { tags }")
UPDATE_ASSET = _mutation("updateAsset", "asset { tags }")
ARCHIVE = _mutation("archiveAsset", "asset { archived }")
TAGS = """query($f: TagFilter, $first: Int, $after: String) { tags(filter: $f, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { tagName } } } }"""
TYPES = "query($f: TagTypeFilter) { tagTypes(filter: $f) { totalCount edges { node { tagTypeName } } } }"


def _names(found: Any, name: str) -> list[str]:
    return [edge["node"][name] for edge in found["edges"]]


def _asset(client: Client, asset_id: str, *tags: str) -> Any:
    given = {"assetName": asset_id, "description": "tagged", "isDistributable": True, "tags": tags}
    return client.done(CREATE_ASSET, databaseId="tagged", assetId=asset_id, **given)


@pytest.fixture(scope="module", autouse=True)
def database(client: Client) -> None:
    client.create_asset("tagged", "plain")


def test_a_type_and_its_tags_are_made_changed_and_deleted(client: Client) -> None:
    with recording(client) as then:
        made = client.done(CREATE_TYPE, tagTypeName="life", description="From start to end")["tagType"]
        tag = client.done(CREATE, tagName="alive", tagTypeName="life", description="Now")["tag"]
        renamed = client.done(UPDATE_TYPE, tagTypeName="life", description="All of it", required=True)["tagType"]
        client.done(UPDATE_TYPE, tagTypeName="life", required=False)
        client.done(CREATE_TYPE, tagTypeName="rest")
        moved = client.done(UPDATE, tagName="alive", tagTypeName="rest", description="Later")["tag"]
        gone = client.done(DELETE, tagName="alive")
        gone_type = client.done(DELETE_TYPE, tagTypeName="life")
    assert {name: made[name] for name in ("tagTypeName", "description", "required", "revision", "tags")} == {
        "tagTypeName": "life",
        "description": "From start to end",
        "required": False,
        "revision": 1,
        "tags": [],
    }
    assert (tag["tagName"], tag["tagTypeName"], tag["description"], tag["assetCount"]) == ("alive", "life", "Now", 0)
    assert (renamed["description"], renamed["required"], renamed["revision"]) == ("All of it", True, 3)
    assert renamed["tags"] == [{"tagName": "alive"}]
    assert (moved["tagTypeName"], moved["description"], moved["revision"]) == ("rest", "Later", 3)
    assert (gone["deletedTagName"], gone_type["deletedTagTypeName"]) == ("alive", "life")
    assert then.types == [
        "TagTypeCreated",
        "TagCreated",
        "TagTypeDescribed",
        "TagTypeRequirementSet",
        "TagTypeRequirementSet",
        "TagTypeCreated",
        "TagDescribed",
        "TagRetyped",
        "TagDeleted",
        "TagTypeDeleted",
    ]
    node = "query($id: ID!) { node(id: $id) { __typename } }"
    assert client.one(node, id=made["id"]) is None
    assert client.one(node, id=tag["id"]) is None


def test_types_and_tags_are_nodes(client: Client) -> None:
    made = client.done(CREATE_TYPE, tagTypeName="node type")["tagType"]
    tag = client.done(CREATE, tagName="node: 'tag'", tagTypeName="node type")["tag"]
    document = """query($id: ID!) { node(id: $id) { ... on Tag { tagName } ... on TagType { tagTypeName } } }"""
    assert client.one(document, id=made["id"]) == {"tagTypeName": "node type"}
    assert client.one(document, id=tag["id"]) == {"tagName": "node: 'tag'"}


def test_what_is_refused_records_nothing(client: Client) -> None:
    client.done(CREATE_TYPE, tagTypeName="full")
    client.done(CREATE, tagName="used", tagTypeName="full")
    _asset(client, "user", "used")
    cases: list[tuple[str, dict[str, Any], str, list[str]]] = [
        (CREATE_TYPE, {"tagTypeName": "full"}, "ALREADY_EXISTS", ["tagTypeName"]),
        (CREATE_TYPE, {"tagTypeName": " "}, "INVALID", ["tagTypeName"]),
        (CREATE_TYPE, {"tagTypeName": "x", "description": "d" * 257}, "INVALID", ["description"]),
        (UPDATE_TYPE, {"tagTypeName": "none"}, "NOT_FOUND", ["tagTypeName"]),
        (UPDATE_TYPE, {"tagTypeName": "full", "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (DELETE_TYPE, {"tagTypeName": "none"}, "NOT_FOUND", ["tagTypeName"]),
        (DELETE_TYPE, {"tagTypeName": "full"}, "TAG_TYPE_IN_USE", ["tagTypeName"]),
        (CREATE, {"tagName": "used", "tagTypeName": "full"}, "ALREADY_EXISTS", ["tagName"]),
        (CREATE, {"tagName": "new", "tagTypeName": "none"}, "NOT_FOUND", ["tagTypeName"]),
        (CREATE, {"tagName": "", "tagTypeName": "full"}, "INVALID", ["tagName"]),
        (UPDATE, {"tagName": "none"}, "NOT_FOUND", ["tagName"]),
        (UPDATE, {"tagName": "used", "tagTypeName": "none"}, "NOT_FOUND", ["tagTypeName"]),
        (UPDATE, {"tagName": "used", "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (DELETE, {"tagName": "none"}, "NOT_FOUND", ["tagName"]),
        (DELETE, {"tagName": "used"}, "TAG_IN_USE", ["tagName"]),
    ]
    with nothing_recorded(client):
        for document, given, code, path in cases:
            error = client.refused(document, **given)
            assert (error["code"], error["path"]) == (code, path), (document, given)


def test_a_tag_in_use_is_counted_and_kept_until_it_is_taken_off(client: Client) -> None:
    client.done(CREATE_TYPE, tagTypeName="kept")
    client.done(CREATE, tagName="keeper", tagTypeName="kept")
    for asset_id in ("one", "two"):
        _asset(client, asset_id, "keeper")
    client.done(ARCHIVE, databaseId="tagged", assetId="two")
    document = """{ tags(filter: { tagTypeNames: ["kept"] }) { edges { node { assetCount } } } }"""
    assert client.one(document)["edges"] == [{"node": {"assetCount": 2}}]
    assert "on 2 assets or links" in client.refused(DELETE, tagName="keeper")["message"]
    client.done(_mutation("unarchiveAsset", "asset { archived }"), databaseId="tagged", assetId="two")
    for asset_id in ("one", "two"):
        client.done(UPDATE_ASSET, databaseId="tagged", assetId=asset_id, tags=[])
    client.done(DELETE, tagName="keeper")


def test_assets_take_only_tags_that_exist(client: Client) -> None:
    given = {"databaseId": "tagged", "assetName": "A", "description": "tagged", "isDistributable": True}
    with nothing_recorded(client):
        error = client.refused(CREATE_ASSET, **given, assetId="ghost", tags=["never made"])
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["tags"])
        error = client.refused(UPDATE_ASSET, databaseId="tagged", assetId="plain", tags=["never made"])
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["tags"])


def test_a_required_type_is_asked_for_on_every_change_of_tags(client: Client) -> None:
    client.done(CREATE_TYPE, tagTypeName="department")
    for tag in ("anim", "comp"):
        client.done(CREATE, tagName=tag, tagTypeName="department")
    client.done(CREATE, tagName="loose", tagTypeName="department")
    client.done(CREATE_TYPE, tagTypeName="other")
    client.done(UPDATE, tagName="loose", tagTypeName="other")
    client.done(UPDATE_TYPE, tagTypeName="department", required=True)
    try:
        given = {"databaseId": "tagged", "assetName": "A", "description": "tagged", "isDistributable": True}
        with nothing_recorded(client):
            for document, values in (
                (CREATE_ASSET, {**given, "tags": []}),
                (CREATE_ASSET, {**given, "tags": ["loose"]}),
                (UPDATE_ASSET, {"databaseId": "tagged", "assetId": "plain", "tags": ["loose"]}),
            ):
                error = client.refused(document, **values)
                assert (error["code"], error["path"]) == ("REQUIRED_TAG_TYPE_MISSING", ["tags"])
        done = client.done(UPDATE_ASSET, databaseId="tagged", assetId="plain", tags=["loose", "anim"])
        assert done["asset"] == {"tags": ["loose", "anim"]}
        client.refused(UPDATE_ASSET, databaseId="tagged", assetId="plain", tags=[])
    finally:
        client.done(UPDATE_TYPE, tagTypeName="department", required=False)


def test_lists_are_filtered_and_paged_by_name(client: Client) -> None:
    client.done(CREATE_TYPE, tagTypeName="Listed A", required=False)
    client.done(CREATE_TYPE, tagTypeName="listed B")
    client.done(UPDATE_TYPE, tagTypeName="listed B", required=True)
    for name in ("list 3", "list 1", "List 2"):
        client.done(CREATE, tagName=name, tagTypeName="Listed A")
    found = client.one(TYPES, f={"nameContains": "LISTED"})
    assert (found["totalCount"], _names(found, "tagTypeName")) == (2, ["Listed A", "listed B"])
    assert _names(client.one(TYPES, f={"nameContains": "LISTED", "required": True}), "tagTypeName") == ["listed B"]
    page = client.one(TAGS, f={"tagTypeNames": ["Listed A", "none"]}, first=2)
    assert (page["totalCount"], _names(page, "tagName")) == (3, ["List 2", "list 1"])
    rest = client.one(TAGS, f={"tagTypeNames": ["Listed A"]}, first=2, after=page["pageInfo"]["endCursor"])
    assert (_names(rest, "tagName"), rest["pageInfo"]["hasNextPage"]) == (["list 3"], False)
    assert _names(client.one(TAGS, f={"nameContains": "LIST 1"}), "tagName") == ["list 1"]
    assert client.one(TAGS, f={"tagTypeNames": []})["totalCount"] == 0


def test_a_repeated_key_makes_one_tag(client: Client) -> None:
    client.done(CREATE_TYPE, tagTypeName="once", idempotencyKey="type once")
    client.done(CREATE_TYPE, tagTypeName="once", idempotencyKey="type once")
    with recording(client) as then:
        for _ in range(2):
            client.done(CREATE, tagName="single", tagTypeName="once", idempotencyKey="tag once")
    assert then.types == ["TagCreated", "OrderAccepted"]
