"""The product's own GraphiQL on a running server, in headless Chromium with every other host unreachable."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import PageFactory
from tests.browser.graphiql import choose_tab, open_graphiql, response, run
from tests.system.client import Client
from tests.system.server import RunningServer, serving
from tests.waiting import eventually

pytestmark = pytest.mark.browser

KEY = "a-long-random-key"
SECONDS = 60_000


@pytest.fixture(scope="module")
def served() -> Iterator[RunningServer]:
    with tempfile.TemporaryDirectory(prefix="interneg-page-") as directory, serving(Path(directory)) as server:
        yield server


@pytest.fixture(scope="module")
def guarded() -> Iterator[RunningServer]:
    with (
        tempfile.TemporaryDirectory(prefix="interneg-page-") as directory,
        serving(Path(directory), api_key=KEY) as server,
    ):
        yield server


@pytest.fixture(scope="module")
def client(served: RunningServer) -> Iterator[Client]:
    with httpx.Client() as http:
        client = Client(served.url, http)
        client.create_asset(
            "demo", "spheres", assetName="Glass spheres", tags=["hero"], metadata=[{"key": "artist", "value": "Ada"}]
        )
        yield client


def _keep(page: Page, name: str) -> None:
    folder = os.environ.get("INTERNEG_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def _json(text: str) -> str:
    """Monaco shows spaces as non-breaking ones."""
    return text.replace(" ", "\u00a0")


def test_the_first_tabs_run_against_the_library_without_any_other_host(
    page_factory: PageFactory, served: RunningServer, client: Client
) -> None:
    recorded = page_factory()
    page = recorded.page
    open_graphiql(page, served.url)
    run(page)
    expect(response(page)).to_contain_text(_json('"assetName": "Glass spheres"'), timeout=SECONDS)
    _keep(page, "product-query")

    choose_tab(page, "Upload")
    run(page)
    expect(response(page)).to_contain_text(_json('"path": "plates/plate.0001.exr"'), timeout=SECONDS)
    _keep(page, "product-mutation")

    choose_tab(page, "Events")
    run(page)
    expect(page.get_by_role("button", name="Stop query")).to_be_visible(timeout=SECONDS)
    eventually(lambda: client.metric("interneg_subscriptions") == 1)
    created = client.create_asset("demo", "cubes")
    expect(response(page)).to_contain_text(_json(f'"position": "{created["position"]}"'), timeout=SECONDS)
    expect(response(page)).to_contain_text(_json('"eventType": "AssetCreated"'))
    _keep(page, "product-subscription")

    assert recorded.outside(served.url) == []
    assert recorded.console_errors == []
    assert served.url.replace("http", "ws", 1) + "/graphql" in recorded.requested


def test_the_page_asks_for_a_key_and_sends_it_both_ways(page_factory: PageFactory, guarded: RunningServer) -> None:
    recorded = page_factory()
    page = recorded.page
    page.goto(f"{guarded.url}/graphiql")
    page.get_by_label("This server wants an API key.").fill("not the key")
    page.get_by_role("button", name="Open GraphiQL").click()
    expect(page.get_by_role("alert")).to_have_text("The server does not know this key.", timeout=SECONDS)
    _keep(page, "product-key")
    page.get_by_label("This server wants an API key.").fill(KEY)
    page.get_by_role("button", name="Open GraphiQL").click()
    expect(page.locator(".graphiql-query-editor .view-lines")).to_be_visible(timeout=SECONDS)
    run(page)
    expect(response(page)).to_contain_text(_json('"totalCount": 0'), timeout=SECONDS)

    choose_tab(page, "Events")
    run(page)
    expect(page.get_by_role("button", name="Stop query")).to_be_visible(timeout=SECONDS)
    with httpx.Client(headers={"authorization": f"Bearer {KEY}"}) as http:
        guest = Client(guarded.url, http)
        eventually(lambda: guest.metric("interneg_subscriptions") == 1)
        guest.create_asset("demo", "spheres")
    expect(response(page)).to_contain_text(_json('"actor": "api-key:configured"'), timeout=SECONDS)

    page.reload()
    expect(page.locator(".graphiql-query-editor .view-lines")).to_be_visible(timeout=SECONDS)
    assert recorded.outside(guarded.url) == []
