"""The product with OpenSearch in place of Postgres for search: the same answers, and a clear word while it is away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.consumers.rebuild import rebuild
from gateway.consumers.verify import verify
from projections.search.opensearch.projection import OpenSearchProjection
from tests.doubles.opensearch import MAJORS, Node, running_node
from tests.gateway.product import Product, product

SEARCH = """query($q: String, $after: String, $at: Position) {
  search(query: $q, first: 2, after: $after, atLeast: $at) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { ... on Asset { assetId } ... on File { path } } } } }"""


@pytest.fixture(scope="module", params=MAJORS)
def node(request: pytest.FixtureRequest) -> Iterator[Node]:
    with running_node(request.param) as running:
        yield running


@pytest.fixture
def searching(node: Node, database_url: str, tmp_path: Path) -> Iterator[Product]:
    with product(database_url, tmp_path, "search", opensearch_url=node.url, read_wait_seconds=40.0) as running:
        yield running


def test_pages_go_on_over_a_rebuild_and_verify_finds_no_difference(searching: Product) -> None:
    client = searching.client
    for number in range(5):
        client.create_asset("films", f"robot-{number}")
    at = str(client.head())
    page = client.one(SEARCH, q="robot", at=at)
    assert page["totalCount"] == 5
    seen = [edge["node"]["assetId"] for edge in page["edges"]]
    projection = searching.parts.projections["search"]
    rebuild(projection, searching.parts.log.feed, searching.parts.pool, progress=lambda _: None)
    while page["pageInfo"]["hasNextPage"]:
        page = client.one(SEARCH, q="robot", after=page["pageInfo"]["endCursor"])
        seen += [edge["node"]["assetId"] for edge in page["edges"]]
    assert seen == [f"robot-{number}" for number in range(5)]
    found = verify(projection, searching.parts.log.feed, searching.parts.pool)
    assert (found.differences, found.row_counts["documents"]) == ((), 5)


def test_while_it_is_down_only_search_waits_and_then_catches_up(searching: Product, node: Node) -> None:
    client = searching.client
    client.create_asset("films", "before")
    node.kill()
    client.create_asset("films", "meanwhile")
    refused = client.answer(SEARCH, q="meanwhile")
    assert refused["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert refused["errors"][0]["message"] == "Search cannot be reached now: try again."
    node.start()
    assert client.one(SEARCH, q="meanwhile", at=str(client.head()))["totalCount"] == 1


def test_nothing_of_search_stays_open_when_the_product_ends(node: Node, database_url: str, tmp_path: Path) -> None:
    with product(database_url, tmp_path, "search", opensearch_url=node.url, read_wait_seconds=40.0) as running:
        assert running.client.one("{ search { totalCount } }") == {"totalCount": 0}
        assert any(thread.name.startswith("opensearch") for thread in threading.enumerate())
        projection = running.parts.projections["search"]
    assert isinstance(projection, OpenSearchProjection)
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("opensearch")]
    assert [connection.pool for connection in projection.indices.client.transport.connection_pool.connections] == [None]
