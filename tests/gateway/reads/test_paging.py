"""Pages of a list: all of it, once, in one order, forward and backward; cursors that are none are refused."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.gateway.reads.shelf import ASSETS
from tests.system.client import Client

PAGE = """query($first: Int, $after: String, $last: Int, $before: String, $order: [AssetOrder!]) {
  assets(databaseId: "shelf", first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { assetId assetName createdAt } } } }"""
ORDERS: dict[str, tuple[list[tuple[str, bool]], Callable[[tuple[str, str]], Any]]] = {
    "ids": ([], lambda asset: asset[0]),
    "ids backwards": ([("ASSET_ID", True)], lambda asset: -int(asset[0][1:])),
    "names": ([("ASSET_NAME", False)], lambda asset: (asset[1], asset[0])),
    "names down, ids up": ([("ASSET_NAME", True)], lambda asset: ([-ord(c) for c in asset[1].ljust(9)], asset[0])),
    "names up, ids down": (
        [("ASSET_NAME", False), ("ASSET_ID", True)],
        lambda asset: (asset[1], -int(asset[0][1:])),
    ),
    "time down, names up": ([("CREATED_AT", True), ("ASSET_NAME", False)], lambda asset: -int(asset[0][1:])),
}
"""The argument orderBy as (field, descending), and the key that sorts (asset id, name) alike."""


def order_by(fields: list[tuple[str, bool]]) -> list[dict[str, str]]:
    return [{"field": field, "direction": "DESC" if descending else "ASC"} for field, descending in fields]


def expected(order: str) -> list[str]:
    return [asset_id for asset_id, _ in sorted(ASSETS, key=ORDERS[order][1])]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 4, 23])
def test_walking_forward_meets_everything_once(shelf: Client, order: str, size: int) -> None:
    met: list[str] = []
    cursor = None
    while True:
        page = shelf.one(PAGE, first=size, after=cursor, order=order_by(ORDERS[order][0]))
        info = page["pageInfo"]
        assert page["totalCount"] == len(ASSETS)
        assert info["hasPreviousPage"] == bool(met)
        assert (info["startCursor"], info["endCursor"]) == (page["edges"][0]["cursor"], page["edges"][-1]["cursor"])
        met += [edge["node"]["assetId"] for edge in page["edges"]]
        cursor = info["endCursor"]
        if not info["hasNextPage"]:
            break
    assert met == expected(order)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 4, 23])
def test_walking_backward_meets_everything_once(shelf: Client, order: str, size: int) -> None:
    met: list[str] = []
    cursor = None
    while True:
        page = shelf.one(PAGE, last=size, before=cursor, order=order_by(ORDERS[order][0]))
        assert page["pageInfo"]["hasNextPage"] == bool(met)
        met = [edge["node"]["assetId"] for edge in page["edges"]] + met
        cursor = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert met == expected(order)


def test_the_page_before_a_cursor_is_the_page_that_led_to_it(shelf: Client) -> None:
    order = order_by(ORDERS["names down, ids up"][0])
    first = shelf.one(PAGE, first=5, order=order)
    second = shelf.one(PAGE, first=5, after=first["pageInfo"]["endCursor"], order=order)
    back = shelf.one(PAGE, last=5, before=second["pageInfo"]["startCursor"], order=order)
    assert back["edges"] == first["edges"]
    assert back["pageInfo"]["hasPreviousPage"] is False


def test_an_empty_page_has_no_cursors(shelf: Client) -> None:
    page = shelf.one(PAGE, first=0)
    nothing = {"hasNextPage": True, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert (page["edges"], page["pageInfo"], page["totalCount"]) == ([], nothing, len(ASSETS))


def test_pages_inside_pages_stand_alone(shelf: Client) -> None:
    document = """{ databases { edges { node { databaseId assetCount assets(first: 2) {
        totalCount pageInfo { hasNextPage } edges { node { assetId versions(first: 1) { totalCount edges { node {
          comment files(first: 1) { totalCount edges { node { path } } } } } } } } } } } } }"""
    other, shelf_database = (edge["node"] for edge in shelf.one(document)["edges"])
    assert (other["databaseId"], other["assetCount"], other["assets"]["totalCount"]) == ("other", 0, 0)
    assert (shelf_database["assetCount"], shelf_database["assets"]["pageInfo"]) == (23, {"hasNextPage": True})
    first, second = (edge["node"] for edge in shelf_database["assets"]["edges"])
    held = {"totalCount": 4, "edges": [{"node": {"path": "Upper.txt"}}]}
    newest = {"comment": "second", "files": held}
    assert first == {"assetId": "a00", "versions": {"totalCount": 2, "edges": [{"node": newest}]}}
    assert second == {"assetId": "a01", "versions": {"totalCount": 0, "edges": []}}


def test_positions_are_the_cursors_of_events(shelf: Client) -> None:
    document = """query($after: Position) { asset(databaseId: "shelf", assetId: "a00") {
        history(first: 3, after: $after) {
          pageInfo { hasNextPage endCursor } edges { cursor node { position } } } } }"""
    met: list[int] = []
    page: Any = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        page = shelf.one(document, after=page["pageInfo"]["endCursor"])["history"]
        assert [edge["cursor"] for edge in page["edges"]] == [edge["node"]["position"] for edge in page["edges"]]
        met += [int(edge["cursor"]) for edge in page["edges"]]
    assert met == sorted(set(met))
    whole = '{ asset(databaseId: "shelf", assetId: "a00") { history(first: 1000) { totalCount } } }'
    assert shelf.one(whole)["history"]["totalCount"] == len(met)


def cursor(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


BAD_CURSORS = {
    "text": "nonsense",
    "not JSON": cursor("["),
    "an object": cursor('{"a": 1}'),
    "too short": cursor('["shelf"]'),
    "too long": cursor('["shelf", "a00", "more"]'),
    "numbers": cursor("[1, 2]"),
    "a null byte": cursor('["shelf\\u0000", "a00"]'),
    "half a character": cursor('["shelf\\ud800", "a00"]'),
    "empty": "",
}


@pytest.mark.parametrize("name", BAD_CURSORS)
def test_a_cursor_that_is_none_is_refused(shelf: Client, name: str) -> None:
    for arguments in ({"first": 2, "after": BAD_CURSORS[name]}, {"last": 2, "before": BAD_CURSORS[name]}):
        answer = shelf.answer(PAGE, **arguments)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID"], answer


def test_a_cursor_of_another_order_is_refused(shelf: Client) -> None:
    by_time = shelf.one(PAGE, first=2, order=order_by([("CREATED_AT", False)]))["pageInfo"]["endCursor"]
    by_name = shelf.one(PAGE, first=2, order=order_by([("ASSET_NAME", False)]))["pageInfo"]["endCursor"]
    for order, wrong in {"ASSET_ID": by_time, "CREATED_AT": by_name}.items():
        answer = shelf.answer(PAGE, first=2, after=wrong, order=order_by([(order, False)]))
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID"], answer


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"first": -1}, "INVALID"),
        ({"last": -1}, "INVALID"),
        ({"first": 1001}, "LIMIT_EXCEEDED"),
        ({"first": 1, "last": 1}, "INVALID"),
        ({"first": 1, "before": "x"}, "INVALID"),
        ({"order": [{"field": "ASSET_NAME"}, {"field": "ASSET_NAME", "direction": "DESC"}]}, "INVALID"),
    ],
)
def test_a_page_that_cannot_be_is_refused(shelf: Client, arguments: dict[str, Any], code: str) -> None:
    answer = shelf.answer(PAGE, **arguments)
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code], answer


@pytest.mark.parametrize("text", ["a\u0000b", "%s", "{t}", "'; DROP TABLE asset_storage; --", "%(v0)s", "{p}.x", "\\"])
def test_text_of_a_caller_is_only_ever_a_value(shelf: Client, text: str) -> None:
    document = """query($t: String!) { assets(filter: { nameContains: $t, tagsAny: [$t] }) { totalCount }
        asset(databaseId: $t, assetId: $t) { assetId } }"""
    answer = shelf.answer(document, t=text)
    if "\u0000" in text:
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"INVALID"}
    else:
        assert answer == {"data": {"assets": {"totalCount": 0}, "asset": None}}


@pytest.mark.parametrize("as_of", ["{}", '{position: "1", time: "2026-01-01T00:00:00Z"}'])
def test_the_past_is_named_by_exactly_one_of_its_fields(shelf: Client, as_of: str) -> None:
    answer = shelf.answer(f'{{ asset(databaseId: "shelf", assetId: "a00", asOf: {as_of}) {{ assetId }} }}')
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID"]


def test_a_position_that_is_not_reached_in_time_is_said_so(shelf: Client) -> None:
    beyond = shelf.head() + 1000
    answer = shelf.answer(f'{{ asset(databaseId: "shelf", assetId: "a00", atLeast: "{beyond}") {{ assetId }} }}')
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "UNAVAILABLE"
    assert f"tables has not reached position {beyond}" in error["message"]
