"""Whatever a query selects, and however it says so, the planned answer has exactly that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.reads.shelf import ASSETS
from tests.system.client import Client


def a00(client: Client, selection: str, fragments: str = "", **variables: Any) -> Any:
    """The selection of the asset a00; variables are declared as booleans."""
    declared = "".join(f"${name}: Boolean! " for name in variables)
    head = f"query({declared})" if declared else ""
    document = f'{head} {{ asset(databaseId: "shelf", assetId: "a00") {{ {selection} }} }} {fragments}'
    return client.one(document, **variables)


def test_one_field_under_two_names_with_other_arguments(shelf: Client) -> None:
    selection = """maps: files(prefix: "maps/") { edges { node { path } } }
        top: files(prefix: "zed") { n: totalCount edges { e: node { where: path } } } assetName label: assetName"""
    assert a00(shelf, selection) == {
        "maps": {"edges": [{"node": {"path": "maps/a.txt"}}, {"node": {"path": "maps/b.txt"}}]},
        "top": {"n": 1, "edges": [{"e": {"where": "zed.txt"}}]},
        "assetName": "chair",
        "label": "chair",
    }


def test_keys_come_in_the_order_of_the_query(shelf: Client) -> None:
    found = a00(shelf, "tags z: assetId ...Middle a: assetId", "fragment Middle on Asset { description tags }")
    assert list(found) == ["tags", "z", "description", "a"]


def test_sixty_aliases_in_one_object(shelf: Client) -> None:
    aliases = [f"f{n}" for n in range(60)]
    found = a00(shelf, " ".join(f"{alias}: assetName" for alias in aliases))
    assert found == dict.fromkeys(aliases, "chair")
    assert list(found) == aliases


def test_selections_of_one_field_are_merged(shelf: Client) -> None:
    selection = "currentVersion { comment } ...Number ... on Asset { currentVersion { versionAlias } } ...Number"
    fragments = "fragment Number on Asset { currentVersion { assetVersionId } }"
    merged = {"comment": "second", "assetVersionId": "2", "versionAlias": None}
    assert a00(shelf, selection, fragments) == {"currentVersion": merged}


def test_fragments_inside_fragments_on_the_interface_and_without_a_type(shelf: Client) -> None:
    selection = "... on Node { id ...Named } ... { assetType }"
    fragments = "fragment Named on Node { ... on Asset { assetName } ... on Database { description } }"
    asset = a00(shelf, selection, fragments)
    assert asset == {"id": asset["id"], "assetName": "chair", "assetType": "folder"}


def test_type_names_at_every_level(shelf: Client) -> None:
    selection = """__typename t: __typename database { __typename } bucket { __typename }
        currentVersion { __typename files(first: 1) { __typename edges { __typename node { __typename } } } }
        versions(first: 1) { __typename pageInfo { __typename hasNextPage } edges { __typename node { __typename } } }
        metadata { __typename key } files(first: 1) { __typename edges { __typename cursor node {
          __typename versions { __typename } } } } history(first: 1) { __typename edges { node { __typename } } }"""
    found = a00(shelf, selection)
    assert (found["__typename"], found["t"]) == ("Asset", "Asset")
    assert (found["database"], found["bucket"]) == ({"__typename": "Database"}, {"__typename": "Bucket"})
    held = found["currentVersion"]["files"]
    assert held["__typename"] == "VersionFileConnection"
    assert held["edges"] == [{"__typename": "VersionFileEdge", "node": {"__typename": "VersionFile"}}]
    assert found["versions"]["pageInfo"] == {"__typename": "PageInfo", "hasNextPage": True}
    assert found["metadata"][0] == {"__typename": "MetadataEntry", "key": "artist"}
    (file,) = found["files"]["edges"]
    assert (file["__typename"], file["node"]["__typename"]) == ("FileEdge", "File")
    assert file["node"]["versions"] == [{"__typename": "FileVersion"}]
    assert found["history"]["edges"] == [{"node": {"__typename": "Event"}}]


@pytest.mark.parametrize("wanted", [True, False])
def test_directives_with_variables_choose_fields_and_fragments(shelf: Client, wanted: bool) -> None:
    selection = """assetId assetName @include(if: $yes) description @skip(if: $yes) ...Tags @include(if: $yes)
        ... on Asset @skip(if: $yes) { assetType } both: assetId @include(if: $yes) @skip(if: $yes)
        files(first: 1) { totalCount @include(if: $yes) edges @skip(if: $yes) { cursor } }"""
    found = a00(shelf, selection, "fragment Tags on Asset { tags }", yes=wanted)
    if wanted:
        assert found == {"assetId": "a00", "assetName": "chair", "tags": ["even"], "files": {"totalCount": 4}}
    else:
        edges = found["files"].pop("edges")
        assert found == {"assetId": "a00", "description": "made by a test", "assetType": "folder", "files": {}}
        assert len(edges) == 1


def test_arguments_by_variables_with_and_without_values(shelf: Client) -> None:
    document = """query($first: Int = 2, $after: String, $prefix: String) {
        asset(databaseId: "shelf", assetId: "a00") { files(first: $first, after: $after, prefix: $prefix) {
          edges { node { path } } } } }"""

    def paths(**variables: Any) -> list[str]:
        return [edge["node"]["path"] for edge in shelf.one(document, **variables)["files"]["edges"]]

    assert paths() == ["Upper.txt", "maps/a.txt"]
    assert paths(first=1) == ["Upper.txt"]
    assert paths(first=None, after=None, prefix=None) == ["Upper.txt", "maps/a.txt", "maps/b.txt", "zed.txt"]
    assert paths(prefix="maps/") == ["maps/a.txt", "maps/b.txt"]


def test_input_objects_of_variables_and_literals_are_one(shelf: Client) -> None:
    literal = '{ assets(filter: { tagsAll: ["odd", "uneven"], nameContains: "LAMP" }) { edges { node { assetId } } } }'
    variable = """query($names: String, $tags: [String!]) {
        assets(filter: { tagsAll: $tags, nameContains: $names }) { edges { node { assetId } } } }"""
    whole = "query($f: AssetFilter) { assets(filter: $f) { edges { node { assetId } } } }"
    expected = [asset_id for asset_id, name in ASSETS if name == "lamp" and int(asset_id[1:]) % 2]
    given = {"tagsAll": ["odd", "uneven"], "nameContains": "lamp"}
    answers = [
        shelf.one(literal),
        shelf.one(variable, names="lamp", tags=["odd", "uneven"]),
        shelf.one(whole, f=given),
    ]
    assert [[edge["node"]["assetId"] for edge in one["edges"]] for one in answers] == [expected] * 3


def test_members_of_a_union_by_fragment(shelf: Client) -> None:
    document = """query($at: Position) { search(query: "zed", atLeast: $at) { edges { node { __typename
        ... on Asset { assetName } ... on File { path asset: assetId } ... on Node { id } ...F } } } }
        fragment F on File { sizeBytes }"""
    edges = shelf.one(document, at=str(shelf.head()))["edges"]
    node = next(edge["node"] for edge in edges if edge["node"]["__typename"] == "File")
    assert node == {"__typename": "File", "path": "zed.txt", "asset": "a00", "id": node["id"], "sizeBytes": 7}


def test_every_kind_of_node_is_found_by_its_id(shelf: Client) -> None:
    document = """{ asset(databaseId: "shelf", assetId: "a00") { id database { id } bucket { id }
        currentVersion { id } files(first: 1) { edges { node { id } } } } }"""
    asset = shelf.one(document)
    ids = {
        "Asset": asset["id"],
        "Database": asset["database"]["id"],
        "Bucket": asset["bucket"]["id"],
        "AssetVersion": asset["currentVersion"]["id"],
        "File": asset["files"]["edges"][0]["node"]["id"],
    }
    node = """query($id: ID!) { node(id: $id) { __typename id ... on File { path } ... on Asset { assetId } } }"""
    found = {kind: shelf.one(node, id=identity) for kind, identity in ids.items()}
    assert {kind: (one["__typename"], one["id"]) for kind, one in found.items()} == {k: (k, i) for k, i in ids.items()}
    assert (found["File"]["path"], found["Asset"]["assetId"]) == ("Upper.txt", "a00")


@pytest.mark.parametrize("identity", ["", "x", "QXNzZXQ6", "QXNzZXQ6W10=", "Tm90aGluZzpbImEiXQ==", "QXNzZXQ6e30="])
def test_an_id_of_no_node_is_refused(shelf: Client, identity: str) -> None:
    answer = shelf.answer("query($id: ID!) { node(id: $id) { id } }", id=identity)
    assert answer["data"] == {"node": None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID"]


def test_what_does_not_exist_is_null(shelf: Client) -> None:
    document = """{ database(databaseId: "none") { databaseId } asset(databaseId: "shelf", assetId: "none") { assetId }
        file(databaseId: "shelf", assetId: "a00", path: "none") { path } upload(uploadId: "none") { uploadId }
        old: file(databaseId: "shelf", assetId: "a00", path: "zed.txt", versionId: "none") { path }
        early: asset(databaseId: "shelf", assetId: "a00", asOf: { position: "1" }) { assetId }
        before: asset(databaseId: "shelf", assetId: "a00", asOf: { time: "1999-12-31T00:00:00Z" }) { assetId } }"""
    keys = ("database", "asset", "file", "upload", "old", "early", "before")
    assert shelf.data(document) == dict.fromkeys(keys)


def test_a_file_as_it_was_at_an_object_version(shelf: Client) -> None:
    document = """{ file(databaseId: "shelf", assetId: "a00", path: "/zed.txt") { sizeBytes versions {
        s3VersionId sizeBytes assetVersionIds } } }"""
    file = shelf.one(document)
    assert file["sizeBytes"] == 7
    newest, oldest = file["versions"]
    assert (newest["sizeBytes"], newest["assetVersionIds"]) == (7, ["2"])
    assert (oldest["sizeBytes"], oldest["assetVersionIds"]) == (3, ["1"])
    old = """query($v: String!) { file(databaseId: "shelf", assetId: "a00", path: "zed.txt", versionId: $v) {
        sizeBytes s3VersionId downloadUrl } }"""
    then = shelf.one(old, v=oldest["s3VersionId"])
    assert (then["sizeBytes"], then["s3VersionId"]) == (3, oldest["s3VersionId"])
    assert shelf.http.get(then["downloadUrl"]).content == b"zzz"


@pytest.mark.parametrize("seconds", ["1", "604800", "null"])
def test_a_url_lasts_as_long_as_asked(shelf: Client, seconds: str) -> None:
    document = f"""{{ file(databaseId: "shelf", assetId: "a00", path: "zed.txt") {{
        downloadUrl(expiresInSeconds: {seconds}) }} }}"""
    assert shelf.one(document)["downloadUrl"].startswith(shelf.url)


@pytest.mark.parametrize("seconds", ["0", "-1", "604801", "2147483647"])
def test_a_url_of_no_useful_life_is_refused(shelf: Client, seconds: str) -> None:
    document = f"""{{ file(databaseId: "shelf", assetId: "a00", path: "zed.txt") {{
        downloadUrl(expiresInSeconds: {seconds}) }} }}"""
    (error,) = shelf.answer(document)["errors"]
    assert error["extensions"]["code"] == "INVALID"
    assert "604800" in error["message"]
