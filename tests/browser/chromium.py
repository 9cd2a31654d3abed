"""Headless Chromium with no way out of the machine, and a record of everything a page did."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Request, WebSocket, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def find_chromium() -> str | None:
    """The system's Chromium; Playwright's own download is not used."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass
class RecordedPage:
    """A page and what it did since it was opened."""

    page: Page
    requested: list[str] = field(default_factory=list)
    """The URL of every request and WebSocket."""
    console_errors: list[str] = field(default_factory=list)
    """Console messages of the level error, and exceptions that nothing caught."""

    def outside(self, url: str) -> list[str]:
        """The requests that went anywhere but to the server at `url` or to the page's own memory."""
        own = (f"{url}/", url.replace("http", "ws", 1) + "/", "data:", "blob:")
        return [requested for requested in self.requested if not requested.startswith(own)]


PageFactory = Callable[[], RecordedPage]


@contextmanager
def chromium_pages(executable: str, profile: Path) -> Iterator[PageFactory]:
    """Run Chromium with an empty profile and yield a function that opens a page in it."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=executable,
            args=FLAGS,
            viewport={"width": 1400, "height": 900},
        )
        try:
            yield lambda: _recorded(context)
        finally:
            context.close()


def _recorded(context: BrowserContext) -> RecordedPage:
    recorded = RecordedPage(context.new_page())

    def on_request(request: Request) -> None:
        recorded.requested.append(request.url)

    def on_websocket(socket: WebSocket) -> None:
        recorded.requested.append(socket.url)

    # Requests are heard on the context, because those of workers belong to no page.
    context.on("request", on_request)
    recorded.page.on("websocket", on_websocket)
    recorded.page.on("pageerror", lambda error: recorded.console_errors.append(str(error)))
    recorded.page.on(
        "console",
        lambda message: recorded.console_errors.append(message.text) if message.type == "error" else None,
    )
    return recorded
