"""The links of an asset and the tree they make: now, in the past, with archived ends, in one statement."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.links.library import ARCHIVE, DELETE, UNARCHIVE, link
from tests.system.client import Client

LINKS = """query($a: String!, $all: Boolean, $asOf: AsOf) { asset(databaseId: "tree", assetId: $a, asOf: $asOf) {
  links { hiddenCount
    parents(includeArchived: $all) { assetLinkAliasId from { assetId } to { assetId } }
    children(includeArchived: $all) { assetLinkAliasId from { assetId } to { assetId } }
    related(includeArchived: $all) { from { assetId } to { assetId } } } } }"""
TREE = """query($a: String!, $way: LinkDirection!, $depth: Int!, $all: Boolean, $asOf: AsOf) {
  asset(databaseId: "tree", assetId: $a, asOf: $asOf) {
    linkTree(direction: $way, depth: $depth, includeArchived: $all, first: 100) {
      totalCount edges { node { depth asset { assetId } link { from { assetId } to { assetId } } } } } } }"""
PAGE = """query($after: String) { asset(databaseId: "tree", assetId: "set") { linkTree(first: 2, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { asset { assetId } } } } } }"""


@pytest.fixture(scope="module")
def tree(client: Client) -> Client:
    """set > chair > leg, set > table > leg, set > lamp (twice), chair ~ stool, other/wall > set."""
    for name in ("set", "chair", "table", "leg", "lamp", "stool", "alone"):
        client.create_asset("tree", name)
    client.create_asset("other", "wall")
    for start, end in (("set", "chair"), ("set", "table"), ("chair", "leg"), ("table", "leg")):
        link(client, f"tree/{start}", f"tree/{end}")
    for alias in ("left", "right"):
        link(client, "tree/set", "tree/lamp", assetLinkAliasId=alias)
    link(client, "tree/chair", "tree/stool", relationshipType="RELATED")
    link(client, "other/wall", "tree/set")
    return client


def _links(client: Client, asset_id: str, **values: Any) -> dict[str, Any]:
    """Names of the other ends, by kind."""
    found = client.one(LINKS, a=asset_id, **values)["links"]
    names = {"hidden": found["hiddenCount"]}
    for kind in ("parents", "children", "related"):
        ends = [{one["from"]["assetId"], one["to"]["assetId"]} - {asset_id} for one in found[kind]]
        names[kind] = sorted(name for pair in ends for name in pair)
    return names


def _tree(client: Client, asset_id: str, way: str = "CHILDREN", *, depth: int = 100, **values: Any) -> list[str]:
    """`from>to@depth` of each link, by depth and name."""
    found = client.one(TREE, a=asset_id, way=way, depth=depth, **values)["linkTree"]
    assert found["totalCount"] == len(found["edges"])
    nodes = [edge["node"] for edge in found["edges"]]
    assert [node["depth"] for node in nodes] == sorted(node["depth"] for node in nodes)
    far = "to" if way == "CHILDREN" else "from"
    assert all(node["asset"] == node["link"][far] for node in nodes)
    return sorted(
        (f"{node['link']['from']['assetId']}>{node['link']['to']['assetId']}@{node['depth']}" for node in nodes),
        key=lambda text: (text.rpartition("@")[2], text),
    )


WHOLE = ["set>chair@1", "set>lamp@1", "set>lamp@1", "set>table@1", "chair>leg@2", "table>leg@2"]


def test_an_asset_shows_its_links_by_what_the_other_end_is(tree: Client) -> None:
    expected = {"parents": ["wall"], "children": ["chair", "lamp", "lamp", "table"], "related": [], "hidden": 0}
    assert _links(tree, "set") == expected
    assert _links(tree, "leg") == {"parents": ["chair", "table"], "children": [], "related": [], "hidden": 0}
    assert _links(tree, "chair")["related"] == ["stool"]
    assert _links(tree, "stool") == {"parents": [], "children": [], "related": ["chair"], "hidden": 0}
    assert _links(tree, "alone") == {"parents": [], "children": [], "related": [], "hidden": 0}


def test_aliases_tell_links_of_one_pair_apart(tree: Client) -> None:
    found = tree.one(LINKS, a="lamp")["links"]["parents"]
    assert sorted(one["assetLinkAliasId"] for one in found) == ["left", "right"]


def test_a_tree_lists_each_link_once_at_its_least_depth(tree: Client) -> None:
    assert _tree(tree, "set") == WHOLE
    assert _tree(tree, "set", depth=1) == WHOLE[:4]
    assert _tree(tree, "chair") == ["chair>leg@1"]
    assert _tree(tree, "alone") == []


def test_a_tree_is_followed_upwards_across_databases(tree: Client) -> None:
    expected = ["chair>leg@1", "table>leg@1", "set>chair@2", "set>table@2", "wall>set@3"]
    assert _tree(tree, "leg", "PARENTS") == expected
    assert _tree(tree, "leg", "PARENTS", depth=2) == expected[:4]


@pytest.mark.parametrize("depth", [0, -1, 101])
def test_a_depth_out_of_bounds_is_refused(tree: Client, depth: int) -> None:
    answer = tree.answer(TREE, a="set", way="CHILDREN", depth=depth)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID"
    assert "depth is 1 to 100" in answer["errors"][0]["message"]


def test_a_tree_is_paged(tree: Client) -> None:
    names, after = [], None
    for _ in range(3):
        page = tree.one(PAGE, after=after)["linkTree"]
        assert page["totalCount"] == 6
        names += [edge["node"]["asset"]["assetId"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert not page["pageInfo"]["hasNextPage"]
    assert (sorted(names[:4]), names[4:]) == (["chair", "lamp", "lamp", "table"], ["leg", "leg"])


def test_archived_ends_are_hidden_and_counted_and_come_back(tree: Client) -> None:
    before = str(tree.head())
    tree.done(ARCHIVE, databaseId="tree", assetId="chair")
    assert _links(tree, "set") == {
        "parents": ["wall"],
        "children": ["lamp", "lamp", "table"],
        "related": [],
        "hidden": 1,
    }
    assert _links(tree, "stool") == {"parents": [], "children": [], "related": [], "hidden": 1}
    assert _links(tree, "set", all=True)["children"] == ["chair", "lamp", "lamp", "table"]
    assert _tree(tree, "set") == ["set>lamp@1", "set>lamp@1", "set>table@1", "table>leg@2"]
    assert _tree(tree, "set", all=True) == WHOLE
    assert _links(tree, "chair") == {"parents": ["set"], "children": ["leg"], "related": ["stool"], "hidden": 0}
    then = {"position": before}
    assert _links(tree, "set", asOf=then)["hidden"] == 0
    assert _tree(tree, "set", asOf=then) == WHOLE
    tree.done(UNARCHIVE, databaseId="tree", assetId="chair")
    assert _tree(tree, "set") == WHOLE


def test_the_past_shows_links_that_are_gone(tree: Client) -> None:
    identity = link(tree, "tree/alone", "tree/stool")
    then = {"position": str(tree.head())}
    tree.done(DELETE, assetLinkId=identity)
    assert _links(tree, "alone")["children"] == []
    assert _tree(tree, "alone") == []
    assert _links(tree, "alone", asOf=then)["children"] == ["stool"]
    assert _tree(tree, "alone", asOf=then) == ["alone>stool@1"]
    earlier = {"position": str(int(then["position"]) - 2)}
    assert _links(tree, "alone", asOf=earlier)["children"] == []


def test_links_and_trees_are_one_statement_however_deep(tree: Client) -> None:
    document = """{ asset(databaseId: "tree", assetId: "set") { links { hiddenCount
      children { metadata { key } to { assetName links { children { to { links { parents { revision } } } } } } } }
      linkTree { totalCount edges { node { link { metadata { key } from { tags } } asset { assetName } } } }
      up: linkTree(direction: PARENTS) { edges { node { asset { database { databaseId } } } } } } }"""
    before = _statements(tree)
    tree.one(document)
    assert _statements(tree) - before == 1


def _statements(client: Client) -> float:
    return client.metric("interneg_read_statements")
