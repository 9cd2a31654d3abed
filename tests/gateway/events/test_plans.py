"""The log is asked by indexes, and so are lists of the past: what a page costs does not grow with the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.gateway.events.explaining import explained
from tests.gateway.product import Product

EVENTS_GROWN, ASSETS_GROWN, STATES_GROWN = 60_000, 10_000, 4_000
PAGE = 50
EVENTS = """query($filter: EventFilter, $after: Position, $last: Int, $first: Int) {
  events(filter: $filter, after: $after, first: $first, last: $last) { edges { node { position } } } }"""
ASSETS = """query($d: String, $filter: AssetFilter, $order: [AssetOrder!], $asOf: AsOf) {
  assets(databaseId: $d, filter: $filter, orderBy: $order, asOf: $asOf, first: 50) {
    pageInfo { endCursor } edges { node { assetId assetName } } } }"""
STORY = """query($after: Position) { asset(databaseId: "long", assetId: "story") {
  history(first: 50, after: $after) { edges { node { position changes { field before after } } } } } }"""
START = "2024-01-01T12:00:00Z"
END = "2024-01-01T12:03:20Z"
"""Half a day, and so 43 200 events, into the log, and 200 events later."""


@pytest.fixture(scope="module")
def large(library: Product, product_database_url: str) -> Iterator[tuple[Product, psycopg.Connection[Any]]]:
    """A product whose tables were filled by hand with a long log."""
    grown = Path(__file__).with_name("grown.sql").read_text("utf-8")
    sizes = {"events": EVENTS_GROWN, "assets": ASSETS_GROWN, "states": STATES_GROWN}
    with psycopg.connect(product_database_url, autocommit=True) as connection:
        psycopg.ClientCursor(connection).execute(grown.encode(), sizes)
        connection.execute("SET search_path TO tables")
        yield library, connection


@pytest.mark.parametrize(
    ("wanted", "index", "most"),
    [
        ({"actors": ["user:rare"]}, "log_index_actor", PAGE + 1),
        ({"eventTypes": ["AssetArchived"]}, "log_index_type", PAGE + 1),
        ({"topics": ["asset-archived"]}, "log_index_type", PAGE + 1),
        ({"eventTypes": ["AssetArchived", "AssetDescribed"]}, "log_index_type", 200),
        ({"databaseId": "db7"}, "log_index_database", 2 * PAGE + 2),
        ({"databaseId": "db7", "assetId": "a7"}, "log_index_asset", 3 * PAGE),
        ({"assetId": "a7"}, "log_index_asset", 3 * PAGE),
        ({"path": "f7"}, "log_index_path", 10),
        ({"databaseId": "db7", "assetId": "a7", "path": "f7"}, "log_index_asset", 20),
        ({"correlationIds": ["r77"]}, "log_index_correlation", 4),
        ({"correlationIds": ["r77", "r10000"]}, "log_index_correlation", 8),
        ({"recordedAtGte": START}, "log_index_clock", PAGE + 20),
        ({"recordedAtGte": START, "recordedAtLt": END}, "log_index_clock", PAGE + 20),
        ({"positionGte": "50000", "positionLte": "50010"}, "log_index_pkey", 20),
        ({"recordedAtGte": START, "recordedAtLt": END, "actors": ["user:u3"]}, "log_index_clock", 250),
        ({"recordedAtGte": START, "recordedAtLt": END, "eventTypes": ["AssetArchived"]}, "log_index_clock", 250),
        ({"recordedAtGte": START, "databaseId": "db7", "assetId": "a7"}, "log_index_asset", 3 * PAGE),
        ({"actors": ["user:rare"], "eventTypes": ["AssetArchived"]}, "log_index_actor", 150),
        ({"actors": ["user:u7"], "databaseId": "db7", "assetId": "a7"}, "log_index_asset", 3 * PAGE),
        ({"databaseId": "db0", "eventTypes": ["AssetArchived"]}, "log_index_type", 3_200),
        ({"correlationIds": ["r77"], "actors": ["user:u7"], "positionLte": "50000"}, "log_index_correlation", 4),
    ],
    ids=str,
)
def test_a_filter_of_events_reads_an_index_and_hardly_more_than_its_page(
    large: tuple[Product, psycopg.Connection[Any]], wanted: Any, index: str, most: int
) -> None:
    product, connection = large
    for values in ({"first": PAGE}, {"last": PAGE}):
        found = explained(product.client, connection, EVENTS, filter=wanted, **values)
        assert index in found.scans, found
        assert not any(scan.startswith("Seq Scan") for scan in found.scans), found
        assert found.visited <= most, found


def test_the_end_of_an_interval_of_time_does_not_read_the_rest_of_the_log(
    large: tuple[Product, psycopg.Connection[Any]],
) -> None:
    product, connection = large
    wanted = {"recordedAtGte": "2024-01-01T01:00:00Z", "recordedAtLt": "2024-01-01T01:03:20Z"}
    found = explained(product.client, connection, EVENTS, filter=wanted, first=1000)
    assert found.visited <= 250, found


@pytest.mark.parametrize(
    ("values", "index"),
    [
        ({}, "asset_storage_history_pkey"),
        ({"d": "db7"}, "asset_storage_history_pkey"),
        ({"order": [{"field": "ASSET_NAME"}]}, "asset_name_order_then"),
        ({"order": [{"field": "CREATED_AT"}]}, "asset_created_order_then"),
        ({"order": [{"field": "UPDATED_AT"}]}, "asset_updated_order_then"),
        ({"filter": {"tagsAny": ["rare"]}}, "asset_tags_then"),
    ],
    ids=str,
)
def test_a_list_of_the_past_reads_an_index_of_the_history(
    large: tuple[Product, psycopg.Connection[Any]], values: Any, index: str
) -> None:
    product, connection = large
    found = explained(product.client, connection, ASSETS, asOf={"time": "2024-01-01T03:00:00Z"}, **values)
    assert index in found.scans, found
    assert not any(scan.startswith("Seq Scan") for scan in found.scans), found
    assert found.visited <= 8 * PAGE, found


def test_the_changes_of_a_page_cost_what_the_page_holds(large: tuple[Product, psycopg.Connection[Any]]) -> None:
    product, connection = large
    found = explained(product.client, connection, STORY, after=str(EVENTS_GROWN + 2_500))
    assert found.visited <= 6 * PAGE, found
    assert not any(scan.startswith("Seq Scan") for scan in found.scans), found
