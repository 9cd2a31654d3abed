"""GraphiQL in headless Chromium with every other host unreachable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PageFactory
from tests.browser.graphiql import choose_tab, open_explorer, open_graphiql, response, run
from tests.gateway.transport.server import running_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def toy_url() -> Iterator[str]:
    with running_server("tests.browser.toy_server:toy_app") as url:
        yield url


def test_a_query_and_a_subscription_run_without_any_other_host(
    page_factory: PageFactory, toy_url: str, tmp_path: Path
) -> None:
    recorded = page_factory()
    page = recorded.page
    open_graphiql(page, toy_url)

    run(page)
    expect(response(page)).to_contain_text('"label": "reel"'.replace(" ", "\u00a0"), timeout=60_000)
    page.screenshot(path=tmp_path / "query.png")

    choose_tab(page, "Count")
    run(page)
    expect(response(page)).to_contain_text('"count": 3'.replace(" ", "\u00a0"), timeout=60_000)
    open_explorer(page)
    page.screenshot(path=tmp_path / "subscription.png")

    assert recorded.outside(toy_url) == []
    assert recorded.console_errors == []
    assert any(requested.startswith("ws://") for requested in recorded.requested)


def test_the_editor_completes_names_of_the_schema(page_factory: PageFactory, toy_url: str) -> None:
    recorded = page_factory()
    page = recorded.page
    open_graphiql(page, toy_url)
    page.locator(".graphiql-query-editor .view-lines").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("{ plannedL")
    expect(page.locator(".suggest-widget")).to_contain_text("plannedList", timeout=60_000)
    # The workers that know the schema came from the gateway, and their scripts pass the page's own policy.
    assert any("/graphiql/assets/graphql.worker-" in requested for requested in recorded.requested)
    assert recorded.outside(toy_url) == []
    assert recorded.console_errors == []
