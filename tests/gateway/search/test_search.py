"""search through GraphQL: the order of hits, cursors of it, and what is refused."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.product import product
from tests.system.client import Client

SEARCH = """query($q: String, $by: [SearchOrder!], $first: Int, $after: String) {
  search(query: $q, orderBy: $by, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { score node { ... on Asset { assetName } ... on File { path sizeBytes } } } } }"""
SIZES = {"shot_10.exr": 30, "Shot_2.exr": 10, "shot_001.exr": 20}


@pytest.fixture(scope="module")
def client(product_database_url: str) -> Iterator[Client]:
    """Three files in one asset, all of them found."""
    directory = Path(tempfile.mkdtemp(prefix="interneg-search-"))
    with product(product_database_url, directory, "search", read_wait_seconds=40.0) as running:
        client = running.client
        client.create_asset("films", "take", assetName="Zebra")
        client.upload(("films", "take"), {path: b"0" * size for path, size in SIZES.items()})
        at = str(client.head())
        client.one("query($at: Position) { search(atLeast: $at) { totalCount } }", at=at)
        yield client
    shutil.rmtree(directory)


def by(*fields: str) -> list[dict[str, str]]:
    """Falling where a minus sign is in front."""
    return [{"field": f.removeprefix("-"), "direction": "DESC" if f.startswith("-") else "ASC"} for f in fields]


def shown(client: Client, *fields: str, **given: Any) -> list[str]:
    found = client.one(SEARCH, by=by(*fields), **given)
    return [edge["node"].get("assetName") or edge["node"]["path"] for edge in found["edges"]]


def refused(client: Client, **given: Any) -> tuple[str, str]:
    (error,) = client.answer(SEARCH, **given)["errors"]
    return error["extensions"]["code"], error["message"]


def test_hits_are_sorted_by_name_with_numbers_by_their_value(client: Client) -> None:
    assert shown(client, "NAME") == ["shot_001.exr", "Shot_2.exr", "shot_10.exr", "Zebra"]
    assert shown(client, "-NAME") == ["Zebra", "shot_10.exr", "Shot_2.exr", "shot_001.exr"]


def test_hits_are_sorted_by_size_and_assets_come_last(client: Client) -> None:
    assert shown(client, "SIZE") == ["Shot_2.exr", "shot_001.exr", "shot_10.exr", "Zebra"]
    assert shown(client, "-SIZE") == ["shot_10.exr", "shot_001.exr", "Shot_2.exr", "Zebra"]


def test_hits_are_sorted_by_their_last_change(client: Client) -> None:
    oldest_first = shown(client, "UPDATED_AT")
    assert oldest_first[0] == "Zebra"
    assert shown(client, "-UPDATED_AT") == oldest_first[::-1]
    assert shown(client) == oldest_first[::-1]


def test_equal_scores_are_sorted_further(client: Client) -> None:
    assert shown(client, "-SCORE", "-SIZE", q="shot") == ["shot_10.exr", "shot_001.exr", "Shot_2.exr"]


def test_the_direction_is_rising_unless_told_otherwise(client: Client) -> None:
    found = client.one(SEARCH, by=[{"field": "SIZE"}], first=1)
    assert found["edges"][0]["node"] == {"path": "Shot_2.exr", "sizeBytes": 10}


def test_pages_of_an_order_follow_each_other(client: Client) -> None:
    paths: list[str] = []
    after = None
    while True:
        page = client.one(SEARCH, by=by("-SIZE", "NAME"), first=1, after=after)
        paths += [edge["node"].get("assetName") or edge["node"]["path"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert paths == ["shot_10.exr", "shot_001.exr", "Shot_2.exr", "Zebra"]


def test_a_field_given_twice_is_refused(client: Client) -> None:
    assert refused(client, by=by("NAME", "-NAME")) == ("INVALID", "orderBy names a field twice.")


def test_a_cursor_of_another_order_is_refused(client: Client) -> None:
    cursor = client.one(SEARCH, by=by("NAME"), first=1)["pageInfo"]["endCursor"]
    code, message = refused(client, by=by("SIZE"), after=cursor)
    assert (code, message) == (
        "INVALID",
        "The cursor does not belong to this query, filter and order: start again without it.",
    )


def test_an_empty_page_is_refused(client: Client) -> None:
    assert refused(client, first=0) == ("INVALID", "A page has 1 to 100 hits, not 0.")
