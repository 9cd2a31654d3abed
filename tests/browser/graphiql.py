"""Drives the GraphiQL page as a person would."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def open_graphiql(page: Page, url: str) -> None:
    """Load the page, and wait until it has read the schema."""
    page.goto(f"{url}/graphiql")
    expect(page.locator(".graphiql-query-editor .view-lines")).to_be_visible(timeout=60_000)
    expect(page.locator(".graphiql-spinner")).to_have_count(0, timeout=60_000)


def open_explorer(page: Page) -> None:
    page.get_by_role("button", name="GraphiQL Explorer").first.click()
    expect(page.locator(".graphiql-explorer-root")).to_be_visible()


def choose_tab(page: Page, title: str) -> None:
    """Show the tab of the operation `title`.

    GraphiQL notices a changed text a tenth of a second later, and until then would run the operation before
    it. Right before it notices, it stores the text.
    """
    page.get_by_role("tab", name=title).click()
    page.wait_for_function("title => localStorage.getItem('graphiql:query')?.includes(title)", arg=title)


def run(page: Page) -> None:
    page.get_by_role("button", name="Execute query").click()


def response(page: Page) -> Locator:
    """The response pane; its text has Monaco's non-breaking spaces."""
    return page.locator(".graphiql-response .view-lines")
